"""Reads what dbsh wrote with Python's own csv and json, and compares it with the response that the server sent.

Called with folders that hold response.json, out.csv, out.json and out.jsonl; prints what differs, or how many are equal."""

import csv
import io
import json
import re
import sys

NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")


class Number(str):
    """A JSON number with every digit it was written with."""


def load(text):
    return json.loads(text, parse_float=Number, parse_int=Number, parse_constant=lambda name: sys.exit(f"{name} is no JSON"))


def sound(text):
    """Halves of surrogate pairs are no text: they become U+FFFD."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def expected(cell, type_name):
    if cell is None:
        return None
    if type_name in ("LONG", "DECIMAL", "DOUBLE") and NUMBER.match(cell):
        return Number(cell)
    if type_name == "BOOLEAN" and cell in ("true", "false"):
        return cell == "true"
    if type_name in ("ARRAY", "MAP", "STRUCT", "VARIANT"):
        try:
            return load(cell)
        except ValueError:
            pass
    return cell


def same(left, right):
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return isinstance(right, dict) and list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


csv.field_size_limit(1 << 30)
for folder in sys.argv[1:]:
    response = json.load(open(f"{folder}/response.json", encoding="utf-8"))
    columns = response["columns"]
    rows = [[None if cell is None else sound(cell) for cell in row] for row in response["data_array"]]
    names, seen = [], {column["name"] for column in columns}
    for column in columns:
        name, number = column["name"], 2
        if name in names:
            while f"{name}_{number}" in seen:
                number += 1
            name = f"{name}_{number}"
            seen.add(name)
        names.append(name)

    # Not every version of the csv module takes NUL; a character for private use stands in for it.
    written = open(f"{folder}/out.csv", newline="", encoding="utf-8").read().replace("\0", "\ue000")
    read = list(csv.reader(io.StringIO(written, newline=""), strict=True))
    table = [[column["name"] for column in columns]] + [["" if cell is None else cell.replace("\0", "\ue000") for cell in row] for row in rows]
    # A line without anything is one NULL.
    read = [row or [""] for row in read]
    if read != table:
        sys.exit(f"{folder}: csv differs: {next((pair for pair in zip(read, table) if pair[0] != pair[1]), (len(read), len(table)))}")

    objects = [dict(zip(names, (expected(cell, column["type_name"]) for cell, column in zip(row, columns)))) for row in rows]
    for name, got in [("json", load(open(f"{folder}/out.json", encoding="utf-8").read())),
                      ("jsonl", [load(line) for line in open(f"{folder}/out.jsonl", newline="\n", encoding="utf-8")])]:
        if not same(got, objects):
            sys.exit(f"{folder}: {name} differs: {next((pair for pair in zip(got, objects) if not same(*pair)), (len(got), len(objects)))}")
print(f"{len(sys.argv) - 1} equal")
