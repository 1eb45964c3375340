"""The IPython shell of a context, without a terminal: what it would print or show goes to the command's results."""

import builtins
import os
import re
import signal
import subprocess
import sys
import traceback
import warnings

import psutil
from IPython.core.compilerop import CachingCompiler
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config


# Python 3.10, which Spark Connect does with, has no groups of exceptions.
GROUP = getattr(builtins, "BaseExceptionGroup", ())


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
    # (type, value, text) of the error that ended the last cell; None when it ended well.
    failure = None
    formatting = False
    # (value, text) of a traceback that is a failed cell's, or else is to be printed.
    _traceback = None
    _depth = 0

    def run_cell(self, *arguments, **options):
        """Runs a cell. Whether it failed is what IPython's result says: not every error has a traceback (a magic that
        is not there), and not every traceback is a failure (a `__repr__` that raises).
        """
        self._depth += 1
        try:
            result = super().run_cell(*arguments, **options)
        finally:
            self._depth -= 1
        error = result.error_before_exec or result.error_in_exec
        # A cell that was run by another's code has its traceback printed, and is not the command.
        is_command = self._depth == 0
        text = self._take_traceback(error if is_command else None)
        if is_command:
            self.failure = None if error is None else (type(error), error, text or one_line(error))
        return result

    def _take_traceback(self, error):
        """The text of the traceback when it is of this error; any other is printed."""
        held, self._traceback = self._traceback, None
        if held is None:
            return None
        if held[0] is error:
            return held[1]
        print(held[1], file=sys.stderr)
        return None

    def showtraceback(self, exc_tuple=None, *arguments, **options):
        """What IPython calls for every error; while it is at work, `formatting` is true."""
        self.formatting = True
        try:
            value = (exc_tuple or sys.exc_info())[1]
            if isinstance(value, SystemExit):
                self._hold(value, one_line(value))
            elif has_group(value):
                # IPython prints these itself, with its own frames.
                self._hold(value, "".join(traceback.format_exception(type(value), value, own_frames(value))))
            else:
                super().showtraceback(exc_tuple, *arguments, **options)
        finally:
            self.formatting = False

    def _showtraceback(self, etype, evalue, stb):
        self._hold(evalue, self.InteractiveTB.stb2text(stb))

    def show_usage_error(self, exc):
        self._hold(exc, one_line(exc))

    def _hold(self, value, text):
        self._take_traceback(None)
        self._traceback = (value, text)

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
    # IPython's own would look for a terminal to leave.
    shell.user_ns.update(exit=leave, quit=leave)
    warnings.filterwarnings("ignore", message="To exit: use 'exit', 'quit'")
    builtins.input = _no_input
    # Before matplotlib's own, which is registered when it is imported.
    shell.events.register("post_execute", lambda: shell.shown.close_figures())
    return shell


def run_shell(script, *options):
    """Runs a script with bash, output to ours, and gives its status; an interrupt ends all that it has started."""
    process = subprocess.Popen(["bash", *options, "-c", script])
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


def leave(code=None):
    """exit() and quit() of a command: they end it."""
    raise SystemExit(code)


def one_line(error):
    """An error without its traceback, as Python's own tracebacks end."""
    return "".join(traceback.format_exception_only(type(error), error)).strip()


def has_group(error):
    """Whether it is an exception group, or was raised while one was handled."""
    while error is not None and not isinstance(error, GROUP):
        error = error.__context__
    return error is not None


def own_frames(error):
    """Its traceback from the first frame on that is a command's."""
    frame = error.__traceback__
    while frame is not None and not frame.tb_frame.f_code.co_filename.startswith("<command-"):
        frame = frame.tb_next
    return frame or error.__traceback__


def _plain(data):
    text = data.get("text/plain", "") if isinstance(data, dict) else str(data)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _no_input(prompt=""):
    raise EOFError("input() is not supported: a command of an execution context has no standard input")
