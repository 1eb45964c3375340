"""The commands of an execution context, over JSON lines (see PROTOCOL.md): waiting, running, cancelling, answering. What
they run with is context.py's.
"""

import os
import queue
import signal
import threading
import time

from .commands import CANCELLED
from .dbutils import NotebookExit
from .display import failure
from .errors import clean
from .magics import CommandFailed
from .protocol import to_json

# How long an interrupted command may take to leave by itself what must not be broken off: an import, the formatting of
# its error, a call into the JVM.
GRACE = 2.0


class CommandLoop:
    """The message loop (a thread) and the commands (the main thread, where Python delivers signals).

    A subclass makes `shell` and `shown`, and says how a command is run and its work is cancelled.
    """

    # Errors that say all there is to say: a traceback would only lead into our own code.
    plain_errors = (CommandFailed,)

    def __init__(self, channel, capture):
        """`capture` takes what is told of output, and gives an OutputCapture."""
        self.channel = channel
        self._lock = threading.Lock()
        self._waiting = queue.SimpleQueue()
        self._waiting_ids = set()
        self._dropped = set()
        self.running = None
        self._cancel_since = None
        self._interrupted = False
        self._interrupter = None
        self.ended = threading.Event()
        self.capture = capture(lambda text: self.tell("out", text=text))

    def main(self, **members):
        """Never returns. `members` are told with the event `ready`."""
        signal.signal(signal.SIGINT, self._on_interrupt)
        threading.Thread(target=self._read, daemon=True, name="messages").start()
        self.channel.send("ready", pid=os.getpid(), **members)
        while True:
            message = self._waiting.get()
            with self._lock:
                if message["id"] in self._dropped:
                    self._dropped.discard(message["id"])
                    continue
                self._waiting_ids.discard(message["id"])
                self._cancel_since = None
                self._interrupted = False
                self.ended.clear()
                self.running = message["id"]
            self._run(message)

    def tell(self, event, **members):
        """Sends an event about the command that runs."""
        self.channel.send(event, id=self.running, **members)

    # For subclasses ------------------------------------------------------------------------------------------------

    def receive(self, message):
        """A message that is neither a command, nor a cancellation, nor the end."""

    def run_command(self, message):
        """Runs a command. Answers its results object as JSON text, or None when that is what was shown; raises, or sets
        the shell's `failure`, when it fails.
        """
        raise NotImplementedError

    def cancel_work(self, command):
        """Cancels what a command does in Spark; called once, on a thread of its own."""
        raise NotImplementedError

    def is_in_call(self, frame):
        """Whether the interrupted code is in a call that must not be broken off, for its answer would be lost."""
        return False

    def drop_call(self):
        """Gives up the call that `is_in_call` told of."""

    def failed_results(self, kind, value):
        """The results object (JSON text) of an error that is not shown as any other; None for most."""
        return None

    def shown_traceback(self, traceback):
        """The traceback as it is shown."""
        return traceback

    def shown_results(self, results):
        """The results object (JSON text) as it is sent."""
        return results

    def close(self):
        """What is to be done before the process ends."""

    # Messages (on their thread) -----------------------------------------------------------------------------------

    def _read(self):
        for message in self.channel.messages():
            op = message["op"]
            if op == "exec":
                with self._lock:
                    self._waiting_ids.add(message["id"])
                self._waiting.put(message)
            elif op == "cancel":
                self._cancel(message["id"])
            elif op == "exit":
                break
            else:
                self.receive(message)
        self.close()
        end_group()

    def _cancel(self, command):
        with self._lock:
            if command == self.running:
                if self._cancel_since is None:
                    self._cancel_since = time.monotonic()
                    self._interrupter = threading.Thread(target=self._interrupt, args=(command,), daemon=True)
                    self._interrupter.start()
                return
            if command not in self._waiting_ids:
                return
            self._waiting_ids.discard(command)
            self._dropped.add(command)
        self.channel.send("result", id=command, ms=0, canceled=True, results=CANCELLED)

    def _interrupt(self, command):
        """Cancels the command's work in Spark, and signals the main thread until the command has ended: an answer to the
        first signal may itself be a call that waits.
        """
        asking = threading.Thread(target=self._cancel_work, args=(command,), daemon=True)
        asking.start()
        pause = 0.05
        while self.running == command:
            signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
            self.ended.wait(pause)
            if self._interrupted:
                pause = GRACE
        # The next command must not meet what was asked for this one.
        asking.join(2 * GRACE)

    def _cancel_work(self, command):
        try:
            self.cancel_work(command)
        except Exception:
            pass  # Spark is gone: there is nothing left to cancel.

    # Commands (on the main thread) --------------------------------------------------------------------------------

    def _on_interrupt(self, number, frame):
        """KeyboardInterrupt for the command, but not (unless it takes too long) in the middle of what would stay broken
        for all that follow: a call whose answer would be lost, or an import, which would leave a part of its modules
        behind.
        """
        if self._cancel_since is None or not self._is_in_command(frame):
            return
        late = time.monotonic() - self._cancel_since >= GRACE
        if self._interrupted and not late:
            return
        in_call = self.is_in_call(frame)
        if (in_call or in_import(frame) or self.shell.formatting) and not late:
            return
        if in_call:
            self.drop_call()
        self._interrupted = True
        raise KeyboardInterrupt

    def _is_in_command(self, frame):
        """Whether the interrupted code is the command's: this loop's own must go on, whatever is cancelled."""
        code = type(self).run_command.__code__
        return any(one.f_code is code for one in callers(frame))

    def _run(self, message):
        command = message["id"]
        since = time.monotonic()
        self.channel.send("running", id=command)
        self.capture.begin()
        self.shown.begin(self.capture.mark)
        self.shell.failure = None
        problem = results = None
        try:
            results = self.run_command(message)
            problem = self.shell.failure
        except KeyboardInterrupt as interrupt:
            problem = (KeyboardInterrupt, interrupt, "KeyboardInterrupt")
        except BaseException as error:
            problem = (type(error), error, clean(f"{type(error).__name__}: {error}"))
        with self._lock:
            self.running = None
            self.ended.set()
            cancelled = self._cancel_since is not None and (problem is not None or self._interrupted)
        if self._cancel_since is not None:
            self._interrupter.join()
        text = self.capture.end()
        if cancelled:
            results = to_json(CANCELLED | ({"data": text} if text else {}))
        elif problem is not None:
            results = self._failure(*problem, text)
        elif results is None:
            results = self.shown.results(text, self.capture.marks)
        results = self.shown_results(results)
        ms = round((time.monotonic() - since) * 1000)
        self.channel.send_with("result", f'"results":{results}', id=command, ms=ms, canceled=cancelled)

    def _failure(self, kind, value, traceback, text):
        if issubclass(kind, NotebookExit):
            said = "\n".join(part for part in (text.removesuffix("\n"), str(value)) if part)
            return to_json({"resultType": "text", "data": said})
        results = self.failed_results(kind, value)
        if results is not None:
            return results
        if issubclass(kind, self.plain_errors):
            traceback = str(value)
        before = self.shown.before(text, self.capture.marks)
        return failure(kind.__name__, clean(str(value)), self.shown_traceback(traceback), before)


def lead_group():
    """Makes this process the leader of a process group of its own, unless whoever started it has done so."""
    try:
        os.setsid()
    except PermissionError:
        pass


def in_import(frame):
    """Whether the interrupted code is a module's, being imported, or the import system's own."""
    return any(name.startswith("<frozen importlib") for name in files_of(frame))


def files_of(frame):
    """The source files of the frame and of its callers."""
    return (one.f_code.co_filename for one in callers(frame))


def callers(frame):
    """The frame and those that called it."""
    while frame is not None:
        yield frame
        frame = frame.f_back


def end_group():
    """Ends this process and the children it still has, which are in its process group."""
    os.killpg(os.getpgid(0), signal.SIGKILL)
