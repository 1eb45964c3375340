"""Columns of a result as the manifest of the Statement Execution API describes them."""

TYPE_NAMES = {
    "tinyint": "BYTE",
    "smallint": "SHORT",
    "int": "INT",
    "bigint": "LONG",
    "float": "FLOAT",
    "double": "DOUBLE",
    "decimal": "DECIMAL",
    "boolean": "BOOLEAN",
    "string": "STRING",
    "varchar": "STRING",
    "char": "CHAR",
    "binary": "BINARY",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "timestamp_ntz": "TIMESTAMP_NTZ",
    "array": "ARRAY",
    "map": "MAP",
    "struct": "STRUCT",
    "void": "NULL",
    "variant": "VARIANT",
}


def manifest_column(position, field):
    """The manifest's entry for a field of a Spark schema."""
    simple = field.dataType.simpleString()
    base = simple.split("<")[0].split("(")[0]
    interval = base.startswith("interval")
    column = {
        "name": field.name,
        "type_text": type_text(field.dataType),
        "type_name": "INTERVAL" if interval else TYPE_NAMES.get(base, base.upper()),
        "position": position,
    }
    if base == "decimal":
        column["type_precision"] = field.dataType.precision
        column["type_scale"] = field.dataType.scale
    if interval and simple != "interval":
        column["type_interval_type"] = simple.removeprefix("interval ").upper()
    return column


def count_column(position, name):
    """One of the row counts that DML answers with."""
    return {"name": name, "type_text": "BIGINT", "type_name": "LONG", "position": position}


def type_text(data_type):
    """The SQL name of a type, with the names of fields as they were written."""
    kind = data_type.typeName()
    if kind == "array":
        return f"ARRAY<{type_text(data_type.elementType)}>"
    if kind == "map":
        return f"MAP<{type_text(data_type.keyType)}, {type_text(data_type.valueType)}>"
    if kind == "struct":
        return f"STRUCT<{', '.join(f'{field.name}: {type_text(field.dataType)}' for field in data_type.fields)}>"
    return data_type.simpleString().upper()
