"""Python and SQL commands whose Spark is reached over Spark Connect, at the engine's own endpoint."""

import json
import subprocess
import time
import unittest

from processes import ConnectContext, Worker, installation

SLOW = "spark.range(0, 100000000000, 1, 4).selectExpr('(id ^ 7) % 5 as x').filter('x = 3').count()"

worker = None
context = None


def setUpModule():
    global worker, context
    worker = Worker()
    context = ConnectContext(worker, "first")


def tearDownModule():
    context.close()
    worker.close()


def text(code):
    """What a Python command prints or fails with."""
    results = context.run(code)
    return f"{results.get('data', '')}{results.get('cause', '')}"


def rows(statement, **members):
    results = context.run(statement, "sql", **members)
    return results["data"] if results["resultType"] == "table" else results


def operations():
    """How many operations run, or Spark jobs: an operation can end without its jobs."""
    jobs = worker.scala("println(spark.sparkContext.statusTracker.getActiveJobIds.size)", "jobs")["results"]["data"]
    return len(worker.serve_connect("first")["operations"]) + int(jobs)


class Commands(unittest.TestCase):
    def test_python_needs_no_spark(self):
        self.assertEqual(text("1 + 1"), "2")

    def test_every_type(self):
        statement = (
            "select 1Y b, 1.1F f, double('nan') n, 12345678901234567.10BD d, date'2024-02-29' da, "
            "timestamp'2024-01-01 10:00:00.123456' ts, timestamp_ntz'2024-01-01 10:00:00' ntz, X'CAFE' bin, "
            "interval '1-2' year to month ym, interval '3 4:05:06' day to second ds, array(1, null) a, map('k', 1) m, "
            "named_struct('x', 1, 'y', 2) s, parse_json('{\"a\":[1]}') v, null nu, "
            "array(named_struct('q', 1.5BD)) n2, 1 b"
        )
        wanted = [1, 1.1, "NaN", "12345678901234567.10", "2024-02-29", "2024-01-01T10:00:00.123Z"]
        wanted += ["2024-01-01T10:00:00.000", "yv4=", "INTERVAL '1-2' YEAR TO MONTH"]
        wanted += ["INTERVAL '3 04:05:06' DAY TO SECOND", [1, None], {"k": 1}, [1, 2], '{"a":[1]}', None, [["1.5"]], 1]
        self.assertEqual(rows(statement), [wanted])

    def test_parameters_have_types(self):
        arguments = [{"name": "a", "value": "41", "type": "INT"}, {"name": "b", "value": None, "type": "DATE"}]
        self.assertEqual(rows("select :a + 1 as x, :b as y", arguments=arguments), [[42, None]])
        wrong = rows("select 'it\\'s' as q, :a as x", arguments=[{"name": "a", "value": "x'y", "type": "INT"}])
        self.assertIn("[CAST_INVALID_INPUT]", wrong["summary"])

    def test_sql_and_python_share_the_session(self):
        text("spark.range(7).createOrReplaceTempView('seven')")
        self.assertEqual(rows("select count(*) from seven"), [[7]])
        self.assertEqual(text("_sqldf.collect()[0][0]"), "7")
        self.assertEqual(context.run("%sql select count(*) as n from seven")["data"], [[7]])
        self.assertEqual(
            text("from pyspark.sql import SparkSession; SparkSession.builder.getOrCreate() is spark"), "True"
        )

    def test_statements_without_a_result(self):
        self.assertEqual(rows("create or replace temporary view one as select 1"), [])
        self.assertEqual(rows("set x.y = 1"), [["x.y", "1"]])

    def test_display(self):
        table = context.run("print('before'); display(spark.range(3))")
        self.assertEqual((table["data"], table["text"]), ([[0], [1], [2]], "before"))
        table = context.run("import pandas as pd\ndisplay(pd.DataFrame({'a': [1, 2], 'b': ['x', None]}))")
        self.assertEqual(table["data"], [[1, "x"], [2, None]])
        table = context.run("display(spark.range(10001))")
        self.assertEqual((len(table["data"]), table["truncated"]), (10_000, True))
        picture = context.run("import matplotlib.pyplot as plt; plt.plot([1, 2])")
        self.assertTrue(picture["fileName"].startswith("data:image/png;base64,"))

    def test_errors_are_short(self):
        error = text("spark.sql('select 1/0').collect()")
        self.assertIn("SQLSTATE: 22012", error)
        self.assertLess(len(error.splitlines()), 20)
        missing = context.run("select * from nowhere", "sql")
        self.assertIn("[TABLE_OR_VIEW_NOT_FOUND]", missing["summary"])
        self.assertNotIn("Traceback", missing["cause"])

    def test_statements_of_databricks_are_refused_with_the_reason(self):
        for statement in ("use catalog samples", "describe history samples.nyctaxi.trips", "select * from read_files('/x')"):
            with self.subTest(statement):
                self.assertIn("plain Spark, which lacks this statement", context.run(statement, "sql")["summary"])
        self.assertNotIn("plain Spark", context.run("selec 1", "sql")["summary"])

    def test_files_of_dbsh_are_not_in_the_way_of_the_users_own(self):
        code = "import importlib.util as u; [n for n in ('session', 'errors', 'connect', 'run', 'protocol') if u.find_spec(n)]"
        self.assertEqual(text(code), "[]")

    def test_what_is_not_there_says_so(self):
        self.assertIn("r does not run over Spark Connect", context.run("1", "r")["summary"])
        for code in ("dbutils.notebook.run('x')", "dbutils.fs.mount('a', 'b')", "%fs mount a b", "dbutils.secrets.put('a')"):
            with self.subTest(code):
                self.assertRegex(text(code), "(needs a notebook on the workspace|not available in the local workspace)\\n?$")
        self.assertIn("no SparkContext over Spark Connect", text("sc"))
        self.assertIn("no SparkContext over Spark Connect", text("sc.parallelize([1])"))
        self.assertEqual(text("dbutils.widgets.text('w', 'v'); print(dbutils.widgets.get('w'))"), "v")
        self.assertEqual(context.run("dbutils.notebook.exit(5)")["data"], "5")

    def test_secrets_are_not_shown(self):
        code = """
class Remote:
    def get(self, scope, key): return 'a "quoted" word'
    def getBytes(self, scope, key): return b'some bytes'
dbutils._secrets._remote = Remote
word, data = dbutils._secrets.get('s', 'k'), dbutils._secrets.getBytes('s', 'k')
print(word, data, len(word))"""
        self.assertEqual(text(code), "[REDACTED] b'[REDACTED]' 15")
        self.assertEqual(text("word"), "'[REDACTED]'")
        self.assertNotIn("quoted", str(context.run("raise ValueError(word)")))
        self.assertEqual(context.run("display(spark.createDataFrame([(word, 1)]))")["data"], [["[REDACTED]", 1]])

    def test_a_function_of_python_runs_on_the_server(self):
        versions = installation("connect")["python_version"], installation()["python"]
        server = subprocess.run([versions[1], "--version"], capture_output=True, text=True).stdout.split()[1]
        code = "from pyspark.sql.functions import udf\nprint(spark.range(3).select(udf(lambda x: x * 2, 'long')('id').alias('d')).collect())"
        if server.startswith(versions[0] + "."):
            self.assertIn("Row(d=4)", text(code))
        else:
            self.assertIn("PYTHON_VERSION_MISMATCH", text(code))
        message = "[PYTHON_VERSION_MISMATCH] Python in worker has different version: 3.7 than that in driver: 3.6, PySpark …"
        other = context.run(f"raise RuntimeError({message!r})")
        self.assertIn("needs the same version of Python here: it has 3.7 there and 3.", other["summary"])
        self.assertIn("DBSH_CONNECT_PYTHON", other["cause"])


