/// Parquet, which dbsh leaves to pyarrow.
nonisolated enum ParquetWriter {
    /// A program that reads an Arrow stream and writes Parquet, a row group of about a million rows or 128 MB at a time: memory
    /// stays flat.
    ///
    /// Types are those of the stream. Parquet has no intervals and no VARIANT: as Spark itself does, they are written as numbers
    /// and as two binaries, and the file's `org.apache.spark.sql.parquet.row.metadata` has the types, by which Spark and
    /// Databricks read them back (Spark's source, ParquetWriteSupport). VOID becomes a STRING of NULLs.
    /// - Throws: `UsageError` without Python support.
    static func command() throws -> [String] {
        let script = """
            import ctypes, json, sys
            import pyarrow as pa
            import pyarrow.parquet as pq

            t = pa.types
            NAMES = {pa.bool_(): "boolean", pa.int8(): "byte", pa.int16(): "short", pa.int32(): "integer", pa.int64(): "long",
                     pa.float32(): "float", pa.float64(): "double", pa.date32(): "date", pa.null(): "string"}

            def plain(kind):
                if t.is_duration(kind):
                    return pa.int64()
                if is_months(kind):
                    return pa.int32()
                if t.is_map(kind):
                    return pa.map_(plain(kind.key_type), plain(kind.item_type))
                if t.is_list(kind):
                    return pa.list_(kind.value_field.with_type(plain(kind.value_type)))
                if t.is_struct(kind):
                    # A VARIANT that is NULL has NULL in fields that it says have none.
                    return pa.struct([field.with_type(plain(field.type)).with_nullable(True) for field in fields(kind)])
                return kind

            def wide(kind):
                # Parquet has no columns of nothing.
                if t.is_null(kind):
                    return pa.string()
                if t.is_map(kind):
                    return pa.map_(wide(kind.key_type), wide(kind.item_type))
                if t.is_list(kind):
                    return pa.list_(kind.value_field.with_type(wide(kind.value_type)))
                if t.is_struct(kind):
                    return pa.struct([field.with_type(wide(field.type)) for field in fields(kind)])
                return kind

            def is_months(kind):
                # pyarrow knows this type by its text alone.
                return str(kind) == "month_interval"

            def fields(kind):
                return [kind.field(i) for i in range(kind.num_fields)]

            def spark(kind):
                if kind in NAMES:
                    return NAMES[kind]
                if t.is_decimal(kind):
                    return f"decimal({kind.precision},{kind.scale})"
                if t.is_timestamp(kind):
                    return "timestamp" if kind.tz else "timestamp_ntz"
                if t.is_duration(kind):
                    return "interval day to second"
                if is_months(kind):
                    return "interval year to month"
                if t.is_binary(kind) or t.is_large_binary(kind):
                    return "binary"
                if t.is_map(kind):
                    return {"type": "map", "keyType": spark(kind.key_type), "valueType": spark(kind.item_type),
                            "valueContainsNull": True}
                if t.is_list(kind) or t.is_large_list(kind):
                    return {"type": "array", "elementType": spark(kind.value_type), "containsNull": True}
                if t.is_struct(kind):
                    if any((field.metadata or {}).get(b"variant") == b"true" for field in fields(kind)):
                        return "variant"
                    return {"type": "struct", "fields": [described(field) for field in fields(kind)]}
                return "string"

            def described(field):
                return {"name": field.name, "type": spark(field.type), "nullable": True, "metadata": {}}

            def renamed(batch, schema):
                # The same bytes under other types, by Arrow's C data interface: a struct of 80 bytes.
                array = (ctypes.c_char * 80)()
                batch._export_to_c(ctypes.addressof(array))
                return pa.RecordBatch._import_from_c(ctypes.addressof(array), schema)

            def groups(stream, schema):
                held, rows, size = [], 0, 0
                numbers = pa.schema([field.with_type(plain(field.type)) for field in stream.schema])
                for batch in stream:
                    batch = renamed(batch, numbers)
                    arrays = [
                        array if array.type == field.type else array.cast(field.type)
                        for array, field in zip(batch.columns, schema)]
                    held.append(pa.RecordBatch.from_arrays(arrays, schema=schema))
                    rows, size = rows + batch.num_rows, size + batch.nbytes
                    if rows >= 1 << 20 or size >= 128 << 20:
                        yield pa.Table.from_batches(held)
                        held, rows, size = [], 0, 0
                if held:
                    yield pa.Table.from_batches(held)

            try:
                with pa.ipc.open_stream(sys.stdin.buffer) as stream:
                    types = {"type": "struct", "fields": [described(field) for field in stream.schema]}
                    schema = pa.schema([field.with_type(wide(plain(field.type))) for field in stream.schema])
                    schema = schema.with_metadata({"org.apache.spark.sql.parquet.row.metadata": json.dumps(types)})
                    with pq.ParquetWriter(sys.stdout.buffer, schema, compression="zstd") as writer:
                        for table in groups(stream, schema):
                            writer.write_table(table, row_group_size=1 << 20)
            except (pa.ArrowException, OSError) as error:
                sys.exit(str(error))
            """
        return [try PythonSupport.python(), "-E", "-c", script]
    }
}
