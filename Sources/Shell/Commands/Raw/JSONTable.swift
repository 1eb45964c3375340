import Results

/// An array somewhere in a JSON document, drawn as a table: a row for each object, a column for each key.
struct JSONTable {
    let columns: [Column]
    let rows: [[String?]]

    /// - Parameter path: keys with dots between them, such as `manifest.schema.columns`; when it is empty, the document itself
    ///   or the only array in it.
    /// - Throws: `UsageError` when there is no array.
    init(_ json: JSONValue, at path: String) throws {
        var value = json
        for key in path.split(separator: ".").map(String.init) {
            guard let next = value[key] ?? Int(key).flatMap({ value[$0] }) else {
                throw UsageError("the reply has no “\(path)”", hint: Self.hint(json))
            }
            value = next
        }
        if path.isEmpty, value.elements == nil {
            let arrays = (value.members ?? []).filter { $0.value.elements != nil }
            guard arrays.count == 1 else {
                // Services leave an empty list out altogether.
                if arrays.isEmpty, value.members?.isEmpty == true {
                    (columns, rows) = ([], [])
                    return
                }
                throw UsageError(
                    "the reply has \(arrays.isEmpty ? "no array" : "several arrays")", hint: Self.hint(json))
            }
            value = arrays[0].value
        }
        // A single object is a table of one row.
        let elements = value.elements ?? [value]
        var names: [String] = []
        var seen: Set<String> = []
        for member in elements.flatMap({ $0.members ?? [] }) where seen.insert(member.key).inserted {
            names.append(member.key)
        }
        if elements.allSatisfy({ $0.members == nil }) {
            columns = [.text("value")]
            rows = elements.map { [Self.cell($0)] }
        } else {
            columns = names.map { name in
                Column(name: name, typeText: Self.isNumeric(elements.compactMap { $0[name] }) ? "DOUBLE" : "STRING")
            }
            rows = elements.map { element in names.map { Self.cell(element[$0]) } }
        }
    }

    func show(_ presenter: ResultPresenter) throws {
        guard !columns.isEmpty else { return }
        try presenter.show(columns, rows: rows)
    }

    private static func isNumeric(_ values: [JSONValue]) -> Bool {
        let present = values.filter { !$0.isNull }
        return !present.isEmpty && present.allSatisfy { if case .number = $0 { true } else { false } }
    }

    /// Scalars as they are, what is nested as JSON.
    private static func cell(_ value: JSONValue?) -> String? {
        switch value {
        case nil, .null?: nil
        case .string(let text)?: text
        case .number(let text)?: text
        case .bool(let value)?: value ? "true" : "false"
        case let nested?: nested.serialized()
        }
    }

    private static func hint(_ json: JSONValue) -> String {
        let keys = (json.members ?? []).map { $0.key + ($0.value.elements != nil ? " (an array)" : "") }
        return keys.isEmpty ? "it is no object" : "it has " + keys.prefix(12).joined(separator: ", ")
    }
}
