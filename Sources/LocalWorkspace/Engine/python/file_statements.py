"""Statements that read files: COPY INTO and read_files."""

import glob
import os

from .errors import SQLError
from .sql_rules import rewrite
from .sql_text import Cursor, quoted, string_value


@rewrite
def copy_into(dialect, text):
    """COPY INTO t FROM 'path' FILEFORMAT = x [FORMAT_OPTIONS (…)] [COPY_OPTIONS (…)], or FROM (SELECT … FROM 'path')."""
    cursor = Cursor(text)
    table = cursor.name() if cursor.take("copy", "into") else None
    if not table or not cursor.take("from"):
        return text
    path, query = cursor.string(), None
    if path is None and cursor.take("("):
        path, query = _selected(cursor)
    file_format = _format(cursor) if path is not None else None
    if file_format is None:
        return text
    options = {}
    while word := next((word for word in ("format_options", "copy_options") if cursor.take(word)), None):
        found = _pairs(cursor, "=")
        options |= found if word == "format_options" else {}
    cursor.take(";")
    if cursor.peek() != ("", ""):
        return text
    reader = dialect.spark.read.format(file_format).options(**options)
    if query is not None:
        return f"INSERT INTO {quoted(table)} BY NAME " + query(dialect.view(reader.load(location(dialect, path))))
    if file_format in ("csv", "json"):
        reader = reader.schema(dialect.spark.table(quoted(table)).schema)
    files = reader.load(location(dialect, path))
    columns = ", ".join(quoted([name]) for name in files.columns)
    return f"INSERT INTO {quoted(table)} ({columns}) SELECT {columns} FROM {dialect.view(files)}"


def _selected(cursor):
    """`SELECT … FROM 'path' …)`: the path, and a function that gives the query with a name in its place."""
    start, depth, place = cursor.at, 1, None
    while cursor.peek()[0]:
        if place is None and cursor.peek()[1].lower() == "from" and cursor.peek(1)[0] == "string":
            place = cursor.at + 1
        depth += {"(": 1, ")": -1}.get(cursor.peek()[1], 0)
        cursor.at += 1
        if depth == 0:
            break
    if place is None or depth:
        return None, None
    before, after = cursor.between(start, place), cursor.between(place + 1, cursor.at - 1)
    return string_value(cursor.between(place, place + 1).strip()), lambda name: before + name + " " + after


def location(dialect, path):
    """Where a path of the workspace lies on this machine: `/Volumes/…` and `dbfs:/…` are folders of its data."""
    inside = path.removeprefix("dbfs:")
    if inside == path and not path.startswith("/Volumes/"):
        return path
    place = dialect.workspace.dbfs + os.path.normpath("/" + inside.lstrip("/"))
    if not glob.glob(place):
        raise SQLError.local("PATH_NOT_FOUND", "42K03", f"Path does not exist: {path}.")
    return place


def _format(cursor):
    if not cursor.take("fileformat", "="):
        return None
    kind, text = cursor.peek()
    cursor.at += 1
    return text.lower() if kind == "word" else None


@rewrite
def read_files(dialect, text):
    """`read_files('path', format => 'csv', …)` as a view that lasts as long as the statement."""
    cursor = Cursor(text)
    for parts, start in cursor.calls():
        if [part.lower() for part in parts] != ["read_files"]:
            continue
        cursor.take("(")
        path = cursor.string()
        if path is None:
            raise SQLError.local(
                "UNSUPPORTED_FEATURE", "0A000", "read_files takes the path as a string in the local workspace."
            )
        cursor.take(",")
        options = _pairs(cursor, "=", ">")
        file_format = options.pop("format", os.path.splitext(path.removesuffix(".gz"))[1][1:] or "csv")
        schema = options.pop("schema", None)
        reader = dialect.spark.read.format(file_format)
        if schema is not None:
            reader = reader.schema(schema)
        else:
            options.setdefault("inferSchema", "true")
        files = reader.options(**options).load(location(dialect, path))
        cursor.replace(start, dialect.view(files))
    return cursor.text


def _pairs(cursor, *sign):
    """Names and values up to the closing bracket: `'a' = 'b', …`, or `a => 'b', …`."""
    pairs = {}
    cursor.take("(")
    while cursor.peek()[0] and not cursor.take(")"):
        name = cursor.string()
        if name is None:
            name = ".".join(cursor.name() or [""])
        if not name or not cursor.take(*sign):
            raise SQLError.local("PARSE_SYNTAX_ERROR", "42601", f"Syntax error at or near '{cursor.peek()[1]}'.")
        value = cursor.string()
        if value is None:
            value = ""
            while cursor.peek()[1] not in (",", ")", ""):
                value += cursor.peek()[1]
                cursor.at += 1
        pairs[name] = value
        cursor.take(",")
    return pairs
