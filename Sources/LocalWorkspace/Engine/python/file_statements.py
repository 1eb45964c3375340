"""Statements that read files: COPY INTO and read_files."""

import os
import re

from sql_rules import rewrite, statement
from sql_text import NAME, quoted


@statement(
    r"COPY\s+INTO\s+"
    + NAME
    + r"\s+FROM\s+'([^']*)'\s+FILEFORMAT\s*=\s*(\w+)(?:\s+FORMAT_OPTIONS\s*\((.*?)\))?(?:\s+COPY_OPTIONS\s*\(.*\))?"
)
def copy_into(dialect, match):
    table, path, file_format = match[1], match[2], match[3].lower()
    reader = dialect.spark.read.format(file_format).options(
        **dict(re.findall(r"'([^']*)'\s*=\s*'([^']*)'", match[4] or ""))
    )
    if file_format in ("csv", "json"):
        reader = reader.schema(dialect.spark.table(table).schema)
    files = reader.load(path)
    columns = ", ".join(quoted([name]) for name in files.columns)
    return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {dialect.view(files)}"


@rewrite
def read_files(dialect, text):
    """`read_files('path', format => 'csv', …)` as a view that lasts as long as the statement."""

    def view(match):
        options = {
            name: value[1:-1] if value.startswith("'") else value
            for name, value in re.findall(r"(\w+)\s*=>\s*('[^']*'|[\w.]+)", match[2])
        }
        file_format = options.pop("format", os.path.splitext(match[1])[1][1:] or "csv")
        options.setdefault("inferSchema", "true")
        return dialect.view(dialect.spark.read.format(file_format).options(**options).load(match[1]))

    return re.sub(
        r"\bread_files\s*\(\s*'([^']*)'\s*((?:,\s*\w+\s*=>\s*(?:'[^']*'|[\w.]+)\s*)*)\)",
        view,
        text,
        flags=re.IGNORECASE,
    )
