"""SQL through the worker: Databricks' dialect, values, parameters, errors, limits, cancelling, sessions."""

import json
import os
import re
import tempfile
import unittest

from processes import Worker
from statements import STATEMENTS

worker = None


def setUpModule():
    global worker
    worker = Worker()


def tearDownModule():
    worker.close()


class Dialect(unittest.TestCase):
    def test_every_statement_in_one_session(self):
        with tempfile.TemporaryDirectory() as folder:
            csv = os.path.join(folder, "orders.csv")
            with open(csv, "w", encoding="utf-8") as file:
                file.write("id,amount\n10,1.5\n11,2.5\n")
            for statement in STATEMENTS:
                with self.subTest(statement.name, sql=statement.sql):
                    sql = statement.sql.replace("{csv}", csv)
                    rows = worker.rows(sql, "dialect", params=list(statement.params or []))
                    if callable(statement.expect):
                        self.assertTrue(statement.expect(rows), rows)
                    elif statement.expect is not None:
                        self.assertEqual(sorted(rows) if statement.unordered else rows, statement.expect)

    def test_there_are_no_transactions_and_nothing_pretends_so(self):
        for sql, condition in (
            ("BEGIN TRANSACTION", "TRANSACTION_NOT_SUPPORTED"),
            ("-- note\nstart /* a */ transaction;", "TRANSACTION_NOT_SUPPORTED"),
            ("begin work", "TRANSACTION_NOT_SUPPORTED"),
            ("COMMIT", "NO_ACTIVE_TRANSACTION"),
            ("SET AUTOCOMMIT = FALSE", "TRANSACTION_NOT_SUPPORTED"),
        ):
            with self.subTest(sql):
                self.assertEqual(worker.sql(sql)["error_class"], condition)
        for sql in ("ROLLBACK", "SET AUTOCOMMIT = TRUE", "BEGIN SELECT 1; END"):
            with self.subTest(sql):
                worker.rows(sql)

    def test_values_of_generated_columns_are_not_the_users(self):
        worker.rows("CREATE TABLE own (id BIGINT GENERATED ALWAYS AS IDENTITY, a INT, b INT GENERATED ALWAYS AS (a + 1))")
        for sql, condition in (
            ("INSERT INTO own (id, a) VALUES (7, 1)", "DELTA_IDENTITY_COLUMNS_EXPLICIT_INSERT_NOT_SUPPORTED"),
            ("INSERT INTO own (a, b) VALUES (1, 7)", "CHECK_CONSTRAINT_VIOLATION"),
        ):
            with self.subTest(sql):
                self.assertEqual(worker.sql(sql)["error_class"], condition)
        self.assertEqual(worker.rows("SELECT * FROM own"), [])
        worker.rows("INSERT INTO own (a) VALUES (1)")
        for sql in (
            "UPDATE own SET b = 7",
            "UPDATE own SET a = 4, b = 2",
            "MERGE INTO own USING (SELECT 1) ON false WHEN NOT MATCHED THEN INSERT (a, b) VALUES (1, 7)",
        ):
            with self.subTest(sql):
                self.assertEqual(worker.sql(sql)["error_class"], "UNSUPPORTED_FEATURE.LOCAL_TABLE")
        self.assertEqual(worker.rows("SELECT a, b FROM own"), [["1", "2"]])

    def test_privileges_are_refused_as_spark_would(self):
        event = worker.sql("GRANT SELECT ON TABLE t TO `users`")
        self.assertEqual(
            (event["ev"], event["error_class"], event["sql_state"]), ("error", "UNSUPPORTED_FEATURE", "0A000")
        )

    def test_functions_and_catalogs_are_there_in_other_sessions(self):
        worker.rows("CREATE CATALOG other")
        worker.rows("CREATE FUNCTION other.default.twice(x INT) RETURNS INT RETURN x * 2")
        self.assertEqual(worker.rows("SELECT other.default.twice(21)", "another"), [["42"]])
        self.assertIn(["other"], worker.rows("SHOW CATALOGS"))
        self.assertEqual(worker.sql("DROP CATALOG main")["error_class"], "UNSUPPORTED_FEATURE")
        worker.rows("DROP CATALOG other CASCADE")

    def test_what_is_rewritten_is_code(self):
        """Never a string, a comment or a quoted name."""
        worker.rows("CREATE FUNCTION addone(x INT) RETURNS INT RETURN x + 1", "text")
        sql = """SELECT addone(1), 'addone(1)', "addone(2)", r'addone(\\', /* addone(3) /* */ */ iff(true, 'iff(1)', `x:y`)
            FROM (SELECT 'raw:a' AS `x:y`) -- addone(4)"""
        event = worker.sql(sql, "text")
        self.assertEqual(event["rows"], [["2", "addone(1)", "addone(2)", "addone(\\", "iff(1)"]], event)
        self.assertEqual(event["columns"][0]["name"], "main.default.addone(1)")
        self.assertEqual(
            worker.rows("SELECT addone(2) AS n, 'read_files(''x'')' AS s", "text"), [["3", "read_files('x')"]])
        worker.rows("CREATE TABLE addone (`a b` INT)", "text")
        worker.rows("/* a note */ INSERT INTO addone (`a b`) SELECT iff(true, addone(1), 0)", "text")
        self.assertEqual(len(worker.rows("-- a note\nOPTIMIZE addone -- another", "text")), 1)
        self.assertIn("main.default.addone", worker.sql("SELECT addone('x', 2)", "text")["message"].replace("`", ""))

    def test_a_function_outlives_the_engine(self):
        with tempfile.TemporaryDirectory() as folder:
            first = Worker(folder)
            first.rows("CREATE FUNCTION `t w o`(x INT) RETURNS INT RETURN x + 2", "s")
            first.rows("CREATE FUNCTION IF NOT EXISTS `t w o`(x INT) RETURNS INT RETURN x + 3", "s")
            # One that is refused is not kept.
            self.assertEqual(first.sql("CREATE FUNCTION bad(x INT) RETURNS INT RETURN nowhere(x)", "s")["ev"], "error")
            first.close()
            second = Worker(folder)
            self.assertEqual(second.rows("SELECT `t w o`(2)", "s"), [["4"]])
            self.assertEqual(second.sql("SELECT bad(2)", "s")["error_class"], "UNRESOLVED_ROUTINE")
            second.close()

    def test_names_that_need_quotes(self):
        name = "`p ``q'.r`"
        worker.rows(f"CREATE TABLE part (id INT, {name} STRING) PARTITIONED BY ({name})")
        worker.rows("INSERT INTO part VALUES (1, 'a'), (2, 'b')")
        self.assertEqual(worker.rows(f"SELECT id FROM part WHERE {name} = 'b'"), [["2"]])
        self.assertEqual(worker.rows("SHOW PARTITIONS part"), [["p `q'.r=a"], ["p `q'.r=b"]])
        worker.rows(f"UPDATE part SET id = 3 WHERE {name} = 'a'")
        worker.rows(f"ALTER TABLE part RENAME COLUMN {name} TO `s t`")
        self.assertEqual(worker.rows("SELECT id, `s t` FROM part ORDER BY id"), [["2", "b"], ["3", "a"]])

    def test_files_whose_options_hold_brackets(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "it's (1).csv")
            with open(path, "w", encoding="utf-8") as file:
                file.write("id)amount\n10)1.5\n")
            quoted = path.replace("'", "\\'")
            sql = f"SELECT * FROM read_files('{quoted}', format => 'csv', sep => ')', header => true) -- read_files('x')"
            self.assertEqual(worker.rows(sql), [["10", "1.5"]])
            worker.rows("CREATE TABLE copied (id INT, amount DOUBLE)")
            options = "FORMAT_OPTIONS ('header' = 'true', 'sep' = ')') COPY_OPTIONS ('mergeSchema' = 'true')"
            worker.rows(f"COPY INTO copied FROM '{quoted}' FILEFORMAT = CSV {options}")
            self.assertEqual(worker.rows("SELECT * FROM copied"), [["10", "1.5"]])

    def test_volumes(self):
        worker.rows("CREATE VOLUME main.default.landing", "text")
        self.assertEqual(
            worker.sql("CREATE VOLUME landing", "text")["error_class"], "VOLUME_ALREADY_EXISTS")
        worker.rows("CREATE VOLUME IF NOT EXISTS landing", "text")
        self.assertEqual(worker.rows("SHOW VOLUMES IN main.default", "text"), [["default", "landing"]])
        self.assertEqual(worker.rows("DESCRIBE VOLUME landing", "text")[0][4], "/Volumes/main/default/landing")
        folder = os.path.join(worker.folder, "dbfs", "Volumes", "main", "default", "landing")
        with open(os.path.join(folder, "a.csv"), "w", encoding="utf-8") as file:
            file.write('id,said\n1,"x, ""y"""\nnone,z\n')
        path = "/Volumes/main/default/landing/a.csv"
        typed = "schema => 'id INT, said STRING', mode => 'DROPMALFORMED', header => true, escape => '\"'"
        self.assertEqual(worker.rows(f"SELECT * FROM read_files('{path}', format => 'csv', {typed})"), [["1", 'x, "y"']])
        worker.rows("CREATE TABLE landed (said STRING, id BIGINT)", "text")
        select = f"SELECT try_cast(id AS BIGINT) AS id, said FROM '{path}' WHERE id <> '('"
        worker.rows(
            f"COPY INTO landed FROM ({select}) FILEFORMAT = CSV FORMAT_OPTIONS ('header' = 'true', 'escape' = '\"')", "text")
        self.assertEqual(worker.rows("SELECT * FROM landed ORDER BY said", "text"), [['x, "y"', "1"], ["z", None]])
        self.assertEqual(worker.sql("SELECT * FROM read_files('/Volumes/main/default/none/x.csv')")["error_class"], "PATH_NOT_FOUND")
        worker.rows("DROP VOLUME landing", "text")
        self.assertEqual(worker.rows("SHOW VOLUMES", "text"), [])

    def test_a_struct_type_is_not_taken_for_a_json_path(self):
        self.assertEqual(worker.rows("SELECT CAST(NULL AS struct<x:int>) AS s"), [[None]])


