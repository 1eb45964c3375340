"""The engine's worker: SQL and Scala over JSON lines. Usage: worker.py WORKSPACE_DIR (see PROTOCOL.md)."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time

started = time.monotonic()

from py4j.protocol import Py4JNetworkError  # noqa: E402

import arrow_result  # noqa: E402
from commands import CANCELLED, error_results, scala_results  # noqa: E402
from columns import count_column, manifest_column  # noqa: E402
from engine import Engine  # noqa: E402
from errors import SQLError, sql_error  # noqa: E402
from installation import Installation, Workspace, clean_environment  # noqa: E402
from progress import INTERVAL, progress  # noqa: E402
from protocol import Channel, to_json  # noqa: E402
from session import Session  # noqa: E402

INLINE_BYTES = 4 << 20
CHUNK_BYTES = 16 << 20
COMMAND_ROWS = 10_000
COMMAND_BYTES = 2 << 20
# Spark's own exit status for it (SparkExitCode.OOM).
OUT_OF_MEMORY = 52
ROW_COUNTS = ("num_affected_rows", "num_updated_rows", "num_deleted_rows", "num_inserted_rows")


def members(values):
    """The members of a JSON object, without braces."""
    return to_json(values)[1:-1]


class Job:
    """A statement or a Scala command, from its message to its last event."""

    def __init__(self, message):
        self.message = message
        self.id = message["id"]
        self.running = False
        self.cancelled = False
        self.finished = threading.Event()
        self.since = time.monotonic()

    @property
    def is_command(self):
        return self.message["op"] == "scala" or self.message.get("results") == "command"

    @property
    def milliseconds(self):
        return round((time.monotonic() - self.since) * 1000)


class Lane:
    """The jobs of one session, run one after the other on a thread of their own."""

    def __init__(self, worker, name):
        self.name = name
        self.repl = None
        self._worker = worker
        self._session = None
        self._jobs = queue.SimpleQueue()
        threading.Thread(target=self._run, daemon=True, name=f"session {name}").start()

    def add(self, job):
        self._jobs.put(job)

    def close(self):
        self._jobs.put(None)

    @property
    def session(self):
        if self._session is None:
            worker = self._worker
            self._session = Session(worker.engine.session(self.name), worker.workspace)
        return self._session

    def _run(self):
        self._worker.booted.wait()
        while (job := self._jobs.get()) is not None:
            self._worker.run(job, self)
        if self.repl is not None:
            self.repl.close()
        if self.name is not None:
            self._worker.forget(self.name)


class Worker:
    """The message loop and what it starts."""

    def __init__(self, folder):
        self.channel = Channel()
        self.workspace = Workspace(folder)
        self.engine = Engine(Installation.of_this_program(), self.workspace)
        self.booted = threading.Event()
        self._boot_error = None
        self._lock = threading.Lock()
        self._jobs = {}
        self._lanes = {}
        self._guarded = {}

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
            self._fail_open_jobs(self._boot_error)
            self._end(1)
        self._warm_up()
        status = self.engine.jvm.wait()
        message = f"The local engine's Java process ended with status {status}."
        if status == OUT_OF_MEMORY:
            message = "The local engine ran out of memory. DBSH_ENGINE_MEMORY=4g gives it more than the 1g it has by default."
        self.channel.send("boot", stage="died", message=message, s=self._seconds())
        self._fail_open_jobs(message)
        self._end(3)

    def _warm_up(self):
        """Runs one statement while nobody waits for it, so that the planner's classes are loaded before the first one
        that counts.
        """
        if not self._jobs:
            try:
                frame = Session(self.engine.session(), self.workspace).frame("SELECT 1")
                self.engine.scala.Results.statement(frame._jdf, "", INLINE_BYTES, CHUNK_BYTES, 0, 0)
            except SQLError:
                pass

    def _end(self, status):
        for descriptor, process in list(self._guarded.values()):
            # The descriptor tells whether the process is still the one we were told of, and not a later one of the same
            # number.
            try:
                signal.pidfd_send_signal(descriptor, 0)
                os.killpg(process, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        self.engine.stop()
        os._exit(status)

    def _seconds(self):
        return round(time.monotonic() - started, 2)

    def _stage(self, name):
        self.channel.send("boot", stage=name, s=self._seconds())

    def _fail_open_jobs(self, message):
        for job in list(self._jobs.values()):
            self._answer_error(job, SQLError.local("LOCAL_ENGINE_UNAVAILABLE", "58000", message))

    # Messages -----------------------------------------------------------------------------------------------------

    def _on_sql(self, message):
        job = Job(message)
        name = message.get("session")
        with self._lock:
            self._jobs[job.id] = job
            if name is None:
                lane = Lane(self, None)
                lane.add(job)
                lane.close()
                return
            if name not in self._lanes:
                self._lanes[name] = Lane(self, name)
            self._lanes[name].add(job)

    _on_scala = _on_sql

    def _on_cancel(self, message):
        with self._lock:
            job = self._jobs.get(message["id"])
            if job is None:
                return
            job.cancelled = True
            running = job.running
        if running:
            threading.Thread(target=self._interrupt, args=(job,), daemon=True).start()
        else:
            self._answer_cancelled(job)

    def _interrupt(self, job):
        """Stops the jobs of a statement, again and again, because it may be about to start one."""
        # Not cancelJobGroupAndFutureJobs: a job that is refused before it starts can leave adaptive execution waiting
        # for it for ever.
        while job.id in self._jobs:
            self.engine.context._jsc.sc().cancelJobGroup(job.id)
            if job.message["op"] == "scala":
                self.engine.scala.ScalaRepl.interrupt(job.message["session"])
            job.finished.wait(0.2)

    def _on_session_close(self, message):
        with self._lock:
            lane = self._lanes.pop(message["session"], None)
            open_jobs = [job for job in self._jobs.values() if job.message.get("session") == message["session"]]
        for job in open_jobs:
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

    def _on_guard(self, message):
        try:
            self._guarded[message["pid"]] = (os.pidfd_open(message["pid"]), message["pid"])
        except ProcessLookupError:
            pass

    def _on_unguard(self, message):
        guarded = self._guarded.pop(message["pid"], None)
        if guarded is not None:
            os.close(guarded[0])

    # Running ------------------------------------------------------------------------------------------------------

    def run(self, job, lane):
        """Runs a job on its lane's thread and answers it."""
        with self._lock:
            if job.cancelled or self._boot_error is not None or job.id not in self._jobs:
                return
            job.running = True
        self.channel.send("running", id=job.id)
        try:
            if job.message["op"] == "scala":
                self._run_scala(job, lane)
            else:
                self._run_sql(job, lane.session)
        except Exception as error:
            if job.cancelled:
                self._answer_cancelled(job)
            elif not self._jvm_has_ended(error):  # else _boot answers, which knows how it ended
                self._answer_error(job, sql_error(error))

    def _jvm_has_ended(self, error):
        if not isinstance(error, (OSError, Py4JNetworkError)):
            return False
        try:
            self.engine.jvm.process.wait(1)
            return True
        except subprocess.TimeoutExpired:
            return False

    def _run_sql(self, job, session):
        message, context = job.message, self.engine.context
        session.activate()
        context.setJobGroup(job.id, "statement", True)
        context.setLocalProperty("dbsh.statement", job.id)
        # A pool of its own gives each statement its fair share of the slots.
        context.setLocalProperty("spark.scheduler.pool", job.id)
        if not job.is_command:
            threading.Thread(target=self._tell_progress, args=(job,), daemon=True).start()
        with session.placed(message.get("catalog"), message.get("schema")):
            frame = session.frame(message["sql"], message.get("params"))
            counts = self.engine.scala.RowCounts.take(job.id)
            if job.is_command:
                self._answer_command(job, self._command_results(message.get("session"), frame, counts))
            else:
                self._answer_statement(job, frame, counts)

    def _tell_progress(self, job):
        """Says once in a while how far a statement is, until it has ended."""
        while not job.finished.wait(INTERVAL):
            try:
                numbers = progress(self.engine.context, job.id)
            except (OSError, Py4JNetworkError):
                return  # the JVM has ended: that is told elsewhere
            if numbers is not None and not job.finished.is_set():
                self.channel.send("progress", id=job.id, **numbers)

    def _answer_statement(self, job, frame, counts):
        message = job.message
        directory = message.get("dir") or os.path.join(self.workspace.results, job.id)
        is_arrow = message.get("format") == "arrow"
        if frame.schema.fields:
            columns = [manifest_column(position, field) for position, field in enumerate(frame.schema.fields)]
            limits = (message.get("row_limit") or 0, message.get("byte_limit") or 0)
            if is_arrow:
                body = members(arrow_result.write_frame(frame, directory, CHUNK_BYTES, *limits))
            else:
                body = self.engine.scala.Results.statement(frame._jdf, directory, INLINE_BYTES, CHUNK_BYTES, *limits)
        else:
            names = [name for name in ROW_COUNTS if counts is not None and counts.containsKey(name)]
            columns = [count_column(position, name) for position, name in enumerate(names)]
            if is_arrow and names:
                body = members(arrow_result.write_counts(names, [counts.get(name) for name in names], directory))
            else:
                rows = to_json([[str(counts.get(name)) for name in names]] if names else [])
                body = f'"row_count":{len(names) and 1},"byte_count":{len(rows)},"truncated":false,"rows":{rows}'
        if self._finish(job):
            if job.cancelled:
                self.channel.send("canceled", id=job.id)
            else:
                self.channel.send_with("done", body, id=job.id, ms=job.milliseconds, columns=columns)

    def _command_results(self, name, frame, counts):
        """The results object of a SQL command, as JSON text."""
        if frame.schema.fields:
            if name is not None:
                self.engine.scala.Sessions.remember(name, frame._jdf)
            return self.engine.scala.Results.command(frame._jdf, COMMAND_ROWS, COMMAND_BYTES)
        names = [name for name in ROW_COUNTS if counts is not None and counts.containsKey(name)]
        schema = [{"name": name, "type": '"long"', "metadata": "{}"} for name in names]
        data = [[counts.get(name) for name in names]] if names else []
        return to_json(
            {"resultType": "table", "isJsonSchema": True, "truncated": False, "schema": schema, "data": data}
        )

    def _run_scala(self, job, lane):
        if lane.repl is None:
            lane.session  # made here, so that closing the lane closes it
            lane.repl = self.engine.scala.ScalaRepl(lane.name, self.engine.class_folder)
        status, text, table = lane.repl.run(job.message["code"], job.id)
        if job.cancelled:
            self._answer_cancelled(job)
        else:
            self._answer_command(job, scala_results(status, text, table))

    # Answers: exactly one for each job, whoever is first --------------------------------------------------------------

    def _finish(self, job):
        job.finished.set()
        with self._lock:
            return self._jobs.pop(job.id, None) is not None

    def _answer_command(self, job, results):
        if self._finish(job):
            self.channel.send_with("result", f'"results":{results}', id=job.id, ms=job.milliseconds, canceled=False)

    def _answer_cancelled(self, job):
        if not self._finish(job):
            return
        if job.is_command:
            self.channel.send("result", id=job.id, ms=job.milliseconds, canceled=True, results=CANCELLED)
        else:
            self.channel.send("canceled", id=job.id)

    def _answer_error(self, job, error):
        if not self._finish(job):
            return
        if job.is_command:
            results = error_results(error.message)
            self.channel.send("result", id=job.id, ms=job.milliseconds, canceled=False, results=results)
        else:
            self.channel.send(
                "error", id=job.id, message=error.message, error_class=error.condition, sql_state=error.sql_state
            )


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    clean_environment()
    Worker(sys.argv[1]).main()
