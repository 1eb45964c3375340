"""One execution context: Python (IPython) and R for the server, over JSON lines. Usage: context.py CONTEXT_ID
WORKSPACE_DIR (see PROTOCOL.md).
"""

import os
import queue
import signal
import sys
import threading
import time

started = time.monotonic()

from protocol import Channel  # noqa: E402

# Before anything is imported that might print: descriptors 0 and 1 are the protocol's.
channel = Channel()

from capture import OutputCapture  # noqa: E402
from commands import CANCELLED  # noqa: E402
from installation import Workspace, clean_environment  # noqa: E402

clean_environment()
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
os.environ.setdefault("MPLCONFIGDIR", os.path.join(sys.prefix, "matplotlib"))
os.environ["PAGER"] = "cat"

from dbutils import DBUtils, NotebookExit  # noqa: E402
from display import Shown, failure  # noqa: E402
from errors import SQLError, clean  # noqa: E402
from magics import CommandFailed, Magics  # noqa: E402
from packages import Packages  # noqa: E402
from protocol import to_json  # noqa: E402
from r_language import RLanguage  # noqa: E402
from shell import make_shell  # noqa: E402
from spark_link import EngineUnavailable, SparkLink  # noqa: E402

# Errors that say all there is to say: a traceback would only lead into our own code.
PLAIN_ERRORS = (CommandFailed, EngineUnavailable, SQLError)

# How long an interrupted command may take to leave by itself what must not be broken off: a call into the JVM, an
# import, the formatting of its error.
PATIENCE = 2.0