class Values(unittest.TestCase):
    CASES = (
        ("CAST(1 AS TINYINT)", "TINYINT", "BYTE", "1"),
        ("9223372036854775807", "BIGINT", "LONG", "9223372036854775807"),
        ("CAST(1.5 AS FLOAT)", "FLOAT", "FLOAT", "1.5"),
        ("1e20D", "DOUBLE", "DOUBLE", "1.0E20"),
        ("double('NaN')", "DOUBLE", "DOUBLE", "NaN"),
        ("double('-inf')", "DOUBLE", "DOUBLE", "-Infinity"),
        ("CAST(1.50 AS DECIMAL(10, 3))", "DECIMAL(10,3)", "DECIMAL", "1.500"),
        ("CAST(0 AS DECIMAL(38, 18))", "DECIMAL(38,18)", "DECIMAL", "0.000000000000000000"),
        ("true", "BOOLEAN", "BOOLEAN", "true"),
        ("''", "STRING", "STRING", ""),
        ("'é漢字🥐\"\\\\\\n\\u0001'", "STRING", "STRING", 'é漢字🥐"\\\n\x01'),
        ("X'CAFE'", "BINARY", "BINARY", "yv4="),
        ("DATE'2024-01-02'", "DATE", "DATE", "2024-01-02"),
        ("DATE'12024-01-02'", "DATE", "DATE", "+12024-01-02"),
        ("TIMESTAMP'2024-01-02 03:04:05.123456'", "TIMESTAMP", "TIMESTAMP", "2024-01-02T03:04:05.123Z"),
        ("TIMESTAMP_NTZ'2024-01-02 03:04:05'", "TIMESTAMP_NTZ", "TIMESTAMP_NTZ", "2024-01-02T03:04:05.000"),
        ("INTERVAL '1-2' YEAR TO MONTH", "INTERVAL YEAR TO MONTH", "INTERVAL", "INTERVAL '1-2' YEAR TO MONTH"),
        ("NULL", "VOID", "NULL", None),
        ("array(1, NULL, 3)", "ARRAY<INT>", "ARRAY", '["1",null,"3"]'),
        ("map('k', 1.5)", "MAP<STRING, DECIMAL(2,1)>", "MAP", '{"k":"1.5"}'),
        (
            "named_struct('A', 1, 'b', array(DATE'2024-01-01'), 'c', NULL)",
            "STRUCT<A: INT, b: ARRAY<DATE>, c: VOID>",
            "STRUCT",
            '{"A":"1","b":["2024-01-01"],"c":null}',
        ),
        ("parse_json('{\"a\":[1,null]}')", "VARIANT", "VARIANT", '{"a":[1,null]}'),
    )

    def test_each_type(self):
        for sql, type_text, type_name, cell in self.CASES:
            with self.subTest(sql):
                event = worker.sql(f"SELECT {sql} AS c", "values")
                column = event["columns"][0]
                self.assertEqual((column["type_text"], column["type_name"]), (type_text, type_name))
                self.assertEqual(event["rows"], [[cell]])

    def test_timestamps_follow_the_session_time_zone(self):
        worker.rows("SET TIME ZONE 'America/Los_Angeles'", "zone")
        self.assertEqual(
            worker.rows("SELECT TIMESTAMP'2021-01-01 10:00:00'", "zone"), [["2021-01-01T10:00:00.000-08:00"]]
        )

    def test_a_command_gets_native_values(self):
        results = worker.sql(
            "SELECT 1 AS i, 1.50BD AS d, double('NaN') AS n, true AS b, array(1) AS a, map('k', 1L) AS m, "
            "named_struct('x', 1, 'y', 'z') AS s, TIMESTAMP'2024-01-01 00:00:00' AS t, NULL AS v",
            "values",
            results="command",
        )["results"]
        self.assertEqual(
            results["data"],
            [[1, "1.50", "NaN", True, [1], {"k": 1}, [1, "z"], "2024-01-01T00:00:00.000Z", None]],
        )
        types = [json.loads(column["type"]) for column in results["schema"]]
        self.assertEqual(types[:4], ["integer", "decimal(3,2)", "double", "boolean"])
        self.assertEqual(types[4]["type"], "array")


