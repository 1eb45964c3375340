/// Text as a REPL on the cluster echoes it.
enum EchoText {
    /// Without IPython's `Out[3]: ` before the value of the last expression, as the official SDKs show it: the number counts
    /// cells of the context, not those that the user has typed. There is one at most, the last: any other was printed.
    static func withoutPrompt(_ text: String) -> String {
        var prompt: Range<String.Index>?
        var line = text.startIndex
        while line < text.endIndex {
            if let end = promptEnd(text[line...]) { prompt = line..<end }
            guard let newline = text[line...].firstIndex(where: \.isNewline) else { break }
            line = text.index(after: newline)
        }
        guard let prompt else { return text }
        return String(text[..<prompt.lowerBound] + text[prompt.upperBound...])
    }

    /// Where the text after a prompt starts; a value of several lines begins below its prompt.
    private static func promptEnd(_ text: Substring) -> Substring.Index? {
        guard text.hasPrefix("Out[") else { return nil }
        let number = text.dropFirst(4).prefix { $0.isNumber || $0 == " " }
        let rest = text[number.endIndex...]
        guard !number.isEmpty, rest.hasPrefix("]: ") || rest.hasPrefix("]:\n") else { return nil }
        let after = rest.dropFirst(3)
        return after.first == "\n" && rest.hasPrefix("]: ") ? after.dropFirst().startIndex : after.startIndex
    }

    /// Without ANSI control sequences (ECMA-48 §5.4).
    static func withoutColours(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView()
        var inSequence = false
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if inSequence {
                let isBracket = previous == "\u{1B}" && scalar == "["
                if !isBracket && (0x40...0x7E).contains(scalar.value) { inSequence = false }
            } else if scalar == "\u{1B}" || scalar == "\u{9B}" {
                inSequence = true
            } else {
                scalars.append(scalar)
            }
            previous = scalar
        }
        return String(scalars)
    }
}
