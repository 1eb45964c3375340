import Text

/// Finds where an SQL statement ends, in a text that comes in pieces: it is handed whole lines and keeps its state between
/// them. (The lexer is generic; this stands around it so that it is compiled once, here.)
package struct StatementScanner: Sendable {
    package typealias Bytes = UnsafeBufferPointer<UInt8>

    /// What stopped a scan.
    package enum Stop: Equatable, Sendable {
        /// The bytes ran out inside the statement.
        case needsMore
        /// A `;`, `;&` or `\G`; `end` is where the statement's text ends, `next` where the rest begins.
        case ended(Terminator, end: Int, next: Int)
        /// A line begins at this offset that may not belong to the statement: the statement has no code yet, or the line
        /// looks like a comment or begins with a backslash. Scanning on reads it as SQL.
        case line(Int)
    }

    /// What stands behind a statement.
    package enum Terminator: Equatable, Sendable {
        /// `;`
        case semicolon
        /// `;&`
        case background
        /// `\G`
        case vertical
    }

    /// What is open where the text ends.
    package enum Open: Equatable, Sendable {
        /// A string or a quoted name; the text is its closing delimiter.
        case quote(String)
        case comment
        /// `BEGIN … END` or another block; the word is what opened it, in lower case.
        case block(String)
        /// A statement without its `;`.
        case statement
    }

    private var lexer = Lexer<Blocks>()

    package init() {}

    /// True once the statement has a character that is neither blank nor comment.
    package var hasCode: Bool { lexer.hasCode }

    /// What is open at the end of what has been scanned; nil where a statement could begin.
    package var open: Open? { lexer.open }

    /// Goes on from `at` up to `limit`, which is a line end or the end of the text.
    package mutating func scan(_ bytes: Bytes, at: inout Int, limit: Int) -> Stop {
        lexer.scan(bytes, at: &at, limit: limit)
    }

    /// Goes on from `at`, which is inside a `--` comment, to its end; false when the end has not come yet.
    package static func skipLineComment(_ bytes: Bytes, at: inout Int, limit: Int) -> Bool {
        var lexer = Lexer<Blocks>()
        lexer.mode = .lineComment
        while lexer.mode == .lineComment, at < limit { lexer.scanLineComment(bytes, at: &at, limit: limit) }
        return lexer.mode != .lineComment
    }
}