class Statements(unittest.TestCase):
    def test_changes_answer_with_row_counts(self):
        def answer(sql):
            event = worker.sql(sql, "counts")
            return {column["name"]: cell for column, cell in zip(event["columns"], event["rows"][0], strict=True)}

        worker.rows("CREATE OR REPLACE TABLE main.default.counted (id INT, v STRING)", "counts")
        self.assertEqual(
            answer("INSERT INTO counted VALUES (1, 'a'), (2, 'b'), (3, 'c')"),
            {"num_affected_rows": "3", "num_inserted_rows": "3"},
        )
        self.assertEqual(answer("UPDATE counted SET v = 'x' WHERE id > 1"), {"num_affected_rows": "2"})
        self.assertEqual(answer("DELETE FROM counted WHERE id = 1"), {"num_affected_rows": "1"})
        merged = answer(
            "MERGE INTO counted t USING (SELECT explode(array(3, 9)) AS id) s ON t.id = s.id "
            "WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT (id) VALUES (s.id)"
        )
        self.assertEqual((merged["num_deleted_rows"], merged["num_inserted_rows"]), ("1", "1"))
        self.assertEqual(worker.rows("SELECT id FROM counted ORDER BY id", "counts"), [["2"], ["9"]])
        self.assertEqual(answer("DELETE FROM counted"), {"num_affected_rows": "2"})
        self.assertEqual(answer("DELETE FROM counted"), {"num_affected_rows": "0"})
        self.assertEqual(worker.rows("TRUNCATE TABLE counted", "counts"), [])

    def test_parameters(self):
        parameters = [
            {"name": "a", "value": "41", "type": "INT"},
            {"name": "s", "value": "it's"},
            {"name": "n", "type": "DATE"},
        ]
        self.assertEqual(worker.rows("SELECT :a + 1, :s, :n", params=parameters), [["42", "it's", None]])
        self.assertEqual(worker.rows("SELECT ?", params=[{"value": "7", "type": "BIGINT"}]), [["7"]])
        wrong = worker.sql("SELECT :a", params=[{"name": "a", "value": "x", "type": "INT"}])
        self.assertEqual(wrong["error_class"], "CAST_INVALID_INPUT")
        self.assertEqual(worker.sql("SELECT :missing")["error_class"], "UNBOUND_SQL_PARAMETER")

    def test_errors_keep_the_caret_and_lose_the_stack(self):
        cases = (
            ("SELEC 1", "PARSE_SYNTAX_ERROR", "42601"),
            ("SELECT 1 / 0", "DIVIDE_BY_ZERO", "22012"),
            ("SELECT 1 / (id - id) FROM range(3)", "DIVIDE_BY_ZERO", "22012"),
            ("SELECT * FROM nowhere", "TABLE_OR_VIEW_NOT_FOUND", "42P01"),
            ("SELECT nope FROM range(1)", "UNRESOLVED_COLUMN.WITH_SUGGESTION", "42703"),
        )
        for sql, condition, state in cases:
            with self.subTest(sql):
                event = worker.sql(sql)
                self.assertEqual((event["error_class"], event["sql_state"]), (condition, state))
                self.assertIn(f"[{condition}]", event["message"])
                self.assertNotRegex(event["message"], r"\bat org\.|JVM stacktrace|Project \[")
        self.assertTrue(worker.sql("SELEC 1")["message"].endswith("== SQL ==\nSELEC 1\n^^^"))

    def test_catalog_and_schema_are_for_one_statement(self):
        sql = "SELECT current_catalog(), current_schema()"
        self.assertEqual(worker.rows(sql, "placed", catalog="samples", schema="nyctaxi"), [["samples", "nyctaxi"]])
        self.assertEqual(worker.rows(sql, "placed"), [["main", "default"]])
        self.assertEqual(worker.sql(sql, catalog="nope")["error_class"], "CATALOG_NOT_FOUND")

    def test_limits(self):
        event = worker.sql("SELECT * FROM range(100)", row_limit=10)
        self.assertEqual((event["row_count"], event["truncated"]), (10, True))
        event = worker.sql("SELECT * FROM range(10)", row_limit=10)
        self.assertEqual((event["row_count"], event["truncated"]), (10, False))
        event = worker.sql("SELECT id, repeat('x', 100) FROM range(100)", byte_limit=1000)
        self.assertTrue(event["truncated"] and 0 < event["byte_count"] <= 1002, event)

    def test_a_large_result_comes_in_chunk_files(self):
        with tempfile.TemporaryDirectory() as folder:
            event = worker.sql("SELECT id, repeat('x', 200) AS s FROM range(0, 100000, 1, 1)", dir=folder)
            self.assertNotIn("rows", event)
            self.assertGreater(len(event["chunks"]), 1)
            seen = 0
            for index, chunk in enumerate(event["chunks"]):
                self.assertEqual((chunk["chunk_index"], chunk["row_offset"]), (index, seen))
                self.assertEqual(os.path.getsize(chunk["file"]), chunk["byte_count"])
                with open(chunk["file"], encoding="utf-8") as file:
                    rows = json.load(file)
                self.assertEqual((len(rows), rows[0][0]), (chunk["row_count"], str(seen)))
                seen += len(rows)
            self.assertEqual((seen, event["row_count"], event["truncated"]), (100000, 100000, False))

    def test_samples_are_there_and_read_only(self):
        self.assertEqual(worker.rows("SELECT count(*) FROM samples.nyctaxi.trips"), [["5000"]])
        self.assertEqual(
            worker.rows("SELECT name FROM samples.bakehouse.customers LIMIT 2"), [["Ada Byron"], ["山田 花子"]]
        )
        for sql in (
            "DELETE FROM samples.nyctaxi.trips",
            "DROP TABLE samples.nyctaxi.trips",
            "CREATE SCHEMA samples.mine",
            "INSERT INTO samples.bakehouse.shops (shop_id) VALUES (7)",
        ):
            with self.subTest(sql):
                self.assertEqual(worker.sql(sql)["error_class"], "UNSUPPORTED_FEATURE.READ_ONLY")

    def test_tables_and_views_are_listed_with_the_temporary_ones(self):
        def listed(sql):
            event = worker.sql(sql, "listing")
            self.assertNotEqual(event["ev"], "error", event)
            return [column["name"] for column in event["columns"]], sorted(event["rows"])

        for sql in (
            "CREATE SCHEMA main.listing",
            "USE SCHEMA listing",
            "CREATE TABLE stored (id INT)",
            "CREATE VIEW kept AS SELECT 1 AS x",
            "CREATE TEMP VIEW passing AS SELECT 1 AS x",
        ):
            worker.rows(sql, "listing")
        stored = ["listing", "stored", "false"]
        kept, passing = ["listing", "kept", "false"], ["", "passing", "true"]
        tables, views = ["database", "tableName", "isTemporary"], ["namespace", "viewName", "isTemporary"]
        for sql, names, rows in (
            ("SHOW TABLES", tables, [passing, kept, stored]),
            ("-- mine\nshow /* all */ tables in main.listing;", tables, [passing, kept, stored]),
            ("SHOW TABLES FROM default LIKE 'PASS*'", tables, [passing]),
            ("SHOW TABLES 'st*|pass*'", tables, [passing, stored]),
            ("SHOW TABLES LIKE 'none'", tables, []),
            ("SHOW VIEWS", views, [passing, kept]),
            ("SHOW VIEWS IN listing LIKE 'k*'", views, [kept]),
        ):
            with self.subTest(sql):
                self.assertEqual(listed(sql), (names, rows))
        self.assertEqual(listed("SHOW TABLE EXTENDED LIKE 'stored'")[0], tables + ["information"])
        # Temporary views are the session's own, and so is the error Spark's own.
        self.assertNotIn(passing, worker.rows("SHOW TABLES IN main.listing", "another"))
        self.assertEqual(worker.sql("SHOW TABLES IN nowhere", "listing")["error_class"], "SCHEMA_NOT_FOUND")

    def test_information_schema(self):
        rows = worker.rows(
            "SELECT column_name, full_data_type FROM samples.information_schema.columns "
            "WHERE table_name = 'sales' ORDER BY ordinal_position LIMIT 2"
        )
        self.assertEqual(rows, [["sale_id", "bigint"], ["customer_id", "bigint"]])


