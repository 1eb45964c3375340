"""The part of `dbutils` that makes sense on one machine: files, widgets, notebook.exit. The rest says that it is not
there.
"""

import functools
import os
import shutil
from collections import namedtuple



class FileInfo(namedtuple("FileInfo", "path name size modificationTime")):
    """An entry of `dbutils.fs.ls`; the path of a folder ends with a slash."""

    __slots__ = ()

    def isDir(self):
        return self.path.endswith("/")

    def isFile(self):
        return not self.isDir()


class NotebookExit(Exception):
    """dbutils.notebook.exit(value): ends the command, whose result is the value."""


def named(method):
    """A method of `Files` whose errors name files as users write them."""

    @functools.wraps(method)
    def call(self, *arguments, **options):
        try:
            return method(self, *arguments, **options)
        except OSError as error:
            raise self.in_users_words(error) from None

    return call


class Files:
    """dbutils.fs. `dbfs:/x` and `/x` are in the workspace's own folder, `file:/x` is the machine's file."""

    def __init__(self, root):
        self._root = os.path.realpath(root)

    @named
    def ls(self, path):
        place = self._place(path)
        if not os.path.isdir(place):
            return [self._info(place)]
        return [self._info(os.path.join(place, name)) for name in sorted(os.listdir(place))]

    @named
    def head(self, file, maxBytes=65536):
        with open(self._place(file), "rb") as stream:
            return stream.read(int(maxBytes)).decode("utf-8", "replace")

    @named
    def put(self, file, contents, overwrite=False):
        place = self._place(file)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        with open(place, "w" if _truth(overwrite) else "x", encoding="utf-8") as stream:
            stream.write(contents)
        print(f"Wrote {len(contents.encode())} bytes.")
        return True

    @named
    def cp(self, source, target, recurse=False):
        source, target = self._place(source), self._place(target)
        if os.path.isdir(source):
            if not _truth(recurse):
                raise IsADirectoryError(f"{self._shown(source)} is a directory: use recurse=True")
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            shutil.copy(source, target)
        return True

    @named
    def mv(self, source, target, recurse=False):
        target = self._place(target)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.move(self._place(source), target)
        return True

    @named
    def rm(self, path, recurse=False):
        place = self._place(path)
        if place == self._root:
            raise PermissionError("the root cannot be removed")
        if os.path.isdir(place) and _truth(recurse):
            shutil.rmtree(place)
        elif os.path.isdir(place):
            os.rmdir(place)
        elif os.path.exists(place):
            os.remove(place)
        else:
            return False
        return True

    @named
    def mkdirs(self, path):
        os.makedirs(self._place(path), exist_ok=True)
        return True

    def _place(self, path):
        if path.startswith("file:"):
            return os.path.abspath(path.removeprefix("file:"))
        # Normalised from the root, so that `..` does not lead out of it.
        inside = os.path.normpath("/" + path.removeprefix("dbfs:").lstrip("/"))
        return os.path.join(self._root, inside.lstrip("/")) if inside != "/" else self._root

    def _info(self, place):
        state = os.stat(place)
        folder = os.path.isdir(place)
        slash = "/" if folder else ""
        size = 0 if folder else state.st_size
        return FileInfo(self._shown(place) + slash, os.path.basename(place) + slash, size, int(state.st_mtime * 1000))


    def _shown(self, place):
        """A file's name as users write it: where DBFS lies on this machine is nobody's concern."""
        inside = os.path.relpath(place, self._root)
        if inside == ".":
            return "dbfs:/"
        return "file:" + place if inside.split(os.sep)[0] == ".." else "dbfs:/" + inside

    def in_users_words(self, error):
        """An error of the system that names files as users write them."""
        if error.errno is None or error.filename is None:
            return type(error)(str(error).replace(self._root + os.sep, "dbfs:/"))
        names = [self._shown(os.fspath(name)) for name in (error.filename, error.filename2) if name is not None]
        return type(error)(error.errno, f"{error.strerror}: {' -> '.join(names)}")


class Widgets:
    """dbutils.widgets: values by name. Without a page to show them on, a widget keeps its default until it is set from
    code.
    """

    def __init__(self):
        self._values = {}

    def text(self, name, defaultValue="", label=None):
        self._values.setdefault(name, defaultValue)

    def dropdown(self, name, defaultValue, choices, label=None):
        if defaultValue not in choices:
            raise ValueError(f"the default '{defaultValue}' of widget '{name}' is not one of its choices")
        self._values.setdefault(name, defaultValue)

    combobox = dropdown

    def multiselect(self, name, defaultValue, choices, label=None):
        self._values.setdefault(name, defaultValue)

    def get(self, name):
        if name not in self._values:
            raise KeyError(f"InputWidgetNotDefined: no input widget named {name} is defined")
        return self._values[name]

    def getArgument(self, name, defaultValue=None):
        return self._values.get(name, defaultValue)

    def getAll(self):
        return dict(self._values)

    def remove(self, name):
        self._values.pop(name, None)

    def removeAll(self):
        self._values.clear()


class Notebook:
    def __init__(self, where):
        """`where` what is missing is not available."""
        self._where = where

    def exit(self, value):
        raise NotebookExit(str(value))

    def __getattr__(self, name):
        raise NotImplementedError(f"dbutils.notebook.{name} is not available {self._where}")


class DBUtils:
    """dbutils."""

    def __init__(self, workspace):
        self.fs = Files(workspace.dbfs)
        self.widgets = Widgets()
        self.notebook = Notebook("in the local workspace")

    def help(self):
        print("dbutils.fs, dbutils.widgets and dbutils.notebook.exit are available in the local workspace.")

    def __getattr__(self, name):
        raise NotImplementedError(f"dbutils.{name} is not available in the local workspace")


def _truth(value):
    return value if isinstance(value, bool) else str(value).lower() == "true"
