"""Statements that read files: COPY INTO and read_files."""

import os

from errors import SQLError
from sql_rules import rewrite
from sql_text import Cursor, quoted


@rewrite
def copy_into(dialect, text):
    """COPY INTO t FROM 'path' FILEFORMAT = x [FORMAT_OPTIONS (…)] [COPY_OPTIONS (…)]."""
    cursor = Cursor(text)
    table = cursor.name() if cursor.take("copy", "into") else None
    path = cursor.string() if table and cursor.take("from") else None
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
    if file_format in ("csv", "json"):
        reader = reader.schema(dialect.spark.table(quoted(table)).schema)
    files = reader.load(path)
    columns = ", ".join(quoted([name]) for name in files.columns)
    return f"INSERT INTO {quoted(table)} ({columns}) SELECT {columns} FROM {dialect.view(files)}"


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
        file_format = options.pop("format", os.path.splitext(path)[1][1:] or "csv")
        options.setdefault("inferSchema", "true")
        cursor.replace(start, dialect.view(dialect.spark.read.format(file_format).options(**options).load(path)))
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
