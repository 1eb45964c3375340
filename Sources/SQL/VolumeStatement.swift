import Text

/// A statement about one file of a volume: `PUT 'file' INTO 'path' [OVERWRITE]`, `GET 'path' TO 'file'`, `REMOVE 'path'`.
package enum VolumeStatement: Equatable, Sendable {
    case put(file: String, path: String)
    case get(path: String, file: String)
    case remove(path: String)

    /// Nil when the text is no such statement.
    package init?(_ statement: String) {
        guard let verb = SQLText.firstWord(of: statement), ["PUT", "GET", "REMOVE"].contains(verb) else { return nil }
        let text = SQLText(statement)
        guard text.open == nil else { return nil }
        var rest = text.code.dropFirst()
        while rest.last?.kind == .symbol(.semicolon) { rest.removeLast() }
        func string() -> String? { rest.popFirst().flatMap(text.stringValue) }
        func word(_ word: String) -> Bool { rest.popFirst().flatMap(text.keyword) == word }
        guard let first = string() else { return nil }
        switch verb {
        case "PUT":
            guard word("INTO"), let path = string() else { return nil }
            if let last = rest.first, text.keyword(last) == "OVERWRITE" { rest.removeFirst() }
            self = .put(file: first, path: path)
        case "GET":
            guard word("TO"), let file = string() else { return nil }
            self = .get(path: first, file: file)
        default: self = .remove(path: first)
        }
        guard rest.isEmpty else { return nil }
    }

    /// The word that the service uses for it.
    package var operation: String {
        switch self {
        case .put: "PUT"
        case .get: "GET"
        case .remove: "REMOVE"
        }
    }

    /// The path in the volume.
    package var path: String {
        switch self {
        case .put(_, let path), .get(let path, _), .remove(let path): path
        }
    }
}

extension SQLText {
    /// What a string literal says, with its backslashes and doubled quotes undone; nil for any other token.
    func stringValue(_ token: Token) -> String? {
        guard token.kind == .string else { return nil }
        let literal = text(of: token)
        if let first = literal.first, first == "r" || first == "R" { return String(literal.dropFirst(2).dropLast()) }
        guard let quote = literal.first, quote == "'" || quote == "\"", literal.count > 1 else { return nil }
        var value = ""
        var rest = literal.dropFirst().dropLast()
        while let next = rest.popFirst() {
            if next == "\\", let escaped = rest.popFirst() {
                value.append(["n": "\n", "t": "\t", "r": "\r", "0": "\0"][escaped] ?? escaped)
            } else {
                value.append(next)
                if next == quote, rest.first == quote { rest.removeFirst() }
            }
        }
        return value
    }
}
