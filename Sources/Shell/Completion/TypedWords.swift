/// The words of a meta command that is being typed, as `Words` will read them, except that the last may not be finished: its quote
/// is open, and what is in it counts all the same.
nonisolated struct TypedWords {
    /// Without their quotes. The last is empty when a blank was typed last.
    private(set) var words = [""]
    /// Bytes of the last word as typed, with its quotes.
    private(set) var lengthOfLast = 0

    init(_ line: some StringProtocol) {
        var quote: Character?
        var isEscaped = false
        for character in line {
            lengthOfLast += character.utf8.count
            if isEscaped {
                words[words.count - 1].append(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { words[words.count - 1].append(character) }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == " " || character == "\t" {
                if words.last != "" || lengthOfLast > 1 { words.append("") }
                lengthOfLast = 0
            } else {
                words[words.count - 1].append(character)
            }
        }
    }
}
