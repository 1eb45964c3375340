import Results
import Text

/// A column of a table to be loaded.
nonisolated struct ImportColumn: Equatable, Sendable {
    let name: String
    /// An SQL type, such as `DECIMAL(10,2)` or `MAP<STRING, INT>`.
    let type: String
    /// The type's first word, in capitals.
    let family: String

    init(name: String, type: String) {
        (self.name, self.type) = (name, type)
        family = String(type.prefix { $0.isLetter || $0 == "_" }).uppercased()
    }

    var isNested: Bool { ["ARRAY", "MAP", "STRUCT"].contains(family) }

    /// `id INT, name STRING`: names may stand in backticks, and a colon may stand between a name and its type.
    /// - Throws: `UsageError`.
    static func list(_ text: String) throws -> [ImportColumn] {
        var parts: [String] = []
        var (part, depth, isQuoted) = ("", 0, false)
        for character in text {
            switch character {
            case "`": isQuoted.toggle()
            case "<" where !isQuoted, "(" where !isQuoted: depth += 1
            case ">" where !isQuoted, ")" where !isQuoted: depth -= 1
            case "," where !isQuoted && depth == 0:
                parts.append(part)
                part = ""
                continue
            default: break
            }
            part.append(character)
        }
        return try (parts + [part]).map { part in
            let trimmed = part.trimmingBlanks()
            let name: String
            var rest: Substring
            if trimmed.first == "`", let end = trimmed.dropFirst().firstIndex(of: "`") {
                name = String(trimmed[trimmed.index(after: trimmed.startIndex)..<end])
                rest = trimmed[trimmed.index(after: end)...]
            } else {
                name = String(trimmed.prefix { !$0.isWhitespace && $0 != ":" })
                rest = trimmed.dropFirst(name.count)
            }
            rest = rest.drop { $0.isWhitespace || $0 == ":" }
            guard !name.isEmpty, !rest.isEmpty else {
                throw UsageError("“\(trimmed)” is no column with its type", hint: "--schema 'id INT, name STRING'")
            }
            return ImportColumn(name: name, type: String(rest))
        }
    }

    // MARK: How it is read

    /// Types that the workspace reads from text by itself, and drops the row when it cannot.
    private static let readable: Set<String> = [
        "TINYINT", "SMALLINT", "INT", "BIGINT", "FLOAT", "DOUBLE", "DECIMAL", "BOOLEAN", "STRING", "DATE",
        "TIMESTAMP", "TIMESTAMP_NTZ",
    ]

    /// The type by which a column of text is read.
    var textType: String { Self.readable.contains(family) ? type : "STRING" }

    /// The type by which a value of JSON is read: what JSON has no form for is read as text.
    var jsonType: String {
        if ["INTERVAL", "VOID", "VARCHAR", "CHAR"].contains(family) { return "STRING" }
        if !isNested { return type }
        return type.replacing(/(?i)MAP<\s*[^,<>]+,/) { _ in "MAP<STRING," }
            .replacing(/(?i)\b(VARCHAR|CHAR)\s*\(\s*\d+\s*\)/) { _ in "STRING" }
    }

    /// The value of a column that was read by `textType` or `jsonType` and is called `source`. NULL where it does not fit.
    func value(of source: String, readAs read: String) -> String {
        if read == type { return source }
        switch family {
        case "BINARY": return "unbase64(\(source))"
        case "VARIANT": return "try_parse_json(\(source))"
        case "VOID": return "NULL"
        case "STRING", "VARCHAR", "CHAR": return source
        case "ARRAY", "MAP", "STRUCT":
            let parsed = read == "STRING" ? "from_json(\(source), '\(Self.escaped(jsonType))')" : source
            return jsonType == type ? parsed : "CAST(\(parsed) AS \(type))"
        default: return "try_cast(\(source) AS \(type))"
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }

    /// Whether a text that dbsh has at hand fits the type.
    func fits(_ text: String) -> Bool {
        // Most do, in a form that is soon known: a search for the few that do not reads millions of them.
        if fitsPlainly(text) { return true }
        if isNested || family == "VARIANT" { return (try? JSONValue.parse(text)) != nil }
        return (try? ParameterValue.check(text, of: type)) != nil
    }

    private func fitsPlainly(_ text: String) -> Bool {
        switch family {
        case "STRING", "VARCHAR", "CHAR", "BINARY": true
        case "BIGINT": Int64(text) != nil
        case "INT": Int32(text) != nil
        case "DOUBLE": text.utf8.allSatisfy { (0x2D...0x39).contains($0) && $0 != 0x2F } && Double(text) != nil
        case "BOOLEAN": text == "true" || text == "false"
        case "DATE": text.utf8.count == 10 && ColumnInference.beginsWithPlainDate(text)
        case "TIMESTAMP", "TIMESTAMP_NTZ": ColumnInference.beginsWithPlainDate(text)
        default: false
        }
    }
}
