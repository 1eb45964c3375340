/// A CREATE FUNCTION text, taken apart as far as the API tells it.
struct FunctionText {
    private(set) var parameters: [(name: String, type: String)] = []
    /// The type that it returns; nil when the text does not say.
    private(set) var returns: String?
    private(set) var isSQL = true
    /// What stands behind RETURN or AS.
    private(set) var body = ""

    /// Words that end the type behind RETURNS.
    private static let characteristics: Set<String> = [
        "LANGUAGE", "COMMENT", "DETERMINISTIC", "NOT", "CONTAINS", "READS", "SQL", "RETURN", "AS", "SPECIFIC",
    ]

    init(_ text: String) {
        guard let open = text.firstIndex(of: "("), let close = Self.end(of: text, from: open) else { return }
        parameters = Self.split(text[text.index(after: open)..<close]).compactMap { part in
            let words = part.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
            guard words.count == 2 else { return nil }
            return (words[0].filter { $0 != "`" }, Self.type(words[1]))
        }
        var rest = text[text.index(after: close)...]
        while let word = Self.nextWord(&rest) {
            switch word.uppercased() {
            case "RETURNS": returns = Self.type(String(rest))
            case "LANGUAGE": isSQL = Self.nextWord(&rest)?.uppercased() == "SQL"
            case "RETURN", "AS":
                body = String(rest.drop(while: \.isWhitespace))
                return
            default: break
            }
        }
    }

    /// The type at the start of a text, up to the next characteristic.
    private static func type(_ text: String) -> String {
        var rest = text[...]
        var type = ""
        while let word = nextWord(&rest), !characteristics.contains(word.uppercased()), word.uppercased() != "DEFAULT" {
            type += (type.isEmpty || "<(>),:".contains(word) || "<(,:".contains(type.last ?? " ") ? "" : " ") + word
        }
        return type.lowercased()
    }

    /// The next word, string literal or single character.
    private static func nextWord(_ text: inout Substring) -> String? {
        text = text.drop(while: \.isWhitespace)
        guard let first = text.first else { return nil }
        func isPart(_ character: Character) -> Bool { character.isLetter || character.isNumber || character == "_" }
        var word = isPart(first) ? String(text.prefix(while: isPart)) : String(first)
        if first == "'" || first == "\"" {
            var isEscaped = false
            for character in text.dropFirst() {
                word.append(character)
                if character == first, !isEscaped { break }
                isEscaped = character == "\\" && !isEscaped
            }
        }
        text = text.dropFirst(word.count)
        return word
    }

    private static func end(of text: String, from open: String.Index) -> String.Index? {
        var depth = 0
        for index in text[open...].indices {
            if text[index] == "(" { depth += 1 }
            if text[index] == ")" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    /// The parts between the commas that are not in brackets.
    private static func split(_ text: Substring) -> [Substring] {
        var (parts, start, depth) = ([Substring](), text.startIndex, 0)
        for index in text.indices {
            if "(<".contains(text[index]) { depth += 1 }
            if ")>".contains(text[index]) { depth -= 1 }
            if text[index] == ",", depth == 0 {
                parts.append(text[start..<index])
                start = text.index(after: index)
            }
        }
        return parts + [text[start...]]
    }
}
