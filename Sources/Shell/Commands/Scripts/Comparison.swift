import Text

/// What `.if` asks: two values compared, or one that is true or false. Numbers compare as numbers, all else as text.
struct Comparison {
    private static let operators = ["=", "==", "!=", "<>", "<", "<=", ">", ">="]
    private static let truths = ["true": true, "yes": true, "on": true, "1": true, "t": true, "y": true]
    private static let untruths = ["false", "no", "off", "0", "f", "n", ""]

    /// - Throws: `UsageError` for words that are no comparison.
    static func holds(_ words: [String]) throws -> Bool {
        switch words.count {
        case 1:
            let word = words[0].lowercased()
            if truths[word] == true { return true }
            if untruths.contains(word) { return false }
            throw UsageError("“\(words[0])” is neither true nor false", hint: "compare it: .if ${name} = value")
        case 3 where operators.contains(words[1]): return compare(words[0], words[1], words[2])
        default:
            throw UsageError(
                "“\(words.joined(separator: " "))” is no comparison",
                hint: "VALUE \(operators.joined(separator: "|")) VALUE; quote a value that has blanks")
        }
    }

    private static func compare(_ left: String, _ name: String, _ right: String) -> Bool {
        let order = order(left, right)
        return switch name {
        case "=", "==": order == 0
        case "!=", "<>": order != 0
        case "<": order < 0
        case "<=": order <= 0
        case ">": order > 0
        default: order >= 0
        }
    }

    /// Below, at or above zero.
    private static func order(_ left: String, _ right: String) -> Int {
        if let a = Int(left), let b = Int(right) { return a < b ? -1 : a > b ? 1 : 0 }
        if let a = number(left), let b = number(right) { return a < b ? -1 : a > b ? 1 : 0 }
        return left == right ? 0 : left < right ? -1 : 1
    }

    private static func number(_ text: String) -> Double? {
        guard text.contains(where: \.isNumber), text.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }) else {
            return nil
        }
        return Double(text)
    }
}