class Cancelling(unittest.TestCase):
    def test_the_server_stops_too(self):
        threaded = f"import threading\nt = threading.Thread(target=lambda: {SLOW})\nt.start()\nt.join()"
        for code in (SLOW, threaded):
            with self.subTest(code):
                command = context.submit("print('begun')\n" + code)
                while context.event(command)["ev"] != "out":
                    pass
                while not worker.serve_connect("first")["operations"]:
                    pass
                context.send("cancel", id=command)
                self.assertTrue(context.last(command)["canceled"])
                while operations() > 0:
                    time.sleep(0.05)
        self.assertTrue(text("spark.range(3).count()").endswith("3"))

    def test_code_that_handles_every_error_too(self):
        code = "import time\nwhile True:\n    try:\n        time.sleep(0.01)\n    except Exception:\n        pass"
        command = context.submit("print('begun')\n" + code)
        while context.event(command)["ev"] != "out":
            pass
        context.send("cancel", id=command)
        self.assertTrue(context.last(command)["canceled"])

    def test_python_without_spark(self):
        command = context.submit("print('begun')\nimport time; time.sleep(600)")
        while context.event(command)["ev"] != "out":
            pass
        context.send("cancel", id=command)
        self.assertTrue(context.last(command)["canceled"])


class Credentials(unittest.TestCase):
    def tearDown(self):
        context.token = "first"
        worker.serve_connect("first")

    def test_an_expired_token_is_refused_in_words(self):
        worker.serve_connect("first", end=1)
        self.assertIn("The access token has expired.", text("spark.range(3).count()"))

    def test_a_refused_token_is_replaced_unseen(self):
        text("spark.range(4).createOrReplaceTempView('four')")
        worker.serve_connect("second")
        context.token = "second"
        asked = len(context.asked)
        self.assertEqual(rows("select count(*) from four"), [[4]])
        self.assertEqual(context.asked[asked:], [True])

    def test_none_to_be_had(self):
        text("spark.range(1).count()")
        worker.serve_connect("third")
        context.token = None
        self.assertIn("not signed in: the token has expired", text("spark.range(3).count()"))
        context.token = "third"
        self.assertEqual(text("spark.range(3).count()"), "3")


