"""What a statement answers: rows of a query, or the counts of a command that changed some."""

import json

from . import arrow_result
from . import csv_result
from .columns import count_column, manifest_column
from .protocol import to_json

INLINE_BYTES = 4 << 20
CHUNK_BYTES = 16 << 20
COMMAND_ROWS = 10_000
COMMAND_BYTES = 2 << 20
ROW_COUNTS = ("num_affected_rows", "num_updated_rows", "num_deleted_rows", "num_inserted_rows")


def _names(counts):
    return [name for name in ROW_COUNTS if counts is not None and counts.containsKey(name)]


def _members(values):
    """The members of a JSON object, without braces."""
    return to_json(values)[1:-1]


def statement_results(scala, frame, counts, message, directory):
    """Columns, and the other members of a `done` event as JSON text."""
    form = message.get("format") or "json"
    if frame.schema.fields:
        columns = [manifest_column(position, field) for position, field in enumerate(frame.schema.fields)]
        limits = (message.get("row_limit") or 0, message.get("byte_limit") or 0)
        if form == "arrow":
            return columns, _members(arrow_result.write_frame(frame, directory, CHUNK_BYTES, *limits))
        inline = INLINE_BYTES if form == "json" else 0
        members = scala.Results.statement(frame._jdf, directory, inline, CHUNK_BYTES, *limits)
        return columns, _csv(members, frame.schema.names, directory) if form == "csv" else members
    names = _names(counts)
    columns = [count_column(position, name) for position, name in enumerate(names)]
    if form == "arrow" and names:
        values = [counts.get(name) for name in names]
        return columns, _members(arrow_result.write_counts(names, values, directory))
    rows = to_json([[str(counts.get(name)) for name in names]] if names else [])
    members = f'"row_count":{len(names) and 1},"byte_count":{len(rows)},"truncated":false,"rows":{rows}'
    return columns, _csv(members, names, directory) if form == "csv" and names else members


def _csv(members, names, directory):
    return _members(csv_result.write_chunks(json.loads("{" + members + "}"), names, directory))


def command_results(scala, name, frame, counts):
    """The results object of a SQL command, as JSON text. `name` is the session's, which remembers the frame."""
    if frame.schema.fields:
        if name is not None:
            scala.Sessions.remember(name, frame._jdf)
        return scala.Results.command(frame._jdf, COMMAND_ROWS, COMMAND_BYTES)
    names = _names(counts)
    schema = [{"name": name, "type": '"long"', "metadata": "{}"} for name in names]
    data = [[counts.get(name) for name in names]] if names else []
    return to_json({"resultType": "table", "isJsonSchema": True, "truncated": False, "schema": schema, "data": data})


def warm_up(scala, frame):
    """Makes a statement's results once and drops them."""
    scala.Results.statement(frame._jdf, "", INLINE_BYTES, CHUNK_BYTES, 0, 0)
