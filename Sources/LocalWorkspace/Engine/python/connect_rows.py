"""Rows that came as Arrow, as the command API writes them: native JSON, but decimals as strings, times in ISO 8601,
structs as arrays in the order of their fields (the rules of CommandCells.scala, so that a cell looks alike wherever it
ran).

The converters walk Arrow's own columns and not Python rows: a dict would lose the second of two fields of one name.
"""

import base64
import datetime
import math

from .protocol import to_json

# Spark types that Arrow, or the client, does not carry: such a column is cast to STRING where Spark runs.
NOT_CARRIED = ("interval", "time(", "geography", "geometry")


def fetch(frame, rows):
    """Runs a frame and answers its schema, an Arrow table of at most `rows` rows, and whether there were more."""
    frame = readable(frame)
    schema = frame.schema
    table = frame.limit(rows + 1).toArrow()
    return schema, table.slice(0, rows), table.num_rows > rows


def readable(frame):
    """The frame with every column in a form that can be fetched."""
    casts = [is_carried(field.dataType) for field in frame.schema.fields]
    if all(casts):
        return frame
    # By position: two columns may have one name.
    names = frame.columns
    numbered = frame.toDF(*(f"c{i}" for i in range(len(names))))
    columns = [numbered[f"c{i}"] if carried else numbered[f"c{i}"].cast("string") for i, carried in enumerate(casts)]
    return numbered.select(*columns).toDF(*names)


def is_carried(data_type):
    return not any(part in data_type.simpleString() for part in NOT_CARRIED)


def table_results(schema, table, truncated, byte_limit):
    """The results object of a table, as JSON text."""
    columns = [
        cells(column.combine_chunks() if column.num_chunks != 1 else column.chunk(0), field.dataType)
        for column, field in zip(table.columns, schema.fields)
    ]
    rows, size = [], 0
    for row in zip(*columns):
        text = to_json(row)
        size += len(text)
        # The first row always comes, however large, so that a limit never hides that there is one.
        if rows and size > byte_limit:
            truncated = True
            break
        rows.append(text)
    described = [
        {"name": field.name, "type": field.dataType.json(), "metadata": to_json(field.metadata)}
        for field in schema.fields
    ]
    head = {"resultType": "table", "isJsonSchema": True, "truncated": truncated, "schema": described}
    return to_json(head)[:-1] + f',"data":[{",".join(rows)}]}}'


def cells(array, data_type):
    """A column's values, ready for JSON."""
    kind = data_type.typeName()
    if hasattr(data_type, "sqlType"):  # a user-defined type, such as a vector
        return cells(array, data_type.sqlType())
    if kind == "struct":
        fields = [cells(child, field.dataType) for child, field in zip(array.flatten(), data_type.fields)]
        rows = zip(*fields) if fields else ([] for _ in array)
        return [list(row) if valid else None for valid, row in zip(valid_of(array), rows)]
    if kind == "array":
        return grouped(array, cells(array.values, data_type.elementType))
    if kind == "map":
        keys = [key if isinstance(key, str) else to_json(key) for key in cells(array.keys, data_type.keyType)]
        return [
            None if pairs is None else dict(pairs)
            for pairs in grouped(array, list(zip(keys, cells(array.items, data_type.valueType))))
        ]
    if kind == "variant":
        from pyspark.sql.types import VariantVal

        return [None if value is None else VariantVal(**value).toJson() for value in array.to_pylist()]
    write = WRITERS.get(kind)
    values = array.to_pylist()
    return values if write is None else [None if value is None else write(value) for value in values]


def grouped(array, values):
    """The values of a list or map array, by row."""
    ends = array.offsets.to_pylist()
    return [values[start:end] if valid else None for valid, start, end in zip(valid_of(array), ends, ends[1:])]


def valid_of(array):
    return array.is_valid().to_pylist()


def number(value):
    # JSON has no NaN and no infinity: those are strings.
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def single(value):
    """A FLOAT with the digits that it has, not those of the double that Python makes of it."""
    import numpy

    return number(float(str(numpy.float32(value))))


def instant(value):
    return zoneless(value.astimezone(datetime.timezone.utc).replace(tzinfo=None)) + "Z"


def zoneless(value):
    return value.isoformat(timespec="milliseconds")


WRITERS = {
    "double": number,
    "float": single,
    "decimal": lambda value: format(value, "f"),
    "date": datetime.date.isoformat,
    "timestamp": instant,
    "timestamp_ntz": zoneless,
    "binary": lambda value: base64.b64encode(value).decode(),
}
