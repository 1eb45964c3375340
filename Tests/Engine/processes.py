"""The engine's processes as the server sees them: started from `engine.json`, spoken to in JSON lines."""

import itertools
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading

DEADLINE = 120


def installation(name="engine"):
    home = os.environ.get(f"DBSH_{name.upper()}") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "dbsh", name, "current"
    )
    with open(os.path.join(home, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


class Process:
    """A process of the engine; events go into one queue per command id, those without an id under their own name."""

    def __init__(self, program, *arguments, log, of="engine"):
        engine = installation(of)
        with open(log, "ab") as stderr:
            self.process = subprocess.Popen(
                [engine["python"], "-E", "-u", os.path.join(engine["app"], "run.py"), program, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
            )
        self._queues = {}
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self.ended = threading.Event()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            event = json.loads(line)
            self._queue(event.get("id") or f"{event['ev']}.{event.get('stage', '')}").put(event)
        self.ended.set()

    def _queue(self, key):
        with self._lock:
            return self._queues.setdefault(key, queue.SimpleQueue())

    def send(self, op, **members):
        self.process.stdin.write((json.dumps({"op": op, **members}) + "\n").encode())
        self.process.stdin.flush()

    def new_id(self):
        return f"{self.process.pid}-{next(self._ids)}"

    def event(self, key, deadline=DEADLINE):
        return self._queue(key).get(timeout=deadline)

    def last(self, key, deadline=DEADLINE):
        """The event that ends a command."""
        while (event := self.event(key, deadline))["ev"] in ("running", "out", "progress", "tasks", "session", "waiting"):
            pass
        return event

    def close(self):
        """Ends it as the server does, and leaves nothing behind."""
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass  # It has ended by itself.
        self.process.wait(30)
        self.process.stdout.close()


class Worker(Process):
    """worker.py on a folder of its own (removed at the end, unless one is given)."""

    def __init__(self, folder=None):
        self._own = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="dbsh-test-")
        super().__init__("worker", self.folder, log=os.path.join(self.folder, "worker.log"))
        self._gateway = None

    def submit(self, sql, session=None, **members):
        key = self.new_id()
        self.send("sql", id=key, session=session, sql=sql, **members)
        return key

    def sql(self, sql, session=None, **members):
        return self.last(self.submit(sql, session, **members))

    def rows(self, sql, session=None, **members):
        event = self.sql(sql, session, **members)
        if event["ev"] != "done":
            raise AssertionError(f"{sql}: {event}")
        return event["rows"]

    def scala(self, code, session):
        key = self.new_id()
        self.send("scala", id=key, session=session, code=code)
        return self.last(key)

    @property
    def gateway(self):
        if self._gateway is None:
            self._gateway = self.event("gateway.")
        return {name: self._gateway[name] for name in ("port", "secret")}

    def serve_connect(self, *tokens, end=None):
        """Opens the Spark Connect endpoint for these tokens (good until `end`, milliseconds since 1970): what the event
        says of it.
        """
        key = self.new_id()
        self.send("connect", id=key, tokens=[{"token": token, "end": end} for token in tokens])
        return self.event(key)

    def close(self):
        super().close()
        if self._own:
            shutil.rmtree(self.folder, ignore_errors=True)


class Commands(Process):
    """A process that runs commands."""

    def submit(self, code, language="python", **members):
        key = self.new_id()
        self.send("exec", id=key, language=language, code=code, **members)
        return key

    def run(self, code, language="python", **members):
        """The results object of a command."""
        return self.last(self.submit(code, language, **members))["results"]


class ConnectContext(Commands):
    """connect.py, whose Spark is a worker's Spark Connect endpoint; answers its questions for credentials."""

    def __init__(self, worker, token, port=None):
        """`port` is where its Spark is; None for the worker's endpoint."""
        self.token = token
        self.asked = []
        super().__init__(
            "connect",
            os.path.join(worker.folder, "connect"),
            log=os.path.join(worker.folder, "connect.log"),
            of="connect",
        )
        port = port or worker.serve_connect(token)["port"]
        url = "http://127.0.0.1:1"
        self.send("connect", target=f"127.0.0.1:{port}", url=url, serverless=True, plain=True)
        threading.Thread(target=self._give_credentials, daemon=True).start()

    def _give_credentials(self):
        while True:
            refused = self._queue("credentials.").get()["refused"]
            self.asked.append(refused)
            if self.token is None:
                self.send("credentials", error="the token has expired")
            else:
                self.send("credentials", headers={"Authorization": f"Bearer {self.token}"}, seconds=None)


class Context(Commands):
    """context.py, attached to a worker's JVM unless told otherwise."""

    def __init__(self, worker, name="context", attach=True):
        super().__init__("context", name, worker.folder, log=os.path.join(worker.folder, "context.log"))
        self.name = name
        if attach:
            self.send("attach", **worker.gateway)
