"""Statements that Databricks has and Spark lacks.

The rule: Spark gets the text unchanged first. Only when it refuses the text, before anything has run, is one of the
forms below looked for. (The one
exception is SHOW CATALOGS, which Spark answers, but with the catalogs used so far.)
"""

import fnmatch
import json
import os
import re
import shutil
import uuid
from datetime import datetime, timezone

from errors import SQLError
from sql_text import NAME, json_paths_as_calls, name_parts, quoted, replace_call

RULES = []


def statement(pattern):
    """Declares a method as the answer to such statements: it returns a DataFrame, or the text to run instead."""

    def declare(method):
        RULES.append((re.compile(pattern + r"\s*", re.IGNORECASE | re.DOTALL), method))
        return method

    return declare


class DatabricksSQL:
    """Runs statements in a session, in Databricks' dialect."""

    def __init__(self, session):
        self.session = session
        self._temporary_views = []

    @property
    def spark(self):
        return self.session.spark

    @property
    def workspace(self):
        return self.session.workspace

    def run(self, sql, arguments=None):
        if re.match(r"\s*SHOW\s+CATALOGS\b", sql, re.IGNORECASE):
            return self._answer(sql)
        from pyspark.errors import AnalysisException

        text, first_refusal = sql, None
        try:
            while True:
                try:
                    return self.spark.sql(text, args=arguments) if arguments else self.spark.sql(text)
                except AnalysisException as refusal:
                    first_refusal = first_refusal or refusal
                    condition = refusal.getCondition() or ""
                    # A script has run up to the statement that is refused, unless none of it could be read.
                    if condition != "PARSE_SYNTAX_ERROR" and re.match(r"\s*BEGIN\b", text, re.IGNORECASE):
                        raise
                    replacement = self._answer(text)
                    if replacement is None:
                        # Of a text we have changed, the user should not be shown what he did not write.
                        raise first_refusal if condition == "PARSE_SYNTAX_ERROR" else refusal
                    if not isinstance(replacement, str):
                        return replacement
                    text = replacement
        finally:
            for view in self._temporary_views:
                self.spark.catalog.dropTempView(view)
            self._temporary_views.clear()

    def _answer(self, sql):
        """A DataFrame, another text, or None when this is nothing of Databricks'."""
        bare = sql.strip().rstrip(";").strip()
        for pattern, method in RULES:
            match = pattern.fullmatch(bare)
            if match:
                return method(self, match)
        for rewrite in (self._conditional, self._files, self._functions, json_paths_as_calls):
            changed = rewrite(sql)
            if changed != sql:
                return changed
        return None

    # Catalogs -----------------------------------------------------------------------------------------------------

    @statement(r"USE\s+CATALOG\s+" + NAME)
    def _use_catalog(self, match):
        return f"SET CATALOG {match[1]}"

    @statement(r"SHOW\s+CATALOGS(?:\s+(?:LIKE\s+)?'([^']*)')?")
    def _show_catalogs(self, match):
        pattern = match[1] or "*"
        names = [
            name for name in self.workspace.catalog_names() if any(fnmatch.fnmatch(name, p) for p in pattern.split("|"))
        ]
        return self._rows("catalog string", [(name,) for name in names])

    @statement(r"CREATE\s+CATALOG\s+(IF\s+NOT\s+EXISTS\s+)?(`[^`]+`|\w+)(?:\s+COMMENT\s+'[^']*')?")
    def _create_catalog(self, match):
        name = name_parts(match[2])[0].lower()
        if name in self.workspace.catalog_names() or name in ("spark_catalog", "system", "session"):
            if match[1]:
                return self._nothing()
            raise SQLError.local("CATALOG_ALREADY_EXISTS", "42710", f"Catalog '{name}' already exists.")
        if not re.fullmatch(r"[a-z0-9_]+", name):
            raise SQLError.local(
                "INVALID_NAME", "42602", f"'{name}' cannot be the name of a catalog in the local workspace."
            )
        os.makedirs(os.path.join(self.workspace.catalogs, name, "default"))
        self.session.scala.Sessions.addCatalog(self.spark._jsparkSession, name, self.workspace.catalogs)
        return self._nothing()

    @statement(r"DROP\s+CATALOG\s+(IF\s+EXISTS\s+)?(`[^`]+`|\w+)(\s+CASCADE|\s+RESTRICT)?")
    def _drop_catalog(self, match):
        name = name_parts(match[2])[0].lower()
        folder = os.path.join(self.workspace.catalogs, name)
        if name in ("main", "samples"):
            raise SQLError.local("UNSUPPORTED_FEATURE", "0A000", f"Catalog '{name}' cannot be dropped.")
        if name not in self.workspace.catalog_names():
            if match[1]:
                return self._nothing()
            raise SQLError.local("CATALOG_NOT_FOUND", "42P08", f"The catalog '{name}' not found.")
        full = any(files for _, _, files in os.walk(folder))
        if full and (match[3] or "").strip().upper() != "CASCADE":
            raise SQLError.local(
                "CATALOG_NOT_EMPTY", "2BP01", f"Catalog '{name}' is not empty. Use DROP CATALOG ... CASCADE."
            )
        shutil.rmtree(folder)
        return self._nothing()

    @statement(r"SHOW\s+VOLUMES\b.*")
    def _show_volumes(self, match):
        return self._rows("database string, volume_name string", [])

    @statement(r"(?:GRANT|REVOKE|DENY|SHOW\s+GRANTS?)\b.*")
    def _privileges(self, match):
        raise SQLError.local(
            "UNSUPPORTED_FEATURE", "0A000", "The local workspace has one user and keeps no privileges."
        )

    # Tables of Delta ----------------------------------------------------------------------------------------------

    @statement(r"DESC(?:RIBE)?\s+HISTORY\s+" + NAME)
    def _history(self, match):
        table = self._table(match[1])
        return self._rows(
            "version bigint, timestamp timestamp, operation string, operationMetrics map<string,string>",
            [
                (
                    version["version"],
                    _instant(version["ts"]),
                    version["op"],
                    {k: str(v) for k, v in version["metrics"].items()},
                )
                for version in reversed(table.known["versions"])
            ],
        )

    @statement(r"DESC(?:RIBE)?\s+DETAIL\s+" + NAME)
    def _detail(self, match):
        table = self._table(match[1])
        known, newest = table.known, table.known["versions"][-1]
        files = table.files(newest)
        return self._rows(
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
                    _instant(known["created"]),
                    _instant(newest["ts"]),
                    known["partitions"],
                    len(files),
                    sum(map(os.path.getsize, files)),
                    known["properties"],
                )
            ],
        )

    @statement(r"OPTIMIZE\s+" + NAME + r"(?:\s+WHERE\s.*?)?(?:\s+ZORDER\s+BY\s.*)?")
    def _optimize(self, match):
        """Nothing to do for tables of this size: says that no file was added or removed."""
        table = self._table(match[1])
        return self._rows(
            "path string, metrics struct<numFilesAdded:bigint,numFilesRemoved:bigint>",
            [("file:" + table.folder, (0, 0))],
        )

    @statement(r"VACUUM\s+" + NAME + r"(?:\s.*)?")
    def _vacuum(self, match):
        """Keeps every version: says where the table is, as Databricks does when it has removed what it could."""
        return self._rows("path string", [("file:" + self._table(match[1]).folder,)])

    @statement(r"RESTORE\s+(?:TABLE\s+)?" + NAME + r"\s+TO\s+VERSION\s+AS\s+OF\s+(\d+)")
    def _restore(self, match):
        return f"INSERT OVERWRITE {match[1]} SELECT * FROM {match[1]} VERSION AS OF {match[2]}"

    @statement(r"UNDROP\s+TABLE\s+" + NAME)
    def _undrop(self, match):
        parts = self.session.full_name(name_parts(match[1]))
        catalog, schema, table = parts[0], parts[1].lower(), parts[2].lower()
        dropped = os.path.join(self.workspace.catalogs, f".{catalog}-dropped")
        kept = [
            name
            for name in (os.listdir(dropped) if os.path.isdir(dropped) else [])
            if name.startswith(f"{schema}.{table}.")
        ]
        if not kept:
            raise SQLError.local(
                "TABLE_OR_VIEW_NOT_FOUND", "42P01", f"There is no dropped table {quoted(parts)} to restore."
            )
        target = os.path.join(self.workspace.catalogs, catalog, schema, table)
        if os.path.exists(target):
            raise SQLError.local("TABLE_OR_VIEW_ALREADY_EXISTS", "42P07", f"There is a table {quoted(parts)} already.")
        os.rename(os.path.join(dropped, max(kept)), target)
        return self._nothing()

    @statement(r"ANALYZE\s+TABLE\s.*")
    def _analyze(self, match):
        """Statistics are read from the Parquet files whenever they are needed."""
        return self._nothing()

    @statement(r"CACHE\s+(SELECT\s.*)")
    def _cache_select(self, match):
        return match[1]

    @statement(r"SHOW\s+PARTITIONS\s+" + NAME)
    def _partitions(self, match):
        table = self._table(match[1])
        columns = table.known["partitions"]
        if not columns:
            raise SQLError.local(
                "INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY",
                "42601",
                f"The partition command is invalid. Table {quoted(table.parts)} is not partitioned.",
            )
        parts = ", ".join(f"concat('{column}=', `{column}`)" for column in columns)
        return f"SELECT DISTINCT concat_ws('/', {parts}) AS partition FROM {match[1]} ORDER BY 1"

    # Files --------------------------------------------------------------------------------------------------------

    @statement(
        r"COPY\s+INTO\s+"
        + NAME
        + r"\s+FROM\s+'([^']*)'\s+FILEFORMAT\s*=\s*(\w+)(?:\s+FORMAT_OPTIONS\s*\((.*?)\))?(?:\s+COPY_OPTIONS\s*\(.*\))?"
    )
    def _copy_into(self, match):
        table, path, file_format = match[1], match[2], match[3].lower()
        reader = self.spark.read.format(file_format).options(
            **dict(re.findall(r"'([^']*)'\s*=\s*'([^']*)'", match[4] or ""))
        )
        if file_format in ("csv", "json"):
            reader = reader.schema(self.spark.table(table).schema)
        files = reader.load(path)
        columns = ", ".join(quoted([name]) for name in files.columns)
        return f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {self._view(files)}"

    def _files(self, sql):
        """`read_files('path', format => 'csv', …)` as a view that lasts as long as the statement."""

        def view(match):
            options = {
                name: value[1:-1] if value.startswith("'") else value
                for name, value in re.findall(r"(\w+)\s*=>\s*('[^']*'|[\w.]+)", match[2])
            }
            file_format = options.pop("format", os.path.splitext(match[1])[1][1:] or "csv")
            options.setdefault("inferSchema", "true")
            return self._view(self.spark.read.format(file_format).options(**options).load(match[1]))

        return re.sub(
            r"\bread_files\s*\(\s*'([^']*)'\s*((?:,\s*\w+\s*=>\s*(?:'[^']*'|[\w.]+)\s*)*)\)",
            view,
            sql,
            flags=re.IGNORECASE,
        )

    # Functions ----------------------------------------------------------------------------------------------------

    def _conditional(self, sql):
        return replace_call(sql, "iff", "if")

    def _functions(self, sql):
        """SQL functions with three-level names: Spark keeps functions in its session catalog only, so that is where
        they go.
        """
        created = re.match(
            r"\s*CREATE\s+(OR\s+REPLACE\s+)?FUNCTION\s+(IF\s+NOT\s+EXISTS\s+)?(?!spark_catalog\b)" + NAME,
            sql,
            re.IGNORECASE,
        )
        journal = FunctionJournal(self.workspace)
        if created:
            parts = self.session.full_name(name_parts(created[3]))
            place = self._function_place(parts)
            journal.add(parts, sql[: created.start(3)] + place + sql[created.end(3) :])
            return journal.text(parts)
        dropped = re.match(r"\s*DROP\s+FUNCTION\s+(?:IF\s+EXISTS\s+)?(?!spark_catalog\b)" + NAME, sql, re.IGNORECASE)
        if dropped:
            parts = self.session.full_name(name_parts(dropped[1]))
            if not journal.remove(parts):
                return sql
            return sql[: dropped.start(1)] + self._function_place(parts) + sql[dropped.end(1) :]
        return self._function_calls(sql, journal)

    def _function_place(self, parts):
        catalog, schema, name = (part.lower() for part in parts)
        self.spark.sql(f"CREATE SCHEMA IF NOT EXISTS spark_catalog.`{catalog}__{schema}`")
        return f"spark_catalog.`{catalog}__{schema}`.`{name}`"

    def _function_calls(self, sql, journal):
        """Calls of functions in the journal, made again here when they are of an earlier run."""

        def place(match):
            parts = self.session.full_name(name_parts(match[1]))
            definition = journal.text(parts)
            if definition is None:
                return match[0]
            target = self._function_place(parts)
            if not self.spark.catalog.functionExists(target):
                self.spark.sql(definition)
            return target + "("

        return re.sub(r"(?<![\w.`])(?!spark_catalog\b)" + NAME + r"\s*\(", place, sql) if journal.exists() else sql

    # Pieces -------------------------------------------------------------------------------------------------------

    def _table(self, name):
        """A table of ours, from its file. Raises Spark's own error when there is no such table."""
        parts = self.session.full_name(name_parts(name))
        root = self.workspace.catalogs
        if parts[0].lower() == "samples":
            root = self.spark.conf.get("spark.sql.catalog.samples.root")
        table = StoredTable(parts, os.path.join(root, parts[0].lower(), parts[1].lower(), parts[2].lower()))
        if table.known is None:
            self.spark.sql(f"DESCRIBE TABLE {quoted(parts)}")
            raise SQLError.local(
                "EXPECT_TABLE_NOT_VIEW", "42809", f"{quoted(parts)} is not a table of the local workspace."
            )
        return table

    def _view(self, frame):
        name = f"dbsh_{uuid.uuid4().hex}"
        frame.createOrReplaceTempView(name)
        self._temporary_views.append(name)
        return name

    def _rows(self, schema, rows):
        """A small frame made in the JVM: createDataFrame would start a Python process to read the rows back."""
        names = [field.split(" ", 1)[0] for field in schema.split(", ")]
        text = json.dumps(
            [dict(zip(names, row)) for row in rows], ensure_ascii=False, default=lambda value: value.isoformat()
        )
        from pyspark.sql.functions import lit

        arguments = {"rows": lit(text), "schema": lit(f"array<struct<{schema}>>")}
        return self.spark.sql("SELECT inline(from_json(:rows, :schema))", args=arguments)

    def _nothing(self):
        """What a command answers: no column, no row."""
        from pyspark.sql.types import StructType

        return self.spark.createDataFrame([], StructType([]))


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


class FunctionJournal:
    """The CREATE FUNCTION texts of a workspace, by full name, so that functions outlive the engine."""

    def __init__(self, workspace):
        self._path = os.path.join(workspace.catalogs, ".functions.json")

    def exists(self):
        return os.path.exists(self._path)

    def text(self, parts):
        return self._read().get(".".join(parts).lower())

    def add(self, parts, text):
        self._write({**self._read(), ".".join(parts).lower(): text})

    def remove(self, parts):
        known = self._read()
        removed = known.pop(".".join(parts).lower(), None)
        self._write(known)
        return removed is not None

    def _read(self):
        if not self.exists():
            return {}
        with open(self._path, encoding="utf-8") as file:
            return json.load(file)

    def _write(self, known):
        draft = f"{self._path}.{uuid.uuid4().hex}"
        with open(draft, "w", encoding="utf-8") as file:
            json.dump(known, file, indent=2)
        os.replace(draft, self._path)


def _instant(milliseconds):
    return datetime.fromtimestamp(milliseconds / 1000, timezone.utc)
