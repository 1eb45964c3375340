"""SQL functions with three-level names, which Spark keeps in its session catalog only, and functions it lacks."""

import json
import os
import re
import uuid

from sql_rules import rewrite
from sql_text import NAME, name_parts, replace_call


@rewrite
def iff(dialect, text):
    return replace_call(text, "iff", "if")


@rewrite
def functions(dialect, text):
    """SQL functions with three-level names: Spark keeps functions in its session catalog only, so that is where
    they go.
    """
    created = re.match(
        r"\s*CREATE\s+(OR\s+REPLACE\s+)?FUNCTION\s+(IF\s+NOT\s+EXISTS\s+)?(?!spark_catalog\b)" + NAME,
        text,
        re.IGNORECASE,
    )
    journal = FunctionJournal(dialect.workspace)
    if created:
        parts = dialect.session.full_name(name_parts(created[3]))
        place = _place(dialect, parts)
        journal.add(parts, text[: created.start(3)] + place + text[created.end(3) :])
        return journal.text(parts)
    dropped = re.match(r"\s*DROP\s+FUNCTION\s+(?:IF\s+EXISTS\s+)?(?!spark_catalog\b)" + NAME, text, re.IGNORECASE)
    if dropped:
        parts = dialect.session.full_name(name_parts(dropped[1]))
        if not journal.remove(parts):
            return text
        return text[: dropped.start(1)] + _place(dialect, parts) + text[dropped.end(1) :]
    return _calls(dialect, text, journal)


def _place(dialect, parts):
    """The name in Spark's session catalog that stands for a three-level one."""
    catalog, schema, name = (part.lower() for part in parts)
    dialect.spark.sql(f"CREATE SCHEMA IF NOT EXISTS spark_catalog.`{catalog}__{schema}`")
    return f"spark_catalog.`{catalog}__{schema}`.`{name}`"


def _calls(dialect, text, journal):
    """Calls of functions in the journal, made again here when they are of an earlier run."""

    def place(match):
        parts = dialect.session.full_name(name_parts(match[1]))
        definition = journal.text(parts)
        if definition is None:
            return match[0]
        target = _place(dialect, parts)
        if not dialect.spark.catalog.functionExists(target):
            dialect.spark.sql(definition)
        return target + "("

    return re.sub(r"(?<![\w.`])(?!spark_catalog\b)" + NAME + r"\s*\(", place, text) if journal.exists() else text


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
