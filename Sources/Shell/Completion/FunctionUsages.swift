import Results
import System
import Text

/// How the functions of a server are called, for the hint, which the editor's thread asks for.
nonisolated final class FunctionUsages: Sendable {
    private let known = Locked<[String: String]>([:])

    /// By name, in lower case; empty where the server says nothing that can be shown.
    var all: [String: String] {
        get { known.withLock { $0 } }
        set { known.withLock { $0 = newValue } }
    }

    func signature(of name: String) -> String? { known.withLock { $0[name] }.flatMap { $0.isEmpty ? nil : $0 } }

    /// The first usage in what DESCRIBE FUNCTION EXTENDED answers: the text behind `Usage:`, before ` - ` and what it does.
    static func signature(of name: String, in rows: [String]) -> String? {
        let text = rows.joined(separator: "\n")
        guard let start = text.firstRange(of: "Usage:") else { return nil }
        let usage = text[start.upperBound...].drop(while: \.isWhitespace)
        guard usage.lowercased().hasPrefix(name + "(") else { return nil }
        var depth = 0
        for index in usage.indices {
            if usage[index] == "(" { depth += 1 }
            if usage[index] == ")" { depth -= 1 }
            guard depth == 0, usage[index] == ")" else { continue }
            let signature = usage[...index].split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return signature.utf8.count <= longest ? name + Sanitizer.oneLine(signature).dropFirst(name.count) : nil
        }
        return nil
    }

    private static let longest = 200
}
