import Text

/// Follows the nesting of Spark's SQL scripting inside one statement: which `BEGIN`, `IF`, `CASE`, `LOOP`, `WHILE`,
/// `REPEAT` and `FOR` are open, so that a `;` inside them does not end the cell.
///
/// The words are not reserved (`IF(a, b, c)`, `DROP TABLE IF EXISTS`, columns named `begin` or `end`), so a word opens a
/// block only where a statement can begin: at the start, after `;`, `THEN`, `ELSE`, `DO`, `BEGIN`, `LOOP`, `REPEAT` or a
/// label, and `END` closes one only there, or after the expression of a `CASE` or `UNTIL`.
///
/// Facts: Spark's SqlBaseParser.g4 (beginEndCompoundBlock, ifElseStatement, caseStatement, loopStatement, whileStatement,
/// repeatStatement, forStatement, declareHandlerStatement); Databricks' CREATE PROCEDURE and BEGIN TRANSACTION.
struct Blocks: TokenFollower {
    private enum Block: Sendable, Equatable {
        case begin, ifThen, caseStatement, caseExpression, loop, whileDo, repeatUntil, until, forDo

        var word: String {
            switch self {
            case .begin: "begin"
            case .ifThen: "if"
            case .caseStatement, .caseExpression: "case"
            case .loop: "loop"
            case .whileDo: "while"
            case .repeatUntil, .until: "repeat"
            case .forDo: "for"
            }
        }
    }

    /// Where the next word stands.
    private enum Place: Sendable {
        case statementStart
        /// After the first word of a statement, which a `:` would make a label.
        case afterFirstWord
        /// After `label:`, where only blocks that take a label begin.
        case afterLabel
        /// After `BEGIN` at the start of the text: it is a compound statement unless a transaction is meant.
        case afterBegin
        /// After `END`: the next word may name what ends.
        case afterEnd
        case inside
        case afterDot
    }

    /// What the statement's leading words have said, which decides whether a `BEGIN` in its middle opens a body.
    private enum Kind: Sendable {
        case plain, create, routine, declare, handler
    }

    private var open: [Block] = []
    private var place = Place.statementStart
    private var kind = Kind.plain
    private var wordsSeen = 0
    /// The token before was a word or a closing parenthesis, so that a keyword and not a name may follow.
    private var followsWord = false

    init() {}

    var innermost: String? { open.last?.word }

    mutating func semicolon(at: Int) -> Bool {
        if open.isEmpty { return false }
        if place == .afterBegin, open.count == 1 { return false }  // BEGIN; is no block
        place = .statementStart
        kind = .plain
        return true
    }

    // (Inlined into the lexer, which calls these for every token: it costs a quarter of the speed otherwise.)
    @inline(__always) mutating func opens(_ literal: Literal, at: Int) {
        switch literal {
        case .string, .rawString: follow(.quote)
        case .name: follow(.backtick)
        case .comment: break
        }
    }

    @inline(__always) mutating func closes(at: Int) {}

    @inline(__always) mutating func symbol(_ byte: UInt8, _ range: Range<Int>) { follow(byte) }

    @inline(__always) private mutating func follow(_ byte: UInt8) {
        followsWord = byte == .rightParenthesis
        switch byte {
        case .colon where place == .afterFirstWord: place = .afterLabel
        case .dot: place = .afterDot
        case .backtick where place == .statementStart: place = .afterFirstWord
        default: place = .inside
        }
    }

    mutating func word(_ bytes: Bytes, at: inout Int, limit: Int) {
        let start = at
        while at < limit, bytes[at].isWordPart { at += 1 }
        wordsSeen += 1
        // Outside blocks only the first words of a statement and a routine's body matter: long scripts stay cheap.
        if open.isEmpty, wordsSeen > 5, kind != .routine {
            place = .inside
            return
        }
        defer { followsWord = true }
        let length = at - start
        guard length <= 11, place != .afterDot else { return plainWord() }
        var key: UInt128 = 0
        for index in start..<at { key = key << 8 | UInt128(bytes[index] | 0x20) }
        handle(Keyword.of(key), next: peek(bytes, at, limit))
    }

    private mutating func plainWord() {
        place = place == .statementStart || place == .afterBegin ? .afterFirstWord : .inside
    }

