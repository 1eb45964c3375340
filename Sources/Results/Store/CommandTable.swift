/// The table that a command sent (API 1.2, `results` of type `table`), in the shape of a statement's result.
///
/// Cells come as native JSON and structs as arrays in field order, with the names in the schema; here they become the
/// text that a statement would have sent: scalars plain, nested values as JSON with structs as objects.
package enum CommandTable {
    /// Decodes `schema` (an array of `{name, type}`) and `data` (an array of rows).
    ///
    /// Lenient, as the service is: a missing schema or `data` (`null`, `""`) is an empty table, short rows are filled
    /// with NULL, and cells beyond the schema get columns named as Spark names them (`_c2`).
    package static func decode(
        schema: JSONValue?, data: JSONValue?, isJSONSchema: Bool
    ) -> (columns: [Column], store: ResultStore) {
        var names: [String] = []
        var types: [SparkType] = []
        for field in schema?.elements ?? [] {
            names.append(field["name"]?.text ?? "")
            switch field["type"] {
            case .string(let text)?: types.append(SparkType(schemaText: text, isJSON: isJSONSchema))
            case let json?: types.append(SparkType(json: json))
            case nil: types.append(.plain(""))
            }
        }
        let rows = (data?.elements ?? []).map { $0.elements ?? [$0] }
        for index in names.count..<max(names.count, rows.map(\.count).max() ?? 0) {
            names.append("_c\(index)")
            types.append(.plain(""))
        }
        let columns = zip(names, types).map { name, type in
            Column(name: name, typeText: type.text, typeName: type.name)
        }
        let cells = rows.map { row in
            types.indices.map { index in index < row.count ? text(of: row[index], types[index]) : nil }
        }
        let store = ResultStore(columnCount: columns.count, rows: cells)
        store.shortRows = rows.count { $0.count < columns.count }
        return (columns, store)
    }

    private static func text(of cell: JSONValue, _ type: SparkType) -> String? {
        switch cell {
        case .null: nil
        case .bool(let value): value ? "true" : "false"
        case .number(let digits): digits
        case .string(let text): text
        case .array, .object: type.shaped(cell).serialized()
        }
    }
}
