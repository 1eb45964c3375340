/// What `.prompt` has been given: text with fields such as `{target}`.
nonisolated struct PromptTemplate: Equatable {
    enum Field: String, CaseIterable {
        case language, catalog, schema, place, target, host, profile, session, marks
    }

    enum Part: Equatable {
        case text(String)
        case field(Field)
    }

    /// As it was typed.
    let text: String
    let parts: [Part]

    /// - Throws: `UsageError` for a field that there is not.
    init(_ text: String) throws {
        self.text = text
        var parts: [Part] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            guard let close = rest[open...].firstIndex(of: "}") else { break }
            let name = String(rest[rest.index(after: open)..<close])
            guard let field = Field(rawValue: name) else {
                let all = Field.allCases.map { "{\($0.rawValue)}" }.joined(separator: " ")
                throw UsageError("there is no {\(name)} for the prompt", hint: "there are \(all)")
            }
            if open > rest.startIndex { parts.append(.text(String(rest[..<open]))) }
            parts.append(.field(field))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { parts.append(.text(String(rest))) }
        self.parts = parts
    }
}
