"""Makes the rows that the benchmark of results draws: the same ones as chunks of JSON_ARRAY (what the service sends), and as tables for
sqlite3, psql and duckdb. Everything is made once and kept; nothing is random, so that two machines measure the same bytes."""

import csv
import io
import json
import os
import pathlib

WORDS = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"]
LABELS = ["plain label", "Zürich café", "東京都庁", "naïve résumé", "🚀 launch", "Ω ohm", "한국어 text", "just ascii text", "emoji 👩‍🚀 here", "мир"]
TYPES = [("id", "BIGINT", "LONG"), ("amount", "DOUBLE", "DOUBLE"), ("name", "STRING", "STRING"), ("at", "TIMESTAMP", "TIMESTAMP"),
         ("label", "STRING", "STRING")]


def cell(row, column):
    """One value: integer, double, short text, timestamp, text with CJK and emoji, and again from the start."""
    kind = column % 5
    if kind == 0:
        return str(row * 7919 % 1_000_003)
    if kind == 1:
        return repr((row * 2654435761 % 1_000_000) / 1000 + 0.125)
    if kind == 2:
        return WORDS[row % 10] + str(row % 977)
    if kind == 3:
        return f"2026-{1 + row % 12:02d}-{1 + row % 28:02d}T{row % 24:02d}:{row % 60:02d}:{row * 7 % 60:02d}.{row % 1000:03d}Z"
    return LABELS[row * 31 % 10]


