"""The engine's worker: SQL and Scala over JSON lines. Usage: run.py worker WORKSPACE_DIR (see PROTOCOL.md)."""

import os
import signal
import subprocess
import sys
import threading
import time

started = time.monotonic()

from py4j.protocol import Py4JError  # noqa: E402

from .commands import scala_results  # noqa: E402
from .engine import Engine  # noqa: E402
from .errors import SQLError, sql_error  # noqa: E402
from .guarded import Guarded  # noqa: E402
from .installation import Installation, Workspace, clean_environment  # noqa: E402
from .jobs import Job, Lane  # noqa: E402
from .jvm import is_no_answer  # noqa: E402
from .measures import measures  # noqa: E402
from .open_jobs import OpenJobs  # noqa: E402
from .progress import INTERVAL, progress  # noqa: E402
from .protocol import Channel  # noqa: E402
from .session import Session  # noqa: E402
from .statement_results import command_results, statement_results, warm_up  # noqa: E402

# Spark's own exit status for it (SparkExitCode.OOM).
OUT_OF_MEMORY = 52


class Worker:
    """The message loop and what it starts."""

    def __init__(self, folder):
        self.channel = Channel()
        self._jobs = OpenJobs(self.channel)
        self.workspace = Workspace(folder)
        self.engine = Engine(Installation.of_this_program(), self.workspace)
        self.booted = threading.Event()
        self._boot_error = None
        self._lock = threading.Lock()
        self._lanes = {}
        self._closing = {}
        self._guarded = Guarded()

    # Life ---------------------------------------------------------------------------------------------------------

    def main(self):
        threading.Thread(target=self._boot, daemon=True, name="boot").start()
        for message in self.channel.messages():
            handler = getattr(self, "_on_" + message["op"].replace(".", "_"), None)
            if message["op"] == "exit":
                break
            if handler is not None:
                handler(message)
        self._end(0)

    def _boot(self):
        try:
            self.engine.start(self._stage)
            self.channel.send("gateway", port=self.engine.jvm.port, secret=self.engine.jvm.secret)
            self._stage("ready")
            self.booted.set()
        except Exception as error:
            self._boot_error = str(error)
            self.channel.send("boot", stage="failed", message=self._boot_error, s=self._seconds())
            self.booted.set()
            self._jobs.fail_all(self._boot_error)
            self._end(1)
        self._warm_up()
        status = self.engine.jvm.wait()
        message = f"The local engine's Java process ended with status {status}."
        if status == OUT_OF_MEMORY:
            message = "The local engine ran out of memory. DBSH_ENGINE_MEMORY=4g gives it more than the 1g it has by default."
        self.channel.send("boot", stage="died", message=message, s=self._seconds())
        self._jobs.fail_all(message)
        self._end(3)

    def _warm_up(self):
        """Runs one statement while nobody waits for it, so that the planner's classes are loaded before the first one
        that counts.
        """
        if not self._jobs:
            try:
                warm_up(self.engine.scala, Session(self.engine.session(), self.workspace).frame("SELECT 1"))
            except (SQLError, ConnectionError, Py4JError):
                pass

    def _end(self, status):
        self._guarded.end()
        self.engine.stop()
        os._exit(status)

    def _seconds(self):
        return round(time.monotonic() - started, 2)

    def _stage(self, name):
        self.channel.send("boot", stage=name, s=self._seconds())

    # Messages -----------------------------------------------------------------------------------------------------

    def _on_sql(self, message):
        job = Job(message)
        name = message.get("session")
        self._jobs.add(job)
        with self._lock:
            if name is None:
                lane = Lane(self, None)
                lane.add(job)
                lane.close()
                return
            if name not in self._lanes:
                self._lanes[name] = Lane(self, name, before=self._closing.pop(name, None))
            self._lanes[name].add(job)

    _on_scala = _on_sql

    def _on_cancel(self, message):
        job = self._jobs.cancel(message["id"])
        if job is not None:
            threading.Thread(target=self._interrupt, args=(job,), daemon=True).start()

    def _interrupt(self, job):
        """Stops the jobs of a statement, again and again, because it may be about to start one."""
        # Not cancelJobGroupAndFutureJobs: a job that is refused before it starts can leave adaptive execution waiting
        # for it for ever.
        while job in self._jobs:
            self.engine.context._jsc.sc().cancelJobGroup(job.id)
            if job.message["op"] == "scala":
                self.engine.scala.ScalaRepl.interrupt(job.message["session"])
            job.finished.wait(0.2)

    def _on_session_close(self, message):
        with self._lock:
            lane = self._lanes.pop(message["session"], None)
            if lane is not None:
                self._closing = {name: one for name, one in self._closing.items() if not one.over.is_set()}
                self._closing[lane.name] = lane
        for job in self._jobs.of_session(message["session"]):
            self._on_cancel({"id": job.id})
        if lane is not None:
            lane.close()
        elif self.booted.is_set():
            # Made by the context's Python alone.
            threading.Thread(target=self.forget, args=(message["session"],), daemon=True).start()

    def forget(self, name):
        """Lets the JVM drop the session of that name."""
        if self.engine.spark is not None:
            self.engine.scala.Sessions.close(name)

    def _on_connect(self, message):
        threading.Thread(target=self._serve_connect, args=(message,), daemon=True).start()

    def _serve_connect(self, message):
        """Opens the Spark Connect endpoint (once), or only says who may use it from now on."""
        self.booted.wait()
        try:
            if self._boot_error is not None:
                raise RuntimeError(self._boot_error)
            port, operations = self.engine.serve_connect(message["tokens"])
            self.channel.send("connect", id=message["id"], port=port, operations=operations)
        except Exception as error:
            self.channel.send("connect", id=message["id"], error=sql_error(error).message)

    def _on_guard(self, message):
        self._guarded.add(message["pid"])

    def _on_unguard(self, message):
        self._guarded.remove(message["pid"])

    # Running ------------------------------------------------------------------------------------------------------

    def run(self, job, lane):
        """Runs a job on its lane's thread and answers it."""
        if self._boot_error is not None or not self._jobs.begin(job):
            return
        try:
            if job.message["op"] == "scala":
                self._run_scala(job, lane)
            else:
                self._run_sql(job, lane.session)
        except Exception as error:
            if job.cancelled:
                self._jobs.answer_cancelled(job)
            elif not self._jvm_has_ended(error):  # else _boot answers, which knows how it ended
                self._jobs.answer_error(job, sql_error(error))

    def _jvm_has_ended(self, error):
        if not is_no_answer(error):
            return False
        try:
            self.engine.jvm.process.wait(1)
            return True
        except subprocess.TimeoutExpired:
            return False

    def _run_sql(self, job, session):
        message, context, begun = job.message, self.engine.context, time.monotonic()
        session.activate()
        context.setJobGroup(job.id, "statement", True)
        context.setLocalProperty("dbsh.statement", job.id)
        # A pool of its own gives each statement its fair share of the slots.
        context.setLocalProperty("spark.scheduler.pool", job.id)
        if not job.is_command:
            threading.Thread(target=self._tell_progress, args=(job,), daemon=True).start()
        with session.placed(message.get("catalog"), message.get("schema")):
            frame = session.frame(message["sql"], message.get("params"))
            counts = self.engine.scala.RowCounts.take(job.id, frame._jdf)
            if job.is_command:
                results = command_results(self.engine.scala, message.get("session"), frame, counts)
                self._jobs.answer_command(job, results)
            else:
                directory = message.get("dir") or os.path.join(self.workspace.results, job.id)
                columns, body = statement_results(self.engine.scala, frame, counts, message, directory)
                self._jobs.answer_statement(job, columns, body)
                self._tell_measures(job, frame, begun)

    def _tell_measures(self, job, frame, begun):
        """Says what a statement cost, on another thread: nobody waits for that."""
        times = (job.milliseconds, round((time.monotonic() - begun) * 1000))

        def tell():
            try:
                self.channel.send("measured", id=job.id, **measures(self.engine.context, job.id, frame, *times))
            except (OSError, Py4JError):
                pass  # the JVM has ended, or the plan is of a kind that tells nothing

        threading.Thread(target=tell, daemon=True).start()

    def _tell_progress(self, job):
        """Says once in a while how far a statement is, until it has ended."""
        while not job.finished.wait(INTERVAL):
            try:
                numbers = progress(self.engine.context, job.id)
            except (OSError, Py4JError):
                return  # the JVM has ended: that is told elsewhere
            if numbers is not None and not job.finished.is_set():
                self.channel.send("progress", id=job.id, **numbers)

    def _run_scala(self, job, lane):
        if lane.repl is None:
            lane.session  # made here, so that closing the lane closes it
            lane.repl = self.engine.scala.ScalaRepl(lane.name, self.engine.class_folder)
        status, text, table = lane.repl.run(job.message["code"], job.id)
        if job.cancelled:
            self._jobs.answer_cancelled(job)
        else:
            self._jobs.answer_command(job, scala_results(status, text, table))


def main():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clean_environment()
    Worker(sys.argv[1]).main()
