"""Python cells for compute that has no Command Execution API (serverless, clusters in standard access mode): Python
runs here, Spark there, over Spark Connect. Usage: run.py connect FOLDER (see PROTOCOL.md). FOLDER is for what this process
keeps: what %pip installs, and IPython's own files.
"""

import os
import re
import sys
import threading
import time

started = time.monotonic()

from .protocol import Channel  # noqa: E402

# Before anything is imported that might print: descriptors 0 and 1 are the protocol's.
channel = Channel()

from .capture import OutputCapture  # noqa: E402
from .installation import clean_environment  # noqa: E402

clean_environment()
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
os.environ["PAGER"] = "cat"

from .command_loop import CommandLoop, lead_group  # noqa: E402
from .commands import error_results  # noqa: E402
from .connect_channel import Credentials, use_proxy_variables  # noqa: E402
from .connect_dbutils import ConnectDBUtils  # noqa: E402
from .connect_link import ConnectionUnavailable, ConnectLink  # noqa: E402
from .display import TABLE_BYTES, TABLE_ROWS, Shown  # noqa: E402
from .errors import SQLError, clean  # noqa: E402
from .magics import Magics  # noqa: E402
from .packages import Packages  # noqa: E402
from .protocol import to_json  # noqa: E402
from .shell import make_shell  # noqa: E402

# Names that mean Spark when code uses them.
SPARK = re.compile(r"\b(?:spark|sql|table|_sqldf|pyspark)\b")
# Code that may use Spark, or import what imports it.
MENTION = re.compile(r"\b(?:spark|sql|table|display|_sqldf|dbutils|import)\b")
# What is said when a function of Python meets another version of it where Spark is: by Spark, and by the official client.
OTHER_PYTHON = re.compile(
    r"PYTHON_VERSION_MISMATCH|Python versions in the Spark Connect client and server are different"
)
VERSIONS = re.compile(r"different version: (\d+\.\d+) than that in driver: (\d+\.\d+)")
CLIENT_FRAME = re.compile(r"(?:\x1b\[[\d;]*m)*File .*/(?:pyspark|grpc|databricks/sdk|connect(?:_dbutils)?\.py)\b")
# Fewer seconds than whoever asked for the end grants.
LAST_SECONDS = 1.5


class ConnectMagics(Magics):
    """As everywhere; %pip says what does not see the packages."""

    def pip(self, line):
        super().pip(line)
        if line.split()[:1] == ["install"]:
            print("(Installed for Python on this machine. Functions that run on the workspace, UDFs, do not see it.)")


