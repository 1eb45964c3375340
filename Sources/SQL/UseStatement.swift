import Text

/// A `USE` statement: `USE [CATALOG|SCHEMA|DATABASE|NAMESPACE] name`, `USE catalog.schema`, `SET CATALOG name`.
package struct UseStatement: Equatable, Sendable {
    package var catalog: String?
    package var schema: String?

    private static let kinds: Set<String> = ["CATALOG", "SCHEMA", "DATABASE", "NAMESPACE"]

    /// nil when the text is no such statement, or says its name by an expression.
    package init?(_ statement: String) {
        guard let first = SQLText.firstWord(of: statement), first == "USE" || first == "SET" else { return nil }
        let text = SQLText(statement)
        var rest = text.code[...]
        while rest.last?.kind == .symbol(.semicolon) { rest.removeLast() }
        let verb = rest.popFirst().flatMap(text.keyword)
        guard text.open == nil, verb == "USE" || verb == "SET" else { return nil }
        var kind = rest.first.flatMap(text.keyword)
        if let word = kind, Self.kinds.contains(word), rest.count > 1, rest.dropFirst().first?.kind != .symbol(.dot) {
            rest.removeFirst()
        } else {
            kind = nil
        }
        if verb == "SET", kind != "CATALOG" { return nil }
        guard let name = rest.popFirst().flatMap(text.name) else { return nil }
        guard let dot = rest.popFirst() else {
            if kind == "CATALOG" { catalog = name } else { schema = name }
            return
        }
        guard dot.kind == .symbol(.dot), let second = rest.popFirst().flatMap(text.name), rest.isEmpty else {
            return nil
        }
        if kind == "CATALOG" { return nil }
        catalog = name
        schema = second
    }
}