def columns(count):
    return [{"name": TYPES[i % 5][0] + (str(i // 5) if i >= 5 else ""), "position": i, "type_text": TYPES[i % 5][1],
             "type_name": TYPES[i % 5][2]} for i in range(count)]


def chunks(folder, rows, width, chunk_bytes=6_000_000):
    """The result as files of JSON row arrays, and meta.json, which says where each stands."""
    folder = pathlib.Path(folder)
    if (folder / "meta.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    extents, start, text, size = [], 0, [], 0

    def flush(end):
        nonlocal start, text, size
        data = ("[" + ",".join(text) + "]").encode()
        (folder / f"{len(extents)}.json").write_bytes(data)
        extents.append({"chunk_index": len(extents), "row_offset": start, "row_count": end - start, "byte_count": len(data)})
        start, text, size = end, [], 0

    for row in range(rows):
        line = json.dumps([cell(row, column) for column in range(width)], ensure_ascii=False, separators=(",", ":"))
        text.append(line)
        size += len(line) + 1
        if size >= chunk_bytes:
            flush(row + 1)
    if text or not extents:
        flush(rows)
    meta = {"columns": columns(width), "rows": rows, "chunks": extents}
    (folder / "meta.json.partial").write_text(json.dumps(meta))
    os.rename(folder / "meta.json.partial", folder / "meta.json")
    return folder


def table(path, rows):
    """The five columns as a CSV file that the other programs load."""
    path = pathlib.Path(path)
    if not path.exists():
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        for row in range(rows):
            writer.writerow([cell(row, column) for column in range(5)])
        partial = path.with_suffix(".partial")
        partial.write_text(text.getvalue())
        os.rename(partial, path)
    return path


def repeated(folder, source, count):
    """A result of `count` chunks that are all the same bytes: as many GB as wanted from one file."""
    folder, source = pathlib.Path(folder), pathlib.Path(source)
    if (folder / "meta.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    meta = json.loads((source / "meta.json").read_text())
    first = meta["chunks"][0]
    for index in range(count):
        target = folder / f"{index}.json"
        if not target.exists():
            os.link(source / "0.json", target)
    meta["chunks"] = [{**first, "chunk_index": i, "row_offset": i * first["row_count"]} for i in range(count)]
    meta["rows"] = count * first["row_count"]
    (folder / "meta.json").write_text(json.dumps(meta))
    return folder


def arrow(folder, chunk_bytes, count):
    """A result of `count` chunks, each the same Arrow IPC stream of about `chunk_bytes`: 64-bit integers in one column.

    Written by hand (Arrow Columnar Format, IPC): the flatbuffers below are the smallest that say "one column of int64" and "so many rows"."""
    folder = pathlib.Path(folder)
    if (folder / "meta.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    rows = chunk_bytes // 8 // 8 * 8
    body = bytes(range(256)) * (rows * 8 // 256) + bytes(rows * 8 % 256)
    data = message(schema_message(), 0) + message(batch_message(rows, len(body)), len(body)) + body + b"\xff\xff\xff\xff\0\0\0\0"
    (folder / "0.json").write_bytes(data)
    for index in range(1, count):
        os.link(folder / "0.json", folder / f"{index}.json")
    extents = [{"chunk_index": i, "row_offset": i * rows, "row_count": rows, "byte_count": len(data)} for i in range(count)]
    meta = {"columns": [{"name": "id", "position": 0, "type_text": "BIGINT", "type_name": "LONG"}], "rows": rows * count, "chunks": extents}
    (folder / "meta.json").write_text(json.dumps(meta))
    return folder


def message(metadata, body_length):
    padded = metadata + bytes(-len(metadata) % 8)
    return b"\xff\xff\xff\xff" + len(padded).to_bytes(4, "little") + padded


class FlatBuffer:
    """Lays tables out one behind the other, offsets patched afterwards; fields are (slot, bytes) or (slot, reference to a later part)."""

    def __init__(self):
        self.data = bytearray(4)
        self.patches = []

    def table(self, fields):
        slots = max((slot for slot, _ in fields), default=-1) + 1
        offsets, layout, position = [0] * slots, [], 4
        for slot, value in sorted(fields, key=lambda field: -len(field[1]) if isinstance(field[1], bytes) else -4):
            size = len(value) if isinstance(value, bytes) else 4
            position += -position % size
            offsets[slot] = position
            layout.append((position, value))
            position += size
        self.data += bytes(-len(self.data) % 2)
        vtable = len(self.data)
        self.data += (4 + 2 * slots).to_bytes(2, "little") + position.to_bytes(2, "little")
        for offset in offsets:
            self.data += offset.to_bytes(2, "little")
        self.data += bytes(-len(self.data) % 8)
        start = len(self.data)
        self.data += (start - vtable).to_bytes(4, "little", signed=True) + bytes(position - 4)
        for offset, value in layout:
            if isinstance(value, bytes):
                self.data[start + offset:start + offset + len(value)] = value
            else:
                self.patches.append((start + offset, value))
        return start

    def vector(self, items):
        """A vector of references or of 16-byte structs."""
        raw = items and isinstance(items[0], bytes)
        self.data += bytes((4 - len(self.data)) % 8 if raw else -len(self.data) % 4)
        start = len(self.data)
        self.data += len(items).to_bytes(4, "little")
        for item in items:
            if raw:
                self.data += item
            else:
                self.patches.append((len(self.data), item))
                self.data += bytes(4)
        return start

    def string(self, text):
        self.data += bytes(-len(self.data) % 4)
        start = len(self.data)
        self.data += len(text).to_bytes(4, "little") + text.encode() + b"\0"
        return start

    def finish(self, root):
        while self.patches:
            position, build = self.patches.pop(0)
            target = build(self)
            self.data[position:position + 4] = (target - position).to_bytes(4, "little")
        self.data[0:4] = root.to_bytes(4, "little")
        return bytes(self.data)


def schema_message():
    field = lambda b: b.table([(0, lambda b: b.string("id")), (1, b"\1"), (2, b"\2"),
                               (3, lambda b: b.table([(0, (64).to_bytes(4, "little")), (1, b"\1")])), (5, lambda b: b.vector([]))])
    schema = lambda b: b.table([(1, lambda b: b.vector([field]))])
    buffer = FlatBuffer()
    return buffer.finish(buffer.table([(0, (4).to_bytes(2, "little")), (1, b"\1"), (2, schema), (3, bytes(8))]))


def batch_message(rows, length):
    number = lambda value: value.to_bytes(8, "little")
    nodes = lambda b: b.vector([number(rows) + number(0)])
    buffers = lambda b: b.vector([number(0) + number(0), number(0) + number(length)])
    batch = lambda b: b.table([(0, number(rows)), (1, nodes), (2, buffers)])
    buffer = FlatBuffer()
    return buffer.finish(buffer.table([(0, (4).to_bytes(2, "little")), (1, b"\3"), (2, batch), (3, number(length))]))
