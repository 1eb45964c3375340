import SQL
import Terminal
import Text

/// How the function is called in whose brackets the cursor stands.
nonisolated enum SQLHint {
    /// The signature, with the parameter that is being typed in bold; nothing outside of the brackets of a known function.
    /// - Parameter usages: how functions of the server are called that are not in the written list.
    static func line(_ text: String, at cursor: Int, usages: FunctionUsages? = nil) -> [StyledText] {
        let bytes = Array(text.utf8)
        let tokens = SQLTokens(SQLText(bytes), around: cursor, without: cursor..<cursor).before(cursor)
        // Within a string or a comment that is open, the brackets before it count.
        guard let (name, open) = call(tokens),
            let signature = FunctionSignatures.all[name] ?? usages?.signature(of: name)
        else { return [] }
        let position = tokens.surface(open + 1..<tokens.count).count { tokens[$0].isComma }
        let parts = parameters(of: signature)
        var pieces = [StyledText(String(signature.prefix { $0 != "(" }) + "(", .dim)]
        for (index, part) in parts.enumerated() {
            // The last one stands for all that follow when there may be more of them.
            let isRepeated = parts.last?.hasSuffix("…") ?? false
            let current = isRepeated ? min(position, parts.count - 2) : position
            pieces.append(StyledText(part, index == current ? .bold : .dim))
        }
        return pieces + [StyledText(")", .dim)]
    }

    /// The name of the function in whose brackets the end of the text is, in lower case.
    static func function(in text: String) -> String? {
        let end = text.utf8.count
        return call(SQLTokens(SQLText(Array(text.utf8)), around: end, without: end..<end))?.name
    }

    private static func call(_ tokens: SQLTokens) -> (name: String, open: Int)? {
        guard let open = tokens.open.last, open > 0, let name = tokens[open - 1].name,
            tokens[open - 1].range.upperBound == tokens[open].range.lowerBound
        else { return nil }
        return (name.lowercased(), open)
    }

    /// What stands between the brackets, cut behind each comma.
    private static func parameters(of signature: String) -> [String] {
        var parts: [String] = []
        var part = ""
        for character in signature.drop(while: { $0 != "(" }).dropFirst().dropLast() {
            part.append(character)
            if character == " ", part.hasSuffix(", ") {
                parts.append(part)
                part = ""
            }
        }
        return parts + (part.isEmpty ? [] : [part])
    }
}
