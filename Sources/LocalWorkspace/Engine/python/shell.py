"""The IPython shell of a context, without a terminal: what it would print or show goes to the command's results."""

import builtins
import os
import re
import signal
import subprocess

import psutil
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config


class EchoHook(DisplayHook):
    """Writes the value of the last expression, without `Out[1]:`."""

    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        if self.shell.shown.add_picture_of(format_dict):
            return
        plain = format_dict.get("text/plain", "")
        if "text/html" in format_dict and plain.startswith("<"):
            # A value that is only HTML: its text would be `<IPython.core.display.HTML object>`.
            self.shell.shown.display_html(format_dict["text/html"])
        else:
            print(plain)


class ShownPublisher(DisplayPublisher):
    """Where IPython's own display goes, and matplotlib's figures at the end of a command."""

    def publish(self, data, metadata=None, **options):
        self.shell.shown.add_bundle(data)


class CommandCompiler(CachingCompiler):
    """Tracebacks name a command as Databricks' do: `File <command-7>:2`."""

    def get_code_name(self, raw_code, transformed_code, number):
        return f"<command-{number}>"

    def format_code_name(self, name):
        return None


class ContextShell(InteractiveShell):
    """IPython for one context."""

    displayhook_class = Type(EchoHook)
    display_pub_class = Type(ShownPublisher)
    compiler_class = Type(CommandCompiler)
    shown = None
    failure = None
    formatting = False

    def showtraceback(self, *arguments, **options):
        """What IPython calls for every error; while it is at work, `formatting` is true."""
        self.formatting = True
        try:
            super().showtraceback(*arguments, **options)
        finally:
            self.formatting = False

    def _showtraceback(self, etype, evalue, stb):
        self.failure = (etype, evalue, self.InteractiveTB.stb2text(stb))

    def enable_gui(self, gui=None):
        pass

    def system(self, command):
        """`!command`, written to the same descriptors as everything else."""
        self.user_ns["_exit_code"] = run_shell(self.var_expand(command, depth=1))

    system_raw = system_piped = system


def make_shell(folder):
    """The shell; IPython keeps what it wants to keep in `folder`, not in the user's home."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.ipython_dir = folder
    config.InteractiveShell.colors = "neutral"  # to be read on dark and on light
    config.InteractiveShell.xmode = "Context"
    config.InteractiveShell.ast_node_interactivity = "last_expr"
    config.InteractiveShell.cache_size = 100
    shell = ContextShell.instance(config=config)
    shell.set_hook("show_in_pager", lambda _, data, start, screen_lines: print(_plain(data)))
    # IPython's own would look for a terminal to leave; Python's raise SystemExit.
    for name in ("exit", "quit"):
        shell.user_ns.pop(name, None)
    builtins.input = _no_input
    return shell


def run_shell(script):
    """Runs a script with bash, output to ours, and gives its status; an interrupt ends all that it has started."""
    process = subprocess.Popen(["bash", "-c", script])
    try:
        return process.wait()
    except KeyboardInterrupt:
        family = [process.pid]
        try:
            family += [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            pass
        for number in family:
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait()
        raise


def _plain(data):
    text = data.get("text/plain", "") if isinstance(data, dict) else str(data)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _no_input(prompt=""):
    raise EOFError("input() is not supported: a command of an execution context has no standard input")
