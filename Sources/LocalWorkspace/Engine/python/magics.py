"""The magics of a Databricks notebook that IPython does not have, or has otherwise: %sh, %fs, %sql, %pip."""

import inspect
import re
import shlex

from .shell import run_shell

# A magic in the first line that is the language of the whole command.
WHOLE_COMMAND = re.compile(r"\s*%(sh|fs|sql|md|python)\b[ \t]*(.*)", re.DOTALL)
# `%sh -e`.
STOPS_AT_ERRORS = re.compile(r"\s*-e(?:\s|$)")
# What recurse=True is in %fs.
RECURSE = ("-r", "--recurse")


class CommandFailed(Exception):
    """A shell command or pip ended with a status other than 0."""


class Magics:
    """Registers them with a shell, and runs commands that are one as a whole."""

    def __init__(self, shell, link, shown, dbutils, packages):
        self._link = link
        self._shown = shown
        self._dbutils = dbutils
        self._packages = packages
        self._namespace = shell.user_ns
        shell.register_magic_function(self.pip, "line", "pip")
        for name, method in (("sh", self.sh), ("bash", self.sh), ("fs", self.fs), ("sql", self.sql)):
            shell.register_magic_function(_line_or_cell(method), "line_cell", name)

    def as_python(self, code):
        """The Python that a command amounts to: its own text, or a call when a magic is the language of the whole
        command.
        """
        match = WHOLE_COMMAND.match(code)
        if match is None:
            return code
        name, rest = match[1], match[2]
        if name == "python":
            return rest
        if name == "md":
            return ""
        body = rest or "\n"  # IPython refuses a cell magic without a body before the magic can say what it wants
        return f"get_ipython().run_cell_magic({name!r}, '', {body!r})"

    def sh(self, script):
        """%sh: a bash script, whose status does not matter. With `-e` it ends at the first command that fails, and the
        cell has failed then (Databricks documentation, "Mix languages").
        """
        option = STOPS_AT_ERRORS.match(script)
        if option is None:
            run_shell(script)
            return
        status = run_shell(script[option.end() :], "-e")
        if status != 0:
            raise CommandFailed(f"the shell command ended with status {status}")

    def fs(self, line):
        """%fs ls /path: a method of dbutils.fs."""
        words = shlex.split(line)
        method = getattr(self._dbutils.fs, words[0], None) if words and not words[0].startswith("_") else None
        # The flag stands anywhere; the parameter is the last one.
        names = [word for word in words[1:] if word not in RECURSE]
        arguments = names + [True] * (len(names) < len(words) - 1)
        if method is None:
            raise CommandFailed("usage: %fs ls|head|put|cp|mv|rm|mkdirs PATH …")
        try:
            inspect.signature(method).bind(*arguments)
        except TypeError as mismatch:
            names = " ".join(name.upper() for name in inspect.signature(method).parameters)
            raise CommandFailed(f"%fs {words[0]}: {mismatch}; usage: %fs {words[0]} {names}") from None
        answer = method(*arguments)
        if isinstance(answer, list) and answer:
            self._shown.display(answer)
        elif not isinstance(answer, list):
            print(answer)

    def sql(self, statement):
        """%sql: in the context's session, shown as a table, and known as _sqldf."""
        frame = self._link.frame(statement)
        self._namespace["_sqldf"] = frame
        if frame.schema.fields:
            self._shown.add_frame(frame)

    def pip(self, line):
        """%pip install …: into the workspace's own packages."""
        import importlib

        status = self._packages.pip(shlex.split(line))
        importlib.invalidate_caches()
        if status != 0:
            raise CommandFailed(f"pip ended with status {status}")


def _line_or_cell(method):
    def magic(line, cell=None):
        return method("\n".join(part for part in (line, cell) if part))

    return magic
