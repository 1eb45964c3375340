"""What a command prints: everything written to file descriptors 1 and 2, by Python, C code and child processes."""

import codecs
import os
import re
import sys
import threading

# Written to the pipe at the end of a command: all that came before it is that command's. No program prints this by
# chance.
END = b"\x00\x1edbsh end of output\x1e\x00"
# Written within a command, to know what came before something that it showed.
MARK = b"\x00\x1edbsh mark in output\x1e\x00"
SIGNS = re.compile(b"|".join(map(re.escape, (END, MARK))))

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
        # How many characters had come at each mark.
        self.marks = []
        self._marked = 0
        self._ended = threading.Event()
        self._reading_end, self._writing_end = os.pipe()
        sys.stdout = sys.stderr = None
        self._connect()
        threading.Thread(target=self._read, daemon=True, name="output").start()

    def _connect(self):
        """Makes the descriptors 1 and 2 the pipe, whatever became of them, and Python's streams usable."""
        for descriptor, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(self._writing_end, descriptor)
            # What a command has put in a stream's place is kept, if text can be written to it.
            stream = getattr(sys, name, None)
            if not hasattr(stream, "write") or getattr(stream, "closed", False):
                stream = os.fdopen(
                    descriptor, "w", buffering=1, encoding="utf-8", errors="replace", closefd=False
                )
                setattr(sys, name, stream)

    def begin(self):
        self._connect()
        self._pieces.clear()
        self.marks.clear()
        self._length = self._marked = 0

    def mark(self):
        """Notes how much has been printed by now; the number of the note in `marks`, at the end."""
        self._flush()
        os.write(self._writing_end, MARK)
        self._marked += 1
        return self._marked - 1

    def end(self):
        """All that was printed since `begin`."""
        self._flush()
        self._ended.clear()
        os.write(self._writing_end, END)
        self._ended.wait(2)
        return "".join(self._pieces)

    @staticmethod
    def _flush():
        for stream in (getattr(sys, "stdout", None), getattr(sys, "stderr", None)):
            try:
                stream.flush()
            except Exception:
                pass  # The user's code has closed it, or put something else in its place.

    def _read(self):
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        pending = b""
        while data := os.read(self._reading_end, 1 << 16):
            pending += data
            while found := SIGNS.search(pending):
                self._add(decoder.decode(pending[: found.start()]))
                pending = pending[found.end() :]
                if found[0] == END:
                    self._ended.set()
                else:
                    self.marks.append(sum(map(len, self._pieces)))
            # A sign may come in two reads.
            longest = min(max(len(END), len(MARK)) - 1, len(pending))
            kept = next((n for n in range(longest, 0, -1) if any(s.startswith(pending[-n:]) for s in (END, MARK))), 0)
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