    private mutating func handle(_ keyword: Keyword?, next: UInt8?) {
        if place == .afterEnd {
            place = .inside
            switch keyword {
            case .ifWord, .caseWord, .loop, .whileWord, .repeatWord, .forWord: return
            default: break  // a label after END, or an expression that goes on: handled like any word
            }
        }
        guard let keyword else { return plainWord() }
        if place == .afterBegin {
            place = .statementStart
            switch keyword {
            case .transaction, .work:
                open.removeLast()
                place = .inside
                return
            case .atomic, .not:
                return
            default: break
            }
        }
        if opens(keyword, next: next) { return }
        switch keyword {
        case .then, .elseWord, .doWord:
            place = !open.isEmpty && open.last != .caseExpression ? .statementStart : .inside
        case .until where open.last == .repeatUntil && place == .statementStart:
            open[open.count - 1] = .until
            place = .inside
        case .end where ends:
            open.removeLast()
            place = .afterEnd
        case .create where place == .statementStart:
            kind = .create
            place = .inside
        case .procedure where kind == .create, .function where kind == .create:
            kind = .routine
            followsWord = false
            place = .afterDot  // its name comes next, whatever word that is
        case .declare where place == .statementStart:
            kind = .declare
            place = .afterFirstWord
        case .handler where kind == .declare:
            kind = .handler
            place = .inside
        default:
            plainWord()
        }
    }

    /// Whether an `END` here closes the innermost block.
    private var ends: Bool {
        switch open.last {
        case nil: false
        case .caseExpression, .until: true
        default: place == .statementStart
        }
    }

    /// Opens a block when the keyword does that here.
    private mutating func opens(_ keyword: Keyword, next: UInt8?) -> Bool {
        let starts = place == .statementStart
        let startsLoop = (starts || place == .afterLabel) && !open.isEmpty
        switch keyword {
        case .begin where starts || place == .afterLabel || beginsBody(next):
            let isOutermost = open.isEmpty && kind != .routine
            kind = .plain
            push(.begin, isOutermost ? .afterBegin : .statementStart)
        case .caseWord where !open.isEmpty:
            // An expression's CASE ends with END as well, so it is followed inside blocks only.
            push(starts ? .caseStatement : .caseExpression, .inside)
        case .ifWord where starts && !open.isEmpty: push(.ifThen, .inside)
        case .whileWord where startsLoop: push(.whileDo, .inside)
        case .forWord where startsLoop: push(.forDo, .inside)
        case .loop where startsLoop: push(.loop, .statementStart)
        case .repeatWord where startsLoop && next != .leftParenthesis: push(.repeatUntil, .statementStart)
        default: return false
        }
        return true
    }

    /// The body of a procedure, a function or a handler begins where a keyword may stand.
    private func beginsBody(_ next: UInt8?) -> Bool {
        (kind == .routine || kind == .handler) && followsWord && next != .dot && next != .comma
    }

    private mutating func push(_ block: Block, _ next: Place) {
        open.append(block)
        place = next
    }

    /// The next byte that is not blank, on the same line.
    private func peek(_ bytes: Bytes, _ at: Int, _ limit: Int) -> UInt8? {
        var index = at
        while index < limit, bytes[index] == .space || bytes[index] == .tab { index += 1 }
        return index < limit ? bytes[index] : nil
    }

    private enum Keyword: Equatable {
        case begin, end, caseWord, ifWord, loop, whileWord, repeatWord, until, forWord, then, elseWord, doWord
        case create, procedure, function, declare, handler, transaction, work, atomic, not

        /// The keyword whose lower-case bytes are packed big-endian in `key`: one comparison a keyword, no String made.
        static func of(_ key: UInt128) -> Keyword? {
            table.first { $0.key == key }?.keyword
        }

        private static func pack(_ word: StaticString) -> UInt128 {
            word.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt128($1) } }
        }

        private static let table: [(key: UInt128, keyword: Keyword)] = [
            (pack("begin"), .begin), (pack("end"), .end), (pack("case"), .caseWord), (pack("if"), .ifWord),
            (pack("loop"), .loop), (pack("while"), .whileWord), (pack("repeat"), .repeatWord), (pack("until"), .until),
            (pack("for"), .forWord), (pack("then"), .then), (pack("else"), .elseWord), (pack("do"), .doWord),
            (pack("create"), .create), (pack("procedure"), .procedure), (pack("function"), .function),
            (pack("declare"), .declare), (pack("handler"), .handler), (pack("transaction"), .transaction),
            (pack("work"), .work), (pack("atomic"), .atomic), (pack("not"), .not),
        ]
    }
}
