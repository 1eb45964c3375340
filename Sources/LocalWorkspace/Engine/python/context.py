"""One execution context: Python (IPython) and R for the server, over JSON lines. Usage: run.py context CONTEXT_ID
WORKSPACE_DIR (see PROTOCOL.md).
"""

import os
import sys
import time

started = time.monotonic()

from .protocol import Channel  # noqa: E402

# Before anything is imported that might print: descriptors 0 and 1 are the protocol's.
channel = Channel()

from .capture import OutputCapture  # noqa: E402
from .installation import Workspace, clean_environment  # noqa: E402

clean_environment()
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
os.environ.setdefault("MPLCONFIGDIR", os.path.join(sys.prefix, "matplotlib"))
os.environ["PAGER"] = "cat"
os.environ.setdefault("PLOTLY_RENDERER", "databricks")  # shows by displayHTML, as on a cluster

from .command_loop import CommandLoop, files_of, lead_group  # noqa: E402
from .dbutils import DBUtils  # noqa: E402
from .display import Shown  # noqa: E402
from .errors import SQLError  # noqa: E402
from .magics import Magics  # noqa: E402
from .packages import Packages  # noqa: E402
from .protocol import to_json  # noqa: E402
from .r_language import RLanguage  # noqa: E402
from .shell import make_shell  # noqa: E402
from .spark_link import EngineUnavailable, SparkLink  # noqa: E402


class Context(CommandLoop):
    """Commands whose Spark is the local engine's."""

    plain_errors = (*CommandLoop.plain_errors, EngineUnavailable, SQLError)

    def __init__(self, name, folder):
        self.name = name
        workspace = Workspace(folder)
        os.chdir(workspace.home)
        packages = Packages(workspace.packages)
        packages.put_on_path()
        sys.path.insert(0, workspace.home)
        super().__init__(channel, OutputCapture)
        self.shell = make_shell(os.path.join(workspace.folder, "ipython"))
        self.link = SparkLink(name, self.shell.user_ns, workspace)
        self.shown = self.shell.shown = Shown(self.link, workspace.dbfs)
        self.r = RLanguage()
        dbutils = DBUtils(workspace)
        self.magics = Magics(self.shell, self.link, self.shown, dbutils, packages)
        self.shell.user_ns.update(display=self.shown.display, displayHTML=self.shown.display_html, dbutils=dbutils)

    def receive(self, message):
        if message["op"] == "attach":
            self.link.attach(message["port"], message["secret"])
        elif message["op"] == "unavailable":
            self.link.refuse(message["message"])

    def run_command(self, message):
        if message.get("language") == "r":
            return to_json(self.r.run(message["code"]))
        code = self.magics.as_python(message["code"])
        self.link.prepare(code, self.shell.transform_cell(code), self._group(message["id"]))
        self.shell.run_cell(code, store_history=True)
        return None

    def cancel_work(self, command):
        while self.running == command:
            self.link.cancel(self._group(command))
            self.ended.wait(0.2)

    def is_in_call(self, frame):
        return any(f"{os.sep}py4j{os.sep}" in name for name in files_of(frame))

    def drop_call(self):
        self.link.drop_connection()

    def _group(self, command):
        return f"{self.name}/{command}"


def main():
    lead_group()
    Context(sys.argv[1], sys.argv[2]).main(s=round(time.monotonic() - started, 2))
