"""SQL functions with three-level names, which Spark keeps in its session catalog only, and functions it lacks."""

import json
import os
import uuid

from .sql_rules import rewrite
from .sql_text import Cursor, name_parts, quoted, replace_call

# Words before a name with a bracket that is not called: INSERT INTO t (a, b).
NOT_CALLED_AFTER = {"into", "table", "as", "function"}


@rewrite
def iff(dialect, text):
    return replace_call(text, "iff", "if")


@rewrite
def functions(dialect, text):
    """SQL functions with three-level names: Spark keeps functions in its session catalog only, so that is where
    they go.
    """
    cursor = Cursor(text)
    journal = FunctionJournal(dialect.workspace)
    if cursor.take("create"):
        is_new = not cursor.take("or", "replace")
        if cursor.take("function"):
            is_new = cursor.take("if", "not", "exists") and is_new
            return _create(dialect, cursor, journal, keeps_old=is_new)
    elif cursor.take("drop", "function"):
        cursor.take("if", "exists")
        return _drop(dialect, cursor, journal)
    cursor.at = 0
    return _with_calls(dialect, cursor, journal)


def _create(dialect, cursor, journal, keeps_old):
    start = cursor.at
    parts = _full_name(dialect, cursor.name())
    if parts is not None:
        cursor.replace(start, _place(dialect, parts))
    text = _with_calls(dialect, cursor, journal)
    if parts is not None and not (keeps_old and journal.text(parts)):
        dialect.afterwards.append(lambda: journal.add(parts, text))
    return text


def _drop(dialect, cursor, journal):
    start = cursor.at
    parts = _full_name(dialect, cursor.name())
    if parts is not None and journal.text(parts):
        _revive(dialect, parts, journal)
        cursor.replace(start, _place(dialect, parts))
        dialect.afterwards.append(lambda: journal.remove(parts))
    return cursor.text


def _full_name(dialect, parts):
    """None for what is Spark's own, and for no name."""
    if not parts or parts[0].lower() == "spark_catalog":
        return None
    return dialect.session.full_name(parts)


def _place(dialect, parts):
    """The name in Spark's session catalog that stands for a three-level one."""
    place = _stored(parts)
    dialect.spark.sql(f"CREATE SCHEMA IF NOT EXISTS {quoted(place[:2])}")
    return quoted(place)


def _stored(parts):
    catalog, schema, name = (part.lower() for part in parts)
    return ["spark_catalog", f"{catalog}__{schema}", name]


def _with_calls(dialect, cursor, journal):
    """The statement with the functions of the journal, from the cursor on, called where they are."""
    if journal.exists():
        for called, start in cursor.calls():
            if cursor.before(start).lower() in NOT_CALLED_AFTER:
                continue
            parts = _full_name(dialect, called)
            if parts is not None and journal.text(parts):
                _revive(dialect, parts, journal)
                cursor.replace(start, _place(dialect, parts))
    return cursor.text


def _revive(dialect, parts, journal):
    """Makes a function of an earlier run again, and before it those that it calls."""
    if dialect.spark.catalog.functionExists(_place(dialect, parts)):
        return
    definition = journal.text(parts)
    called = [name for name, _ in Cursor(definition).calls()]
    for other in journal.names():
        if _stored(other) != _stored(parts) and _stored(other) in called:
            _revive(dialect, other, journal)
    dialect.spark.sql(definition)


class FunctionJournal:
    """The CREATE FUNCTION texts of a workspace, by full name, so that functions outlive the engine."""

    def __init__(self, workspace):
        self._path = os.path.join(workspace.catalogs, ".functions.json")

    def exists(self):
        return os.path.exists(self._path)

    def names(self):
        """The parts of every name."""
        return [name_parts(name) for name in self._read()]

    def text(self, parts):
        """None for a function that is not in it."""
        return self._read().get(self._key(parts))

    def add(self, parts, text):
        self._write({**self._read(), self._key(parts): text})

    def remove(self, parts):
        known = self._read()
        known.pop(self._key(parts), None)
        self._write(known)

    @staticmethod
    def _key(parts):
        return ".".join(part if part.isidentifier() else quoted([part]) for part in parts).lower()

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
