"""R commands of a context, by a child process of Rscript that keeps their variables."""

import os
import shutil
import signal
import subprocess

from .commands import error_results

NOT_THERE = (
    "R is not available in the local workspace: Rscript was not found on PATH. "
    "Install R (on Debian: apt-get install r-base-core) and make a new context."
)


class RLanguage:
    """Starts Rscript with the first command."""

    def __init__(self):
        self._process = None
        self._answers = None

    def run(self, code):
        """The results object of a command."""
        if self._process is None and not self._start():
            return error_results(NOT_THERE)
        data = code.encode("utf-8", "replace")
        try:
            self._process.stdin.write(b"%d\n%s" % (len(data), data))
            self._process.stdin.flush()
            status, text = self._answer()
        except KeyboardInterrupt:
            # The answer of the interrupted command is read too, or it would be taken for the next one's.
            self._process.send_signal(signal.SIGINT)
            self._answer()
            raise
        except (BrokenPipeError, EOFError):
            self._process = None
            return error_results("The R process ended; its variables are gone.")
        if status == "ok":
            return {"resultType": "text", "data": text}
        lines = [line for line in text.splitlines() if line.startswith("Error")]
        return error_results(text) | {"summary": error_results(lines[-1] if lines else text)["summary"]}

    def _start(self):
        program = shutil.which("Rscript")
        if program is None:
            return False
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "rcontext.R")
        reading_end, writing_end = os.pipe()

        # R gets the answers' pipe as descriptor 3.
        self._process = subprocess.Popen(
            ["bash", "-c", f'exec "$0" --vanilla "$1" 3>&{writing_end}', program, script],
            stdin=subprocess.PIPE,
            pass_fds=[writing_end],
        )
        os.close(writing_end)
        self._answers = os.fdopen(reading_end, "rb")
        return True

    def _answer(self):
        header = self._answers.readline().split()
        if len(header) != 2:
            raise EOFError
        return header[0].decode(), self._answers.read(int(header[1])).decode("utf-8", "replace")
