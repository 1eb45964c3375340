"""Results as Arrow IPC streams in chunk files, read back by pyarrow."""

import json
import subprocess
import unittest

from processes import Worker, installation

worker = None

# Run by the engine's own Python, which has pyarrow.
READER = """
import json, sys, pyarrow
files = [pyarrow.ipc.open_stream(name).read_all() for name in sys.argv[1:]]
print(json.dumps({"rows": [[str(v) if v is not None else None for v in row]
                           for file in files
                           for row in zip(*[column.to_pylist() for column in file.columns])],
                  "counts": [file.num_rows for file in files],
                  "names": files[0].schema.names, "types": [str(type) for type in files[0].schema.types]}))
"""


def setUpModule():
    global worker
    worker = Worker()


def tearDownModule():
    worker.close()


class Arrow(unittest.TestCase):
    def read(self, sql, **members):
        event = worker.sql(sql, format="arrow", **members)
        self.assertEqual(event["ev"], "done", event)
        chunks = event["chunks"]
        command = [installation()["python"], "-c", READER, *[chunk["file"] for chunk in chunks]]
        content = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        self.assertEqual([chunk["row_count"] for chunk in chunks], content["counts"])
        self.assertEqual(event["row_count"], len(content["rows"]))
        self.assertEqual([chunk["chunk_index"] for chunk in chunks], list(range(len(chunks))))
        offsets = [sum(content["counts"][:index]) for index in range(len(chunks))]
        self.assertEqual([chunk["row_offset"] for chunk in chunks], offsets)
        return event, content

    def test_rows_and_types(self):
        sql = "SELECT id, id * 2 AS id, CAST(id AS STRING) AS `text`, CAST(NULL AS DECIMAL(10,2)) AS n FROM range(3)"
        event, content = self.read(sql)
        self.assertEqual(content["names"], ["id", "id", "text", "n"])
        self.assertEqual(content["types"], ["int64", "int64", "string", "decimal128(10, 2)"])
        self.assertEqual(content["rows"], [[str(n), str(2 * n), str(n), None] for n in range(3)])
        self.assertEqual([column["type_name"] for column in event["columns"]], ["LONG", "LONG", "STRING", "DECIMAL"])

    def test_many_rows_in_order_in_several_chunks(self):
        event, content = self.read("SELECT id, repeat('x', 60) AS pad FROM range(500000)")
        self.assertGreater(len(event["chunks"]), 1)
        self.assertEqual([row[0] for row in content["rows"]], [str(n) for n in range(500000)])

    def test_no_rows_still_have_a_schema(self):
        event, content = self.read("SELECT id FROM range(10) WHERE id > 10")
        self.assertEqual((content["names"], content["counts"]), (["id"], [0]))

    def test_limits(self):
        for limits, rows in (({"row_limit": 15000}, 15000), ({"row_limit": 20}, 20), ({"byte_limit": 1}, 1)):
            with self.subTest(**limits):
                event, content = self.read("SELECT id FROM range(100000)", **limits)
                self.assertEqual((content["counts"], event["truncated"]), ([rows], True))
        event, _ = self.read("SELECT id FROM range(100)", row_limit=100)
        self.assertFalse(event["truncated"])

    def test_statements_without_a_table(self):
        event = worker.sql("CREATE TABLE arrow_counts (x INT)", format="arrow")
        self.assertEqual((event["columns"], event["rows"]), ([], []))
        _, content = self.read("INSERT INTO arrow_counts VALUES (1), (2)")
        self.assertEqual((content["names"][0], content["rows"][0][0]), ("num_affected_rows", "2"))

    def test_failures_are_those_of_the_statement(self):
        event = worker.sql("SELECT raise_error('no') FROM range(10)", format="arrow")
        self.assertEqual((event["ev"], event["error_class"]), ("error", "USER_RAISED_EXCEPTION"))

    def test_cancelling(self):
        key = worker.submit("SELECT count(*) FROM range(1e12) a JOIN range(1e6) b ON a.id % 7 = b.id % 5", format="arrow")
        self.assertEqual(worker.event(key)["ev"], "running")
        worker.send("cancel", id=key)
        self.assertEqual(worker.last(key)["ev"], "canceled")


if __name__ == "__main__":
    unittest.main()