class Context:
    """The message loop (a thread) and the commands (the main thread, where Python delivers signals)."""

    def __init__(self, name, folder):
        self.name = name
        self.workspace = Workspace(folder)
        self._lock = threading.Lock()
        self._waiting = queue.SimpleQueue()
        self._waiting_ids = set()
        self._dropped = set()
        self._running = None
        self._cancel_since = None
        self._interrupted = False
        os.chdir(self.workspace.home)
        packages = Packages(self.workspace.packages)
        packages.put_on_path()
        sys.path.insert(0, self.workspace.home)
        self.capture = OutputCapture(self._on_output)
        self.shell = make_shell(os.path.join(self.workspace.folder, "ipython"))
        self.link = SparkLink(name, self.shell.user_ns)
        self.shown = self.shell.shown = Shown(self.link, self.workspace.dbfs)
        self.r = RLanguage()
        dbutils = DBUtils(self.workspace)
        self.magics = Magics(self.shell, self.link, self.shown, dbutils, packages, self.workspace)
        self.shell.user_ns.update(display=self.shown.display, displayHTML=self.shown.display_html, dbutils=dbutils)

    def main(self):
        signal.signal(signal.SIGINT, self._on_interrupt)
        threading.Thread(target=self._read, daemon=True, name="messages").start()
        channel.send("ready", pid=os.getpid(), s=round(time.monotonic() - started, 2))
        while True:
            message = self._waiting.get()
            with self._lock:
                if message["id"] in self._dropped:
                    self._dropped.discard(message["id"])
                    continue
                self._waiting_ids.discard(message["id"])
                self._cancel_since = None
                self._interrupted = False
                self._running = message["id"]
            self._run(message)

    # Messages (on their thread) -----------------------------------------------------------------------------------

    def _read(self):
        for message in channel.messages():
            op = message["op"]
            if op == "exec":
                with self._lock:
                    self._waiting_ids.add(message["id"])
                self._waiting.put(message)
            elif op == "cancel":
                self._cancel(message["id"])
            elif op == "attach":
                self.link.attach(message["port"], message["secret"])
            elif op == "unavailable":
                self.link.refuse(message["message"])
            elif op == "exit":
                break
        end_group()

    def _cancel(self, command):
        with self._lock:
            if command == self._running:
                if self._cancel_since is None:
                    self._cancel_since = time.monotonic()
                    threading.Thread(target=self._interrupt, args=(command,), daemon=True).start()
                return
            if command not in self._waiting_ids:
                return
            self._waiting_ids.discard(command)
            self._dropped.add(command)
        channel.send("result", id=command, ms=0, canceled=True, results=CANCELLED)

    def _interrupt(self, command):
        """Cancels the command's Spark jobs, and signals the main thread until it has taken notice."""
        threading.Thread(target=self._cancel_jobs, args=(command,), daemon=True).start()
        while self._running == command and not self._interrupted:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
            time.sleep(0.05)

    def _cancel_jobs(self, command):
        try:
            while self._running == command:
                self.link.cancel(self._group(command))
                time.sleep(0.2)
        except Exception:
            pass  # The JVM is gone: there is nothing left to cancel.

    def _group(self, command):
        return f"{self.name}/{command}"

    # Commands (on the main thread) --------------------------------------------------------------------------------

    def _on_interrupt(self, number, frame):
        """KeyboardInterrupt for the command, but not (unless it takes too long) in the middle of what would stay broken
        for all that follow: a call into the JVM, whose answer would be lost, or an import, which would leave a part of
        its modules behind.
        """
        if self._running is None or self._cancel_since is None or self._interrupted:
            return
        in_jvm = in_py4j(frame)
        if in_jvm or in_import(frame) or self.shell.formatting:
            if time.monotonic() - self._cancel_since < PATIENCE:
                return
        if in_jvm:
            self.link.drop_connection()
        self._interrupted = True
        raise KeyboardInterrupt

    def _on_output(self, text):
        channel.send("out", id=self._running, text=text)

    def _run(self, message):
        command = message["id"]
        since = time.monotonic()
        channel.send("running", id=command)
        self.capture.begin()
        self.shown.begin()
        problem = None
        results = None
        try:
            if message.get("language") == "r":
                results = to_json(self.r.run(message["code"]))
            else:
                problem = self._run_python(message["code"], command)
        except KeyboardInterrupt as interrupt:
            problem = (KeyboardInterrupt, interrupt, "KeyboardInterrupt")
        except BaseException as error:
            problem = (type(error), error, f"{type(error).__name__}: {error}")
        with self._lock:
            self._running = None
            cancelled = self._cancel_since is not None and (problem is not None or self._interrupted)
        text = self.capture.end()
        if cancelled:
            results = to_json(CANCELLED | ({"data": text} if text else {}))
        elif problem is not None:
            results = self._failure(*problem, text)
        elif results is None:
            results = self.shown.results(text)
        ms = round((time.monotonic() - since) * 1000)
        channel.send_with("result", f'"results":{results}', id=command, ms=ms, canceled=cancelled)

    def _run_python(self, code, command):
        """What went wrong (type, value, traceback as text), or None."""
        code = self.magics.as_python(code)
        self.shell.failure = None
        try:
            self.link.prepare(code, self.shell.transform_cell(code), self._group(command))
        except EngineUnavailable as error:
            return type(error), error, ""
        self.shell.run_cell(code, store_history=True)
        return self.shell.failure

    def _failure(self, kind, value, traceback, text):
        if kind is NotebookExit:
            return to_json({"resultType": "text", "data": str(value)})
        if issubclass(kind, PLAIN_ERRORS):
            traceback = str(value)
        return failure(kind.__name__, clean(str(value)), traceback, text)


def in_py4j(frame):
    """Whether the interrupted code is inside a call to the JVM."""
    return any(f"{os.sep}py4j{os.sep}" in name for name in files_of(frame))


def in_import(frame):
    """Whether the interrupted code is a module's, being imported, or the import system's own."""
    return any(name.startswith("<frozen importlib") for name in files_of(frame))


def files_of(frame):
    """The source files of the frame and of its callers."""
    while frame is not None:
        yield frame.f_code.co_filename
        frame = frame.f_back


def end_group():
    """Ends this process and the children it still has, which are in its process group."""
    os.killpg(os.getpgid(0), signal.SIGKILL)


if __name__ == "__main__":
    try:
        os.setsid()
    except PermissionError:
        pass  # The server has made it a group of its own already.
    Context(sys.argv[1], sys.argv[2]).main()