class ConnectContext(CommandLoop):
    """Commands whose Spark is on a workspace."""

    plain_errors = (*CommandLoop.plain_errors, ConnectionUnavailable, SQLError)

    def __init__(self, folder):
        os.makedirs(folder, exist_ok=True)
        packages = Packages(os.path.join(folder, "python"))
        packages.put_on_path()
        sys.path.insert(0, os.getcwd())
        super().__init__(channel, OutputCapture)
        self.shell = make_shell(os.path.join(folder, "ipython"))
        self._credentials = Credentials(lambda refused: channel.send("credentials", refused=refused))
        self.link = ConnectLink(self.shell.user_ns, self._credentials, self.tell)
        self.shown = self.shell.shown = Shown(self.link, None)
        self._url = None
        dbutils = ConnectDBUtils(lambda: self._url, self._credentials)
        self.shown_results = dbutils.without_secrets
        self.magics = ConnectMagics(self.shell, self.link, self.shown, dbutils, packages)
        self.shell.user_ns.update(
            display=self.shown.display, displayHTML=self.shown.display_html, dbutils=dbutils, sc=NoSparkContext()
        )
        self._loader = threading.Thread(target=load_client, daemon=True)

    def main(self, **members):
        use_proxy_variables()
        # Nobody waits yet: what the first use of Spark would wait for is imported meanwhile.
        self._loader.start()
        super().main(**members)

    def receive(self, message):
        op = message["op"]
        if op == "connect":
            self._url = message["url"]
            self.link.connect(message)
        elif op == "unavailable":
            self.link.refuse(message["message"])
        elif op == "credentials":
            if "error" in message:
                self._credentials.fail(message["error"])
            else:
                self._credentials.give(message["headers"], message.get("seconds"))

    def run_command(self, message):
        code, language = message["code"], message.get("language", "python")
        if language not in ("python", "sql"):
            return to_json(error_results(f"{language} does not run over Spark Connect: Python and SQL do"))
        if language == "sql" or MENTION.search(code):
            # Two threads that import pyspark at once end in each other's locks (_DeadlockError).
            self._loader.join()
        if language == "sql":
            return self._run_sql(code, message.get("arguments"))
        if not self.link.is_open and SPARK.search(code):
            self.link.spark  # so that the names are there
        self.shell.run_cell(self.magics.as_python(code), store_history=True)
        return None

    def _run_sql(self, statement, arguments):
        frame = self.link.frame(statement, arguments)
        self.shell.user_ns["_sqldf"] = frame
        if not frame.columns:
            return to_json({"resultType": "table", "isJsonSchema": True, "truncated": False, "schema": [], "data": []})
        return self.link.table(frame, TABLE_ROWS, TABLE_BYTES)

    def cancel_work(self, command):
        self.link.interrupt()

    def close(self):
        self.link.close(LAST_SECONDS)

    def shown_traceback(self, traceback):
        """Without the frames inside the clients (of ten, they are nine) and without the server's stack."""
        parts = traceback.split("\n\n")
        return clean("\n\n".join(part for part in parts if not CLIENT_FRAME.match(part)))

    def failed_results(self, kind, value):
        if issubclass(kind, SQLError):
            return to_json(error_results(value.message))
        if self.link.is_lost(value):
            return to_json(self._session_lost(value))
        if OTHER_PYTHON.search(str(value)):
            return to_json(other_python(str(value)))
        if self._credentials.problem is not None and kind.__module__.startswith("pyspark."):
            return to_json(error_results(f"not signed in: {self._credentials.problem}"))
        return None

    def _session_lost(self, error):
        """Says what is gone with Spark's session and what is not, and makes the next cell work."""
        is_new, frames = self.link.renew()
        if is_new:
            summary = "Spark's session on the workspace has ended (idle for too long, or restarted)"
            lines = [
                "Python's variables are kept; temporary views, SET, cached tables and running",
                "streams are gone. `spark` is a new session now, and nothing was run again:",
                ".rerun repeats the cell.",
            ]
        else:
            summary = "a DataFrame of this cell belongs to a session of Spark that has ended"
            lines = []
        if frames:
            lines.append(f"These belong to it, make them again: {', '.join(frames)}")
        return {"resultType": "error", "summary": summary, "cause": "\n".join([*lines, clean(str(error)).strip()])}


class NoSparkContext:
    """`sc`, which says that it is none; without it the name would be a magic of IPython's."""

    def __repr__(self):
        return "there is no SparkContext over Spark Connect, and so no RDD: use spark"

    def __getattr__(self, name):
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotImplementedError(repr(self))


def other_python(message):
    """What to do about a function of Python that cannot run where Spark is."""
    found = VERSIONS.search(message)
    here = "%d.%d" % sys.version_info[:2]
    there = f"it has {found[1]} there and {here} here" if found else f"it has {here} here, and another there"
    lines = [
        "Everything but functions of Python (UDFs) works with any version. dbsh setup connect takes python3.12, which",
        "serverless compute has, if it is on PATH; DBSH_CONNECT_PYTHON names an environment of another version that",
        "has a client of Spark Connect and IPython (.help serverless).",
    ]
    summary = f"a function that runs where Spark is needs the same version of Python here: {there}"
    return {"resultType": "error", "summary": summary, "cause": "\n".join([*lines, clean(message).strip()])}


def load_client():
    import warnings

    warnings.filterwarnings("ignore", module=r"pyspark\b")
    import pyspark.sql.connect.session  # noqa: F401
    from pyspark.logger import PySparkLogger

    # Errors reach the user through the command's results; pyspark would write each to stderr too.
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        PySparkLogger.getLogger(name).disabled = True


def main():
    lead_group()
    ConnectContext(os.path.abspath(sys.argv[1])).main(s=round(time.monotonic() - started, 2))