class Measures(unittest.TestCase):
    def test_a_statement_says_what_it_cost(self):
        key = worker.submit("SELECT count(*) FROM samples.bakehouse.sales WHERE total > 1")
        self.assertEqual(worker.last(key)["ev"], "done")
        cost = worker.event(key)
        self.assertEqual(cost["ev"], "measured")
        for name in ("rows_read_count", "read_bytes", "compilation_time_ms", "task_total_time_ms", "read_files_bytes"):
            self.assertGreater(cost[name], 0, name)
        self.assertEqual((cost["read_files_count"], cost["pruned_files_count"], cost["spill_to_disk_bytes"]), (1, 0, 0))
        self.assertGreaterEqual(cost["total_time_ms"], cost["execution_time_ms"])

    def test_a_statement_that_reads_nothing(self):
        key = worker.submit("CREATE OR REPLACE TEMP VIEW measured AS SELECT 1")
        self.assertEqual(worker.last(key)["ev"], "done")
        cost = worker.event(key)
        self.assertEqual((cost["ev"], cost["read_bytes"], cost["read_files_count"]), ("measured", 0, 0))


class Cancelling(unittest.TestCase):
    LONG = "SELECT count(*) FROM range(1000000000000) WHERE sqrt(id) < 0"

    def test_a_running_and_a_waiting_statement(self):
        running = worker.submit(self.LONG, "cancelled")
        waiting = worker.submit("SELECT 1", "cancelled")
        self.assertEqual(worker.event(running)["ev"], "running")
        worker.send("cancel", id=waiting)
        self.assertEqual(worker.last(waiting)["ev"], "canceled")
        # A short statement of another session is not kept waiting by the long one.
        self.assertEqual(worker.rows("SELECT count(*) FROM range(10)"), [["10"]])
        worker.send("cancel", id=running)
        self.assertEqual(worker.last(running)["ev"], "canceled")
        self.assertEqual(worker.rows("SELECT 2", "cancelled"), [["2"]])

    def test_a_long_statement_says_how_far_it_is(self):
        running = worker.submit(self.LONG, "long")
        while (event := worker.event(running))["ev"] != "progress":
            pass
        self.assertGreater(event["tasks"], 0)
        self.assertLessEqual(event["tasks_left"], event["tasks"])
        self.assertGreaterEqual(min(event["rows_read"], event["bytes_read"]), 0)
        worker.send("cancel", id=running)
        self.assertEqual(worker.last(running)["ev"], "canceled")

    def test_closing_a_session_cancels_and_forgets(self):
        worker.rows("CREATE TEMP VIEW mine AS SELECT 1", "closed")
        running = worker.submit(self.LONG, "closed")
        self.assertEqual(worker.event(running)["ev"], "running")
        worker.send("session.close", session="closed")
        self.assertEqual(worker.last(running)["ev"], "canceled")
        self.assertEqual(worker.sql("SELECT * FROM mine", "closed")["ev"], "error")


