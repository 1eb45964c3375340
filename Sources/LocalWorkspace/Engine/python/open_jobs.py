"""The jobs that have not been answered yet: each gets exactly one answer, from whoever is first."""

import threading

from .commands import CANCELLED, error_results
from .errors import SQLError


class OpenJobs:
    """By id. Messages come on one thread, jobs run on others, and the JVM may end at any time."""

    def __init__(self, channel):
        self._channel = channel
        self._lock = threading.Lock()
        self._jobs = {}

    def __bool__(self):
        return bool(self._jobs)

    def __contains__(self, job):
        return job.id in self._jobs

    def add(self, job):
        with self._lock:
            self._jobs[job.id] = job

    def of_session(self, name):
        with self._lock:
            return [job for job in self._jobs.values() if job.message.get("session") == name]

    def begin(self, job):
        """Marks a job as running; False when it has been answered or cancelled meanwhile."""
        with self._lock:
            if job.cancelled or job.id not in self._jobs:
                return False
            job.running = True
        self._channel.send("running", id=job.id)
        return True

    def cancel(self, id):
        """Marks a job as cancelled, and answers it when it has not begun. The job when it runs and must be stopped."""
        with self._lock:
            job = self._jobs.get(id)
            if job is None:
                return None
            job.cancelled = True
            running = job.running
        if running:
            return job
        self.answer_cancelled(job)
        return None

    def finish(self, job):
        """Takes a job out; False when somebody else has answered it."""
        job.finished.set()
        with self._lock:
            return self._jobs.pop(job.id, None) is not None

    def answer_statement(self, job, columns, body):
        """With `body`, the members of the event as JSON text."""
        if not self.finish(job):
            return
        if job.cancelled:
            self._channel.send("canceled", id=job.id)
        else:
            self._channel.send_with("done", body, id=job.id, ms=job.milliseconds, columns=columns)

    def answer_command(self, job, results):
        """With `results`, the results object as JSON text."""
        if self.finish(job):
            self._channel.send_with("result", f'"results":{results}', id=job.id, ms=job.milliseconds, canceled=False)

    def answer_cancelled(self, job):
        if not self.finish(job):
            return
        if job.is_command:
            self._channel.send("result", id=job.id, ms=job.milliseconds, canceled=True, results=CANCELLED)
        else:
            self._channel.send("canceled", id=job.id)

    def answer_error(self, job, error):
        if not self.finish(job):
            return
        if job.is_command:
            results = error_results(error.message)
            self._channel.send("result", id=job.id, ms=job.milliseconds, canceled=False, results=results)
        else:
            self._channel.send(
                "error", id=job.id, message=error.message, error_class=error.condition, sql_state=error.sql_state
            )

    def fail_all(self, message):
        for job in list(self._jobs.values()):
            self.answer_error(job, SQLError.local("LOCAL_ENGINE_UNAVAILABLE", "58000", message))
