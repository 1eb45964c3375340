"""Statements about catalogs, volumes and privileges, which Spark lacks."""

import fnmatch
import os
import re
import shutil

from .errors import SQLError
from .sql_rules import statement
from .sql_text import NAME, STRING, name_parts, quoted, string_value


@statement(r"USE\s+CATALOG\s+" + NAME)
def use_catalog(dialect, match):
    return f"SET CATALOG {match[1]}"


@statement(rf"SHOW\s+CATALOGS(?:\s+(?:LIKE\s+)?{STRING})?")
def show_catalogs(dialect, match):
    pattern = string_value(match[1]) if match[1] else "*"
    names = [
        name for name in dialect.workspace.catalog_names() if any(fnmatch.fnmatch(name, p) for p in pattern.split("|"))
    ]
    return dialect.rows("catalog string", [(name,) for name in names])


@statement(r"SHOW\s+TABLE(?:S|\s+EXTENDED)\b.*")
def show_tables(dialect, match):
    """What Spark lists, with Databricks' name for the first column."""
    found = dialect.spark.sql(match[0])
    if found.columns[0] == "namespace":
        found = found.withColumnRenamed("namespace", "database")
    # SHOW TABLE EXTENDED has the temporary views already.
    return found if "information" in found.columns else with_temporary_views(dialect, found, match[0])


@statement(r"SHOW\s+VIEWS\b.*")
def show_views(dialect, match):
    return with_temporary_views(dialect, dialect.spark.sql(match[0]), match[0])


def with_temporary_views(dialect, found, sql):
    """Spark's list and the session's temporary views, which it forgets in a catalog of our kind."""
    pattern = re.search(STRING + r"\s*$", sql, re.DOTALL)
    pattern = string_value(pattern[1]) if pattern else "*"
    views = dialect.spark._jsparkSession.sessionState().catalog().listLocalTempViews(pattern)
    names = sorted(views.apply(i).table() for i in range(views.size()))
    if not names:
        return found
    first, second, _ = found.columns
    return found.union(
        dialect.rows(f"{first} string, {second} string, isTemporary boolean", [("", name, True) for name in names])
    )


@statement(r"CREATE\s+CATALOG\s+(IF\s+NOT\s+EXISTS\s+)?(`[^`]+`|\w+)(?:\s+COMMENT\s+" + STRING + ")?")
def create_catalog(dialect, match):
    name = name_parts(match[2])[0].lower()
    if name in dialect.workspace.catalog_names() or name in ("spark_catalog", "system", "session"):
        if match[1]:
            return dialect.nothing()
        raise SQLError.local("CATALOG_ALREADY_EXISTS", "42710", f"Catalog '{name}' already exists.")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise SQLError.local(
            "INVALID_NAME", "42602", f"'{name}' cannot be the name of a catalog in the local workspace."
        )
    os.makedirs(os.path.join(dialect.workspace.catalogs, name, "default"))
    dialect.session.scala.Sessions.addCatalog(dialect.spark._jsparkSession, name, dialect.workspace.catalogs)
    return dialect.nothing()


@statement(r"DROP\s+CATALOG\s+(IF\s+EXISTS\s+)?(`[^`]+`|\w+)(\s+CASCADE|\s+RESTRICT)?")
def drop_catalog(dialect, match):
    name = name_parts(match[2])[0].lower()
    folder = os.path.join(dialect.workspace.catalogs, name)
    if name in ("main", "samples"):
        raise SQLError.local("UNSUPPORTED_FEATURE", "0A000", f"Catalog '{name}' cannot be dropped.")
    if name not in dialect.workspace.catalog_names():
        if match[1]:
            return dialect.nothing()
        raise SQLError.local("CATALOG_NOT_FOUND", "42P08", f"The catalog '{name}' not found.")
    full = any(files for _, _, files in os.walk(folder))
    if full and (match[3] or "").strip().upper() != "CASCADE":
        raise SQLError.local(
            "CATALOG_NOT_EMPTY", "2BP01", f"Catalog '{name}' is not empty. Use DROP CATALOG ... CASCADE."
        )
    shutil.rmtree(folder)
    return dialect.nothing()


@statement(rf"SHOW\s+VOLUMES(?:\s+(?:IN|FROM)\s+{NAME})?(?:\s+(?:LIKE\s+)?{STRING})?")
def show_volumes(dialect, match):
    parts = name_parts(match[1]) if match[1] else []
    catalog, schema, _ = dialect.session.full_name([*parts, "volume"])
    pattern = string_value(match[2]) if match[2] else "*"
    folder = volume_folder(dialect, [catalog, schema])
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    return dialect.rows(
        "database string, volume_name string", [(schema, name) for name in names if fnmatch.fnmatch(name, pattern)]
    )


def volume_folder(dialect, parts):
    """Where a volume's files are, which is where DBFS has them. (Names are case-insensitive, and kept in lower case.)"""
    return os.path.join(dialect.workspace.dbfs, "Volumes", *(part.lower() for part in parts))


@statement(rf"CREATE\s+VOLUME\s+(IF\s+NOT\s+EXISTS\s+)?{NAME}(?:\s+COMMENT\s+{STRING})?")
def create_volume(dialect, match):
    parts = dialect.session.full_name(name_parts(match[2]))
    folder = volume_folder(dialect, parts)
    if not re.fullmatch(r"\w[\w-]*", parts[2]):
        raise SQLError.local("INVALID_NAME", "42602", f"'{parts[2]}' cannot be the name of a volume in the local workspace.")
    if not dialect.spark.catalog.databaseExists(quoted(parts[:2])):
        raise SQLError.local("SCHEMA_NOT_FOUND", "42704", f"The schema {quoted(parts[:2])} cannot be found.")
    if os.path.isdir(folder):
        if match[1]:
            return dialect.nothing()
        raise SQLError.local("VOLUME_ALREADY_EXISTS", "42000", f"Cannot create volume {quoted(parts)}: it already exists.")
    os.makedirs(folder)
    return dialect.nothing()


@statement(rf"DROP\s+VOLUME\s+(IF\s+EXISTS\s+)?{NAME}")
def drop_volume(dialect, match):
    parts = dialect.session.full_name(name_parts(match[2]))
    folder = volume_folder(dialect, parts)
    if os.path.isdir(folder):
        shutil.rmtree(folder)
    elif not match[1]:
        raise SQLError.local("VOLUME_DOES_NOT_EXIST", "42704", f"Volume {quoted(parts)} does not exist.")
    return dialect.nothing()


@statement(rf"DESC(?:RIBE)?\s+VOLUME\s+{NAME}")
def describe_volume(dialect, match):
    catalog, schema, name = dialect.session.full_name(name_parts(match[1]))
    if not os.path.isdir(volume_folder(dialect, [catalog, schema, name])):
        raise SQLError.local("VOLUME_DOES_NOT_EXIST", "42704", f"Volume {quoted([catalog, schema, name])} does not exist.")
    return dialect.rows(
        "name string, catalog string, database string, volumeType string, storageLocation string",
        [(name, catalog, schema, "MANAGED", "/Volumes/" + f"{catalog}/{schema}/{name}".lower())],
    )


@statement(r"(?:GRANT|REVOKE|DENY|SHOW\s+GRANTS?)\b.*")
def privileges(dialect, match):
    raise SQLError.local(
        "UNSUPPORTED_FEATURE", "0A000", "The local workspace has one user and keeps no privileges."
    )
