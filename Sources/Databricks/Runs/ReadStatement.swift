/// Whether a SQL statement only reads, so that running it again changes nothing.
///
/// Decided by its first words, and only in favour of a statement that surely reads: what is not recognised counts as a
/// write. Comments and opening brackets before the first word are passed over. A `WITH` reads when what follows its
/// definitions does; `FROM` may begin a query as well as (`FROM t INSERT INTO u …`) a write.
package enum ReadStatement {
    private static let readers: Set<String> = [
        "SELECT", "SHOW", "DESCRIBE", "DESC", "VALUES", "TABLE", "EXPLAIN", "LIST",
    ]
    /// Words at the outermost level of a query that make it write.
    private static let writers: Set<String> = [
        "INSERT", "INTO", "DELETE", "UPDATE", "MERGE", "OVERWRITE", "CREATE", "REPLACE", "DROP", "COPY", "CALL",
    ]

    /// - Parameter statement: one statement, without a `;` between statements.
    package static func isRead(_ statement: String) -> Bool {
        var words = OuterWords(statement)
        guard let first = words.next() else { return false }
        if readers.contains(first) { return words.isOneStatement }
        guard first == "WITH" || first == "FROM" else { return false }
        var selects = first == "FROM"
        while let word = words.next() {
            if writers.contains(word) { return false }
            if readers.contains(word) { selects = true }
        }
        return selects && words.isOneStatement
    }
}

/// The words of a statement that stand in no brackets, strings, quoted names or comments, in capitals.
private struct OuterWords {
    private let text: [UInt8]
    private var index = 0
    private var depth = 0
    /// Brackets around a whole query, `(SELECT …)`, do not count.
    private var sawWord = false
    private var endedAt: Int?

    init(_ statement: String) { text = Array(statement.utf8) }

    /// Whether nothing stands behind a `;`.
    var isOneStatement: Bool {
        var rest = self
        while rest.next() != nil {}
        return !rest.continuesAfterEnd
    }

    private var continuesAfterEnd = false

    mutating func next() -> String? {
        while let byte = peek(0) {
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): skipString(byte)
            case UInt8(ascii: "`"): skipName()
            case UInt8(ascii: "-") where peek(1) == UInt8(ascii: "-"): skipLine()
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"): skipComment()
            case UInt8(ascii: "("):
                if sawWord { depth += 1 }
                index += 1
            case UInt8(ascii: ")"):
                depth = max(0, depth - 1)
                index += 1
            case UInt8(ascii: ";"):
                endedAt = index
                index += 1
            case _ where Self.isWordByte(byte):
                let start = index
                while let next = peek(0), Self.isWordByte(next) { index += 1 }
                if endedAt != nil { continuesAfterEnd = true }
                sawWord = true
                if depth == 0 { return String(decoding: text[start..<index], as: UTF8.self).uppercased() }
            default:
                index += 1
            }
        }
        return nil
    }

    private func peek(_ offset: Int) -> UInt8? { index + offset < text.count ? text[index + offset] : nil }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }

    /// A backslash escapes in strings of Spark SQL, but not in raw ones (`r'…\'`).
    private mutating func skipString(_ quote: UInt8) {
        let isRaw = index > 0 && (text[index - 1] | 0x20) == UInt8(ascii: "r")
        index += 1
        while let byte = peek(0) {
            index += 1
            if byte == quote { return }
            if byte == UInt8(ascii: "\\"), !isRaw { index += 1 }
        }
    }

    private mutating func skipName() {
        index += 1
        while let byte = peek(0) {
            index += 1
            if byte == UInt8(ascii: "`") { return }
        }
    }

    private mutating func skipLine() {
        while let byte = peek(0), byte != 0x0A { index += 1 }
    }

    private mutating func skipComment() {
        var nesting = 0
        while index < text.count {
            if peek(0) == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "*") {
                nesting += 1
                index += 2
            } else if peek(0) == UInt8(ascii: "*"), peek(1) == UInt8(ascii: "/") {
                nesting -= 1
                index += 2
                if nesting == 0 { return }
            } else {
                index += 1
            }
        }
    }
}
