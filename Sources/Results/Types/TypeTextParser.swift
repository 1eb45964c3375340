import Text

/// Reads Hive and SQL type strings: `map<string,array<int>>`, `STRUCT<a: INT NOT NULL, b: STRING>`.
struct TypeTextParser {
    private let characters: [Character]
    private var index = 0
    private var depth = 0

    init(_ text: String) { characters = Array(text) }

    /// The type, or nil when the text does not have the form of one.
    mutating func parse() -> SparkType? {
        guard let type = type() else { return nil }
        skipBlanks()
        return index == characters.count ? type : nil
    }

    private mutating func type() -> SparkType? {
        depth += 1
        defer { depth -= 1 }
        // Types come from the server: a deep one is refused like a malformed one.
        guard depth <= JSONValue.depthLimit else { return nil }
        skipBlanks()
        let head = words()
        guard !head.isEmpty else { return nil }
        switch head.lowercased() {
        case "array" where take("<"):
            guard let element = type(), close() else { return nil }
            return .array(element)
        case "map" where take("<"):
            guard let key = type(), comma(), let value = type(), close() else { return nil }
            return .map(key, value)
        case "struct" where take("<"): return fields().map { .structure($0) }
        default: return .plain(SparkType.sqlName(head + parameters()))
        }
    }

    private mutating func fields() -> [SparkType.Field]? {
        var fields: [SparkType.Field] = []
        if close() { return fields }
        while true {
            skipBlanks()
            let name = fieldName()
            skipBlanks()
            guard !name.isEmpty, take(":"), let type = type() else { return nil }
            fields.append(SparkType.Field(name: name, type: type))
            skipFieldOptions()
            if close() { return fields }
            guard comma() else { return nil }
        }
    }

    private mutating func fieldName() -> String {
        guard take("`") else {
            // Some Spark versions write names with blanks, dots and colons in them without quotes: no type has a colon before
            // its fields, so the last one ends the name.
            let start = index
            let end = characters[start...].firstIndex { [",", "<", ">", "'"].contains($0) } ?? characters.count
            index = characters[start..<end].lastIndex(of: ":") ?? end
            return String(characters[start..<index]).trimmingBlanks()
        }
        var name = ""
        while index < characters.count {
            if take("`") {
                guard take("`") else { return name }
                name.append("`")
            } else {
                name.append(characters[index])
                index += 1
            }
        }
        return ""
    }

    /// The words of a type: `interval day to second`, `timestamp_ntz`.
    private mutating func words() -> String {
        let start = index
        while index < characters.count {
            let character = characters[index]
            guard character.isLetter || character.isNumber || character == "_" || character == " " else { break }
            index += 1
        }
        var words = characters[start..<index].split(separator: " ").map { String($0) }
        let options = ["not", "comment", "collate"]
        if let option = words.firstIndex(where: { options.contains($0.lowercased()) }) {
            words.removeSubrange(option...)
        }
        return words.joined(separator: " ")
    }

    private mutating func parameters() -> String {
        guard index < characters.count, characters[index] == "(" else { return "" }
        let start = index
        while index < characters.count, characters[index] != ")" { index += 1 }
        guard index < characters.count else { return "" }
        index += 1
        return String(characters[start..<index])
    }

    /// `NOT NULL`, `COLLATE x` and `COMMENT '…'` behind a field's type say nothing about its cells.
    private mutating func skipFieldOptions() {
        while index < characters.count, characters[index] != ",", characters[index] != ">" {
            let quote = characters[index]
            index += 1
            guard quote == "'" else { continue }
            while index < characters.count, characters[index] != "'" { index += characters[index] == "\\" ? 2 : 1 }
            index = min(index + 1, characters.count)
        }
    }

    private mutating func skipBlanks() { while index < characters.count, characters[index] == " " { index += 1 } }

    private mutating func take(_ character: Character) -> Bool {
        guard index < characters.count, characters[index] == character else { return false }
        index += 1
        return true
    }

    private mutating func close() -> Bool {
        skipBlanks()
        return take(">")
    }

    private mutating func comma() -> Bool {
        skipBlanks()
        return take(",")
    }
}
