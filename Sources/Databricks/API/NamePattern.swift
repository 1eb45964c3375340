/// A pattern for names in which `*` stands for any characters; case does not matter.
package struct NamePattern: Sendable, Hashable {
    package let text: String
    /// In lower case.
    private let pattern: [Unicode.Scalar]

    package init(_ text: String) {
        self.text = text
        pattern = Array(text.lowercased().unicodeScalars)
    }

    /// Matches everything.
    package static let all = NamePattern("*")

    /// Matches names that begin with what was typed so far.
    package static func beginning(with typed: String) -> NamePattern { NamePattern(typed + "*") }

    /// Whether it stands for more than one name.
    package var isOpen: Bool { text.contains("*") }

    /// The same as a pattern of SQL's LIKE, which may match a little more: how the service escapes wildcards is not known.
    /// Nil for the pattern that matches everything.
    var like: String? {
        if matchesAll { return nil }
        return String(text.lowercased().map { $0 == "*" ? "%" : $0 == "%" || $0 == "\\" ? "_" : $0 })
    }

    private var matchesAll: Bool { !pattern.isEmpty && pattern.allSatisfy { $0 == "*" } }

    package func matches(_ name: String) -> Bool {
        // Most often; lists are long.
        if matchesAll || name == text { return true }
        let name = Array(name.lowercased().unicodeScalars)
        var (at, place) = (0, 0)
        // Where to go back to: behind the last `*`, and the first character that it has not taken.
        var star: (pattern: Int, name: Int)?
        while place < name.count {
            if at < pattern.count, pattern[at] == "*" {
                at += 1
                star = (at, place)
            } else if at < pattern.count, pattern[at] == name[place] {
                at += 1
                place += 1
            } else if let last = star {
                star = (last.pattern, last.name + 1)
                (at, place) = (last.pattern, last.name + 1)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == "*" }
    }
}
