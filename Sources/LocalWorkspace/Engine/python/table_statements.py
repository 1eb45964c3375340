"""Statements about Delta tables, answered for the tables of the local workspace."""

import json
import os
from datetime import datetime, timezone

from .errors import SQLError
from .sql_rules import statement
from .sql_text import NAME, name_parts, quoted, string_literal


@statement(r"DESC(?:RIBE)?\s+HISTORY\s+" + NAME)
def history(dialect, match):
    table = stored_table(dialect, match[1])
    return dialect.rows(
        "version bigint, timestamp timestamp, operation string, operationMetrics map<string,string>",
        [
            (
                version["version"],
                instant(version["ts"]),
                version["op"],
                {k: str(v) for k, v in version["metrics"].items()},
            )
            for version in reversed(table.known["versions"])
        ],
    )


@statement(r"DESC(?:RIBE)?\s+DETAIL\s+" + NAME)
def detail(dialect, match):
    table = stored_table(dialect, match[1])
    known, newest = table.known, table.known["versions"][-1]
    files = table.files(newest)
    return dialect.rows(
        "format string, id string, name string, description string, location string, "
        "createdAt timestamp, lastModified timestamp, partitionColumns array<string>, "
        "numFiles bigint, sizeInBytes bigint, properties map<string,string>",
        [
            (
                # The files are plain Parquet; `delta` is what the table was declared as.
                known["properties"].get("provider", "delta"),
                known["id"],
                ".".join(table.parts),
                known["properties"].get("comment"),
                "file:" + table.folder,
                instant(known["created"]),
                instant(newest["ts"]),
                known["partitions"],
                len(files),
                sum(map(os.path.getsize, files)),
                known["properties"],
            )
        ],
    )


@statement(r"OPTIMIZE\s+" + NAME + r"(?:\s+WHERE\s.*?)?(?:\s+ZORDER\s+BY\s.*)?")
def optimize(dialect, match):
    """Nothing to do for tables of this size: says that no file was added or removed."""
    table = stored_table(dialect, match[1])
    return dialect.rows(
        "path string, metrics struct<numFilesAdded:bigint,numFilesRemoved:bigint>",
        [("file:" + table.folder, (0, 0))],
    )


@statement(r"VACUUM\s+" + NAME + r"(?:\s.*)?")
def vacuum(dialect, match):
    """Keeps every version: says where the table is, as Databricks does when it has removed what it could."""
    return dialect.rows("path string", [("file:" + stored_table(dialect, match[1]).folder,)])


@statement(r"RESTORE\s+(?:TABLE\s+)?" + NAME + r"\s+TO\s+VERSION\s+AS\s+OF\s+(\d+)")
def restore(dialect, match):
    return f"INSERT OVERWRITE {match[1]} SELECT * FROM {match[1]} VERSION AS OF {match[2]}"


@statement(r"UNDROP\s+TABLE\s+" + NAME)
def undrop(dialect, match):
    parts = dialect.session.full_name(name_parts(match[1]))
    catalog, schema, table = parts[0], parts[1].lower(), parts[2].lower()
    dropped = os.path.join(dialect.workspace.catalogs, f".{catalog}-dropped")
    kept = [
        name
        for name in (os.listdir(dropped) if os.path.isdir(dropped) else [])
        if name.startswith(f"{schema}.{table}.")
    ]
    if not kept:
        raise SQLError.local(
            "TABLE_OR_VIEW_NOT_FOUND", "42P01", f"There is no dropped table {quoted(parts)} to restore."
        )
    target = os.path.join(dialect.workspace.catalogs, catalog, schema, table)
    if os.path.exists(target):
        raise SQLError.local("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", f"There is a table {quoted(parts)} already.")
    os.rename(os.path.join(dropped, max(kept)), target)
    return dialect.nothing()


@statement(r"ANALYZE\s+TABLE\s.*")
def analyze(dialect, match):
    """Statistics are read from the Parquet files whenever they are needed."""
    return dialect.nothing()


@statement(r"CACHE\s+(SELECT\s.*)")
def cache_select(dialect, match):
    return match[1]


@statement(r"SHOW\s+PARTITIONS\s+" + NAME)
def partitions(dialect, match):
    table = stored_table(dialect, match[1])
    columns = table.known["partitions"]
    if not columns:
        raise SQLError.local(
            "INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY",
            "42601",
            f"The partition command is invalid. Table {quoted(table.parts)} is not partitioned.",
        )
    parts = ", ".join(f"concat({string_literal(column + '=')}, {quoted([column])})" for column in columns)
    return f"SELECT DISTINCT concat_ws('/', {parts}) AS partition FROM {match[1]} ORDER BY 1"


def stored_table(dialect, name):
    """A table of ours, from its file. Raises Spark's own error when there is no such table."""
    parts = dialect.session.full_name(name_parts(name))
    root = dialect.workspace.catalogs
    if parts[0].lower() == "samples":
        root = dialect.spark.conf.get("spark.sql.catalog.samples.root")
    table = StoredTable(parts, os.path.join(root, parts[0].lower(), parts[1].lower(), parts[2].lower()))
    if table.known is None:
        dialect.spark.sql(f"DESCRIBE TABLE {quoted(parts)}")
        raise SQLError.local(
            "EXPECT_TABLE_NOT_VIEW", "42809", f"{quoted(parts)} is not a table of the local workspace."
        )
    return table


class StoredTable:
    """What the catalog's file knows of a table; `known` is None when there is no such file."""

    def __init__(self, parts, folder):
        self.parts = parts
        self.folder = folder
        try:
            with open(os.path.join(folder, "_table.json"), encoding="utf-8") as file:
                self.known = json.load(file)
        except FileNotFoundError:
            self.known = None

    def files(self, version):
        """The Parquet files of one of its versions."""
        return [
            os.path.join(place, name)
            for data in version["dirs"]
            for place, _, names in os.walk(os.path.join(self.folder, data))
            for name in names
            if name.endswith(".parquet")
        ]


def instant(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
