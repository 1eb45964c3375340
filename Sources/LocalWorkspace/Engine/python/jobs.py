"""The worker's jobs, and the lanes in which those of a session follow each other."""

import queue
import threading
import time

from .session import Session


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
    """The jobs of one session, run one after the other on a thread of their own.

    `before` is a closed lane of the same name, which has to let go of the session first.
    """

    def __init__(self, worker, name, before=None):
        self.name = name
        self.over = threading.Event()
        self._before = before
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
        if self._before is not None:
            self._before.over.wait()
            self._before = None
        while (job := self._jobs.get()) is not None:
            self._worker.run(job, self)
        try:
            if self.repl is not None:
                self.repl.close()
            if self.name is not None:
                self._worker.forget(self.name)
        finally:
            self.over.set()
