import Text

/// Splits a meta command's line into words as a POSIX shell does (`'…'`, `"…"`, `\`), without expansion, except that
/// `${NAME}` and `${env:NAME}` outside single quotes are replaced by values the caller knows.
///
/// Fact: POSIX.1-2017, Shell Command Language, 2.2 Quoting.
nonisolated package enum Words {
    /// What can be wrong with a line of words.
    package enum Failure: Error, Equatable {
        case openQuote(Character)
        case unknownVariable(String)
    }

    /// - Throws: `Failure` for an open quote, or a variable for which `value` returns nil.
    package static func split(_ line: String, value: (String) -> String? = { _ in nil }) throws(Failure) -> [String] {
        var words: [String] = []
        var word = ""
        var hasWord = false
        var rest = Substring(line)
        while let character = rest.popFirst() {
            switch character {
            case " ", "\t", "\n", "\r\n":
                if hasWord { words.append(word) }
                word = ""
                hasWord = false
                continue
            case "'":
                guard let end = rest.firstIndex(of: "'") else { throw .openQuote("'") }
                word += rest[..<end]
                rest = rest[rest.index(after: end)...]
            case "\"":
                try quoted(&rest, into: &word, value)
            case "\\":
                if let next = rest.popFirst() { word.append(next) }
            case "$" where rest.first == "{":
                try variable(&rest, into: &word, value)
            default:
                word.append(character)
            }
            hasWord = true
        }
        if hasWord { words.append(word) }
        return words
    }

    private static func quoted(
        _ rest: inout Substring, into word: inout String, _ value: (String) -> String?
    ) throws(Failure) {
        while let character = rest.popFirst() {
            switch character {
            case "\"": return
            case "\\":
                guard let next = rest.popFirst() else { break }
                if !"\"\\$`".contains(next) { word.append("\\") }
                word.append(next)
            case "$" where rest.first == "{": try variable(&rest, into: &word, value)
            default: word.append(character)
            }
        }
        throw .openQuote("\"")
    }

    private static func variable(
        _ rest: inout Substring, into word: inout String, _ value: (String) -> String?
    ) throws(Failure) {
        guard let end = rest.firstIndex(of: "}") else {
            word.append("$")
            return
        }
        let name = String(rest[rest.index(after: rest.startIndex)..<end])
        guard let text = value(name) else { throw .unknownVariable(name) }
        word += text
        rest = rest[rest.index(after: end)...]
    }

    /// Writes a word so that `split` reads it back as one.
    package static func quote(_ word: String) -> String {
        let plain =
            !word.isEmpty
            && word.utf8.allSatisfy { byte in
                byte.isWordPart || "-./:@,+=%".utf8.contains(byte)
            }
        return plain
            ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
