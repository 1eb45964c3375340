import Results
import System

/// The Python that `scripts/setup` installs, which has pyarrow: what dbsh cannot write by itself goes through it.
nonisolated enum PythonSupport {
    /// - Returns: the path of its interpreter.
    /// - Throws: `UsageError` when it is not installed.
    static func python(_ variables: [String: String] = ProcessEnvironment.variables) throws -> String {
        let cache = UserDirectories.cache(variables, home: UserDirectories.home(variables))
        for kind in ["engine", "connect"] {
            let named = variables["DBSH_" + kind.uppercased()].flatMap { $0.isEmpty ? nil : $0 }
            let path = (named ?? "\(cache)/\(kind)/current") + "/\(kind).json"
            guard let bytes = try? Files.read(path), let python = (try? JSONValue.parse(bytes))?["python"]?.text,
                (try? Files.checkReadable(python)) != nil
            else { continue }
            return python
        }
        throw UsageError(
            "Parquet needs Python support, which is not installed",
            hint: "dbsh setup engine installs it; .arrow keeps the same types and needs none")
    }

    /// A program that reads an Arrow stream and writes Parquet, a row group of about a million rows or 128 MB at a time: memory
    /// stays flat, and types are those of the stream.
    static func parquetWriter() throws -> [String] {
        let script = """
            import sys
            import pyarrow as pa
            import pyarrow.parquet as pq

            def groups(stream):
                held, rows, size = [], 0, 0
                for batch in stream:
                    held.append(batch)
                    rows, size = rows + batch.num_rows, size + batch.nbytes
                    if rows >= 1 << 20 or size >= 128 << 20:
                        yield pa.Table.from_batches(held)
                        held, rows, size = [], 0, 0
                if held:
                    yield pa.Table.from_batches(held)

            try:
                with pa.ipc.open_stream(sys.stdin.buffer) as stream:
                    with pq.ParquetWriter(sys.stdout.buffer, stream.schema, compression="zstd") as writer:
                        for table in groups(stream):
                            writer.write_table(table, row_group_size=1 << 20)
            except (pa.ArrowException, OSError) as error:
                sys.exit(str(error))
            """
        return [try python(), "-E", "-c", script]
    }
}
