"""Results as CSV in chunk files, read back by Python's csv."""

import csv
import unittest

from processes import Worker

worker = None


def setUpModule():
    global worker
    worker = Worker()


def tearDownModule():
    worker.close()


class CSV(unittest.TestCase):
    def read(self, sql, **members):
        event = worker.sql(sql, format="csv", **members)
        self.assertEqual(event["ev"], "done", event)
        rows, offset = [], 0
        for index, chunk in enumerate(event["chunks"]):
            with open(chunk["file"], "rb") as file:
                content = file.read()
            self.assertEqual((chunk["chunk_index"], chunk["row_offset"]), (index, offset))
            self.assertEqual(chunk["byte_count"], len(content))
            self.assertTrue(content.endswith(b"\r\n"), content[-10:])
            found = list(csv.reader(content.decode().splitlines(keepends=True)))
            self.assertEqual(chunk["row_count"], len(found) - (index == 0))
            offset += chunk["row_count"]
            rows += found
        self.assertEqual((event["row_count"], event["byte_count"]), (offset, sum(c["byte_count"] for c in event["chunks"])))
        return event, rows

    def test_every_text_comes_back(self):
        _, rows = self.read("""SELECT 'a,b' AS `x,"y"`, 'say "hi"' AS b, 'two\nlines' AS c, '' AS d, 'é漢👍' AS e,
            1.50 AS f, array(1, 2) AS g""")
        self.assertEqual(rows, [['x,"y"', *"bcdefg"], ["a,b", 'say "hi"', "two\nlines", "", "é漢👍", "1.50", '["1","2"]']])

    def test_null_is_the_word(self):
        _, rows = self.read("SELECT concat('id-', id) AS strCol, id AS intCol, null AS nullCol FROM range(3)")
        self.assertEqual(rows, [["strCol", "intCol", "nullCol"]] + [[f"id-{n}", str(n), "null"] for n in range(3)])

    def test_many_rows_in_order_in_several_chunks_under_one_header(self):
        event, rows = self.read("SELECT id, repeat('x', 60) AS pad FROM range(500000)")
        self.assertGreater(len(event["chunks"]), 1)
        self.assertEqual([row[0] for row in rows], ["id", *map(str, range(500000))])

    def test_no_rows_still_have_a_header(self):
        event, rows = self.read("SELECT id FROM range(10) WHERE id > 10")
        self.assertEqual((rows, event["row_count"]), ([["id"]], 0))

    def test_row_limit(self):
        event, rows = self.read("SELECT id FROM range(100)", row_limit=20)
        self.assertEqual((len(rows), event["truncated"]), (21, True))

    def test_statements_without_a_table(self):
        event = worker.sql("CREATE TABLE csv_counts (x INT)", format="csv")
        self.assertEqual((event["columns"], event["rows"]), ([], []))
        _, rows = self.read("INSERT INTO csv_counts VALUES (1), (2)")
        self.assertEqual((rows[0][0], rows[1][0]), ("num_affected_rows", "2"))


if __name__ == "__main__":
    unittest.main()
