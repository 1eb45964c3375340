"""JSON lines between the server and a process of the engine (see PROTOCOL.md)."""

import json
import os
import threading


class Channel:
    """The process's first stdin and stdout, kept for the protocol: nothing else can read from the one or write to the
    other.
    """

    def __init__(self):
        self._input = os.fdopen(os.dup(0), "rb")
        self._output = os.fdopen(os.dup(1), "wb", buffering=0)
        self._lock = threading.Lock()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)

    def messages(self):
        """Yields messages until the server closes its end."""
        for line in self._input:
            if line.strip():
                yield json.loads(line)

    def send(self, event, **members):
        self.send_text(to_json({"ev": event, **members}))

    def send_with(self, event, last, **members):
        """Like `send`, with more members that are JSON text already (`"name":value,...`) at the end."""
        self.send_text(to_json({"ev": event, **members})[:-1] + "," + last + "}")

    def send_text(self, line):
        # A lone surrogate has no UTF-8 form: it becomes "?".
        data = memoryview((line + "\n").encode("utf-8", "replace"))
        with self._lock:
            try:
                while data:
                    data = data[self._output.write(data) :]
            except BrokenPipeError:
                pass  # The server is gone; the end of stdin says so to the message loop.


def to_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
