"""Statements about catalogs, volumes and privileges, which Spark lacks."""

import fnmatch
import os
import re
import shutil

from errors import SQLError
from sql_rules import statement
from sql_text import NAME, STRING, name_parts, string_value


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


@statement(r"SHOW\s+VOLUMES\b.*")
def show_volumes(dialect, match):
    return dialect.rows("database string, volume_name string", [])


@statement(r"(?:GRANT|REVOKE|DENY|SHOW\s+GRANTS?)\b.*")
def privileges(dialect, match):
    raise SQLError.local(
        "UNSUPPORTED_FEATURE", "0A000", "The local workspace has one user and keeps no privileges."
    )
