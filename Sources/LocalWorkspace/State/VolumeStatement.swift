/// `PUT`, `GET` and `REMOVE` of files in volumes: what the service answers to them is where the client has to send the bytes
/// (databricks-sql-python, staging ingestion).
enum VolumeStatement: Equatable {
    case put(file: String, path: String, overwrites: Bool)
    case get(path: String, file: String)
    case remove(path: String)

    /// Nil for any other statement.
    init?(_ sql: String) {
        var words = Self.words(of: sql)
        guard case .word(let verb)? = words.popFirst() else { return nil }
        switch (verb, words.popFirst()) {
        case ("PUT", .text(let file)?):
            guard words.popFirst() == .word("INTO"), case .text(let path)? = words.popFirst() else { return nil }
            self = .put(file: file, path: path, overwrites: words.popFirst() == .word("OVERWRITE"))
        case ("GET", .text(let path)?):
            guard words.popFirst() == .word("TO"), case .text(let file)? = words.popFirst() else { return nil }
            self = .get(path: path, file: file)
        case ("REMOVE", .text(let path)?): self = .remove(path: path)
        default: return nil
        }
        guard words.isEmpty else { return nil }
    }

    private enum Word: Equatable {
        case word(String)
        case text(String)
    }

    /// Nothing when the text has anything but words and strings.
    private static func words(of sql: String) -> ArraySlice<Word> {
        var found: [Word] = []
        var rest = sql[...]
        while let first = rest.popFirst() {
            if first.isWhitespace || first == ";" { continue }
            if first == "'" || first == "\"" {
                guard let end = rest.firstIndex(of: first) else { return [] }
                found.append(.text(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            } else if first.isLetter {
                let word = rest.prefix { $0.isLetter }
                found.append(.word((String(first) + word).uppercased()))
                rest = rest[word.endIndex...]
            } else {
                return []
            }
        }
        return found[...]
    }

    var operation: String {
        switch self {
        case .put: "PUT"
        case .get: "GET"
        case .remove: "REMOVE"
        }
    }

    var path: String {
        switch self {
        case .put(_, let path, _), .get(let path, _), .remove(let path): path
        }
    }

    var localFile: String? {
        switch self {
        case .put(let file, _, _), .get(_, let file): file
        case .remove: nil
        }
    }

    /// How the client asks for it at the link.
    var method: String {
        switch self {
        case .put: "PUT"
        case .get: "GET"
        case .remove: "DELETE"
        }
    }
}