class LostSessions(unittest.TestCase):
    def test_what_is_lost_is_said_and_the_rest_goes_on(self):
        text("df = spark.range(5); kept = 42; spark.range(2).createOrReplaceTempView('gone')")
        text("spark.client.release_session()")
        lost = context.run("df.count()")
        self.assertIn("session on the workspace has ended", lost["summary"])
        self.assertIn("make them again: df", lost["cause"])
        self.assertEqual(text("kept, spark.range(5).count()"), "(42, 5)")
        self.assertIn("make them again: df", text("df.count()"))
        self.assertIn("TABLE_OR_VIEW_NOT_FOUND", rows("select * from gone")["summary"])


class Ending(unittest.TestCase):
    def test_the_end_stops_what_runs(self):
        other = ConnectContext(worker, "first")
        command = other.submit(SLOW)
        while operations() == 0:
            time.sleep(0.05)
        other.close()
        while operations() > 0:
            time.sleep(0.05)
        self.assertNotIn(command, other.asked)


class Endpoint(unittest.TestCase):
    def test_it_wants_a_token_and_the_name_of_the_compute(self):
        port = worker.serve_connect("first")["port"]
        program = """
import sys
from pyspark.sql import SparkSession
try:
    SparkSession.builder.remote(sys.argv[1]).getOrCreate().range(3).count()
    print("ok")
except Exception as error:
    print(error)
"""
        session = "00112233-4455-4667-8899-aabbccddeeff"
        # The client sends a token without TLS to this host name alone.
        whole = f"sc://localhost:{port}/;token=first;session_id={session};x-databricks-session-id={session}"
        for words, wanted in (
            (whole, "ok"),
            (whole.replace("token=first", "token=other"), "The token is not valid"),
            (whole.partition(";x-databricks")[0], "says which compute"),
        ):
            with self.subTest(words):
                run = subprocess.run(
                    [installation("connect")["python"], "-c", program, words], capture_output=True, text=True
                )
                self.assertIn(wanted, run.stdout + json.dumps(run.stderr))
