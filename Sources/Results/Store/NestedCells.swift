/// Gives the nested cells of a statement the form that a command's have: numbers and truth values inside are typed.
///
/// The service writes every scalar inside an array, map or struct as a string, `["1","2"]` for an `ARRAY<INT>` (API README);
/// the column's type says what they are. What does not fit its type stays as it was sent.
package struct NestedCells: Sendable {
    /// The type of each column that is nested.
    private let types: [SparkType?]

    /// Nil when no column is nested: there is nothing to do.
    package init?(_ columns: [Column]) {
        types = columns.map { column in
            switch column.kind {
            case .array, .map, .structure:
                var parser = TypeTextParser(column.typeText)
                return parser.parse()
            default: return nil
            }
        }
        if types.allSatisfy({ $0 == nil }) { return nil }
    }

    /// A cell in its typed form; nil when it stays as it is.
    func typed(_ cell: UnsafeBufferPointer<UInt8>, column: Int) -> [UInt8]? {
        guard let type = types[column], let value = try? JSONValue.parse(cell) else { return nil }
        return Array(type.shaped(value).serialized().utf8)
    }

    /// The rows with their nested cells typed.
    package func typed(_ store: ResultStore) -> ResultStore {
        guard store.rowCount > 0, store.columnCount == types.count else { return store }
        let copy = ResultStore(shapedLike: store)
        for row in 0..<store.rowCount {
            for (column, type) in types.enumerated() {
                let cell = store.cell(row, column)
                if type != nil, let cell, let typed = typed(cell, column: column) {
                    typed.withUnsafeBufferPointer { copy.append($0, column: column) }
                } else {
                    copy.append(cell, column: column)
                }
            }
            copy.rowCount += 1
        }
        return copy
    }
}

extension SparkType {
    /// `value` in the form its type asks for: positional structs become objects, numbers and truth values in strings become
    /// what they are. What does not fit the type stays as it is.
    func shaped(_ value: JSONValue) -> JSONValue {
        switch (value, self) {
        case (.string(let text), .plain): scalar(text)
        case (.array(let elements), .array(let element)): .array(elements.map { element.shaped($0) })
        case (.array(let values), .structure(let fields)) where values.count == fields.count:
            .object(zip(fields, values).map { JSONValue.Member($0.name, $0.type.shaped($1)) })
        case (.object(let members), .map(_, let valueType)):
            .object(members.map { JSONValue.Member($0.key, valueType.shaped($0.value)) })
        case (.object(let members), .structure(let fields)):
            .object(
                members.map { member in
                    let field = fields.first { $0.name == member.key }
                    return JSONValue.Member(member.key, field.map { $0.type.shaped(member.value) } ?? member.value)
                })
        default: value
        }
    }

    private func scalar(_ text: String) -> JSONValue {
        switch Column(name: "", typeText: self.text).kind {
        case .integer, .decimal, .float:
            var digits = text
            return digits.withUTF8(JSONNumber.matches) ? .number(text) : .string(text)
        case .boolean where text == "true" || text == "false": return .bool(text == "true")
        default: return .string(text)
        }
    }
}