class Scala(unittest.TestCase):
    def test_a_scala_command_shares_the_session(self):
        worker.rows("CREATE TEMP VIEW five AS SELECT 5 AS five", "scala")
        self.assertEqual(worker.scala("val x = 20", "scala")["results"]["data"], "x: Int = 20")
        self.assertIn("25", worker.scala('spark.table("five").as[Int].first + x', "scala")["results"]["data"])
        self.assertEqual(worker.scala('display(sql("select 1 as a"))', "scala")["results"]["data"], [[1]])
        failed = worker.scala("1 / 0", "scala")["results"]
        self.assertEqual(
            (failed["resultType"], failed["summary"]), ("error", "java.lang.ArithmeticException: / by zero")
        )

    def test_values_are_echoed_without_their_keyword(self):
        cases = (
            # The interpreter's own opening leaves no echo behind.
            ("println()", ""),
            ("val a = 42", "a: Int = 42"),
            ("var b = 1.5", "b: Double = 1.5"),
            ("1 + 1", "res1: Int = 2"),
            ("lazy val c = 1", "c: Int = <lazy>"),
            ('val (d, e) = (1, "$1")', "d: Int = 1\ne: String = $1"),
            ('val f = "one\\nval two: three"', "f: String =\none\nval two: three"),
            ("val `a b` = Map(1 -> 2)", "a b: scala.collection.immutable.Map[Int,Int] = Map(1 -> 2)"),
            ("val h: Int => Int = _ + 1; h(1)", None),
            ("def g(a: Int) = a", "def g(a: Int): Int"),
            # What the code prints itself is left as it is.
            ('println("val p: Int = 1")', "val p: Int = 1"),
        )
        for code, echo in cases:
            with self.subTest(code):
                data = worker.scala(code, "echo")["results"]["data"]
                if echo is None:
                    self.assertTrue(data.startswith("h: Int => Int = ") and re.search(r"\nres\d+: Int = 2$", data), data)
                else:
                    self.assertEqual(data, echo)


if __name__ == "__main__":
    unittest.main()
