"""How the engine's processes begin and end: nothing waits that need not, nothing is left, nothing is lost."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

from processes import Context, Worker

SERVER = """
import sys, time
sys.path.insert(0, {tests!r})
from processes import Context, Worker
worker = Worker({folder!r})
context = Context(worker, "c")
worker.rows("select 1")
context.run("spark.range(1).count()")
context.submit("import subprocess; subprocess.Popen(['sleep', '600'])\\nimport time; time.sleep(600)")
worker.send("guard", pid=context.process.pid)
print("ready", flush=True)
time.sleep(600)
"""


def processes_of(folder):
    """Every process whose command line or working directory is in the folder."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", "rb") as file:
                line = file.read().decode("utf-8", "replace")
            if folder in line or os.readlink(f"/proc/{name}/cwd").startswith(folder):
                found.append((int(name), line.split("\0")[0]))
        except OSError:
            continue
    return found


def wait_until_none(folder, seconds=20):
    """What is left of them after they had time to end."""
    pause = threading.Event()
    for _ in range(seconds * 10):
        if not processes_of(folder):
            return []
        pause.wait(0.1)
    return processes_of(folder)


class Life(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="dbsh-life-")
        self.addCleanup(folder.cleanup)
        self.folder = os.path.realpath(folder.name)

    def test_python_runs_before_the_engine_is_there(self):
        worker = Worker(self.folder)
        self.addCleanup(worker.close)
        context = Context(worker, "early", attach=False)
        self.addCleanup(context.close)
        self.assertEqual(context.run("1 + 1")["data"], "2")
        waiting = context.submit("spark.range(3).count()")
        self.assertEqual(context.event(waiting)["ev"], "running")
        context.send("attach", **worker.gateway)
        self.assertEqual(context.last(waiting)["results"]["data"], "3")

    def test_code_that_waits_for_spark_is_told_when_there_will_be_none(self):
        worker = Worker(self.folder)
        self.addCleanup(worker.close)
        context = Context(worker, "refused", attach=False)
        self.addCleanup(context.close)
        waiting = context.submit("spark.range(3).count()")
        self.assertEqual(context.event(waiting)["ev"], "running")
        context.send("unavailable", message="Java is not there.")
        self.assertIn("Java is not there.", context.last(waiting)["results"]["summary"])
        self.assertEqual(context.run("2 + 2")["data"], "4")

    def test_a_context_that_dies_takes_nobody_along(self):
        worker = Worker(self.folder)
        self.addCleanup(worker.close)
        first, second = Context(worker, "first"), Context(worker, "second")
        self.addCleanup(first.close)
        self.addCleanup(second.close)
        second.run("kept = spark.range(4).count()")
        first.submit("import os; os._exit(3)")
        self.assertTrue(first.ended.wait(20))
        self.assertEqual(second.run("kept")["data"], "4")
        self.assertEqual(worker.rows("SELECT 1"), [["1"]])

    def test_tables_and_functions_outlive_the_engine(self):
        worker = Worker(self.folder)
        worker.rows("CREATE TABLE main.default.kept (a INT, b STRUCT<x: INT>) COMMENT 'c'")
        worker.rows("INSERT INTO main.default.kept VALUES (1, named_struct('x', 2))")
        worker.rows("UPDATE main.default.kept SET a = 5")
        worker.rows("CREATE VIEW main.default.seen AS SELECT a FROM main.default.kept")
        worker.rows("CREATE FUNCTION main.default.twice(x INT) RETURNS INT RETURN x * 2")
        worker.close()
        again = Worker(self.folder)
        self.addCleanup(again.close)
        self.assertEqual(again.rows("SELECT main.default.twice(a) FROM main.default.seen"), [["10"]])
        self.assertEqual(again.rows("SELECT a FROM main.default.kept VERSION AS OF 1"), [["1"]])

    def test_nothing_is_left_when_the_server_is_killed(self):
        tests = os.path.dirname(os.path.abspath(__file__))
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER.format(tests=tests, folder=self.folder)], stdout=subprocess.PIPE
        )
        self.addCleanup(server.stdout.close)
        self.assertEqual(server.stdout.readline(), b"ready\n")
        self.assertGreaterEqual(len(processes_of(self.folder)), 4)
        server.kill()
        server.wait()
        self.assertEqual(wait_until_none(self.folder), [])

    def test_the_jvm_is_in_the_workers_process_group(self):
        """So that whoever ends the group, as the server and its guard do, ends both."""
        worker = Worker(self.folder)
        self.addCleanup(worker.close)
        self.assertIsNotNone(worker.gateway)
        self.assertEqual(os.getpgid(self.java()), os.getpgid(worker.process.pid))

    def test_a_jvm_that_hangs_is_ended(self):
        worker = Worker(self.folder)
        self.assertIsNotNone(worker.gateway)
        os.kill(self.java(), signal.SIGSTOP)
        worker.close()
        self.assertEqual(processes_of(self.folder), [])

    def java(self):
        return next(number for number, program in processes_of(self.folder) if program.endswith("/java"))

    def test_a_dead_jvm_is_reported(self):
        # A query is planned and then read; a command has run when it is planned.
        endless = "SELECT count(*) AS n FROM range(1000000000000) WHERE sqrt(id) < 0"
        for statement in (endless, f"CREATE TABLE never AS {endless}"):
            with self.subTest(statement):
                worker = Worker(self.folder)
                self.addCleanup(worker.close)
                running = worker.submit(statement)
                while worker.event(running)["ev"] != "progress":
                    pass
                os.kill(self.java(), signal.SIGKILL)
                event = worker.last(running)
                self.assertEqual((event["ev"], event.get("error_class")), ("error", "LOCAL_ENGINE_UNAVAILABLE"))
                self.assertIn("ended with status -9", worker.event("boot.died")["message"])
                self.assertEqual(worker.process.wait(20), 3)


if __name__ == "__main__":
    unittest.main()
