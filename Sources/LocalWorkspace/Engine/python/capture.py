"""What a command prints: everything written to file descriptors 1 and 2, by Python, C code and child processes."""

import codecs
import os
import sys
import threading

# Written to the pipe at the end of a command: all that came before it is that command's. No program prints this by
# chance.
END = b"\x00\x1edbsh end of output\x1e\x00"

# As a cluster does, output is cut where it stops being readable.
MOST_CHARACTERS = 10 << 20
CUT = "\n*** WARNING: max output size exceeded, skipping output. ***\n"


class OutputCapture:
    """Puts a pipe in the place of stdout and stderr, and reads it on a thread."""

    def __init__(self, on_text):
        """`on_text` is called with every piece of text as it comes."""
        self._on_text = on_text
        self._pieces = []
        self._length = 0
        self._ended = threading.Event()
        self._reading_end, writing_end = os.pipe()
        os.dup2(writing_end, 1)
        os.dup2(writing_end, 2)
        os.close(writing_end)
        sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)
        sys.stderr = os.fdopen(2, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False)
        threading.Thread(target=self._read, daemon=True, name="output").start()

    def begin(self):
        self._pieces.clear()
        self._length = 0

    def end(self):
        """All that was printed since `begin`."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                pass  # The user's code has closed it.
        self._ended.clear()
        try:
            os.write(1, END)
            self._ended.wait(2)
        except OSError:
            pass
        return "".join(self._pieces)

    def _read(self):
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        pending = b""
        while data := os.read(self._reading_end, 1 << 16):
            pending += data
            found = pending.find(END)
            if found >= 0:
                self._add(decoder.decode(pending[:found]))
                pending = pending[found + len(END) :]
                self._ended.set()
            # The end mark may come in two reads.
            kept = next((n for n in range(min(len(END) - 1, len(pending)), 0, -1) if END.startswith(pending[-n:])), 0)
            self._add(decoder.decode(pending[: len(pending) - kept]))
            pending = pending[len(pending) - kept :]

    def _add(self, text):
        if not text or self._length > MOST_CHARACTERS:
            return
        self._length += len(text)
        if self._length > MOST_CHARACTERS:
            text = text[: len(text) - (self._length - MOST_CHARACTERS)] + CUT
            self._length = MOST_CHARACTERS + 1
        self._pieces.append(text)
        self._on_text(text)
