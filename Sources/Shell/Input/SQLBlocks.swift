/// Follows the nesting of Spark's SQL scripting inside one statement: which `BEGIN`, `IF`, `CASE`, `LOOP`, `WHILE`,
/// `REPEAT` and `FOR` are open, so that a `;` inside them does not end the cell.
///
/// The words are not reserved (`IF(a, b, c)`, `DROP TABLE IF EXISTS`, a column named `begin`), so a word opens a block
/// only where a statement can begin: at the start, after `;`, `THEN`, `ELSE`, `DO`, `BEGIN`, `LOOP`, `REPEAT` or a label.
nonisolated struct SQLBlocks: Sendable {
    private enum Block: Sendable, Equatable {
        case begin, ifThen, caseStatement, caseExpression, loop, whileDo, repeatUntil, forDo

        var word: String {
            switch self {
            case .begin: "begin"
            case .ifThen: "if"
            case .caseStatement, .caseExpression: "case"
            case .loop: "loop"
            case .whileDo: "while"
            case .repeatUntil: "repeat"
            case .forDo: "for"
            }
        }
    }

    /// Where the next word stands.
    private enum Place: Sendable {
        case statementStart
        /// After the first word of a statement, which a `:` would make a label.
        case afterFirstWord
        /// After `BEGIN` at the start of the text: it is a compound statement unless a transaction is meant.
        case afterBegin
        /// After `END`: the next word may name what ends.
        case afterEnd
        case inside
        case afterDot
    }

    private var open: [Block] = []
    private var place = Place.statementStart
    /// The statement's leading words decide whether a `BEGIN` in its middle opens a body (CREATE PROCEDURE … BEGIN).
    private var isCreate = false
    private var isProcedure = false
    private var wordsSeen = 0

    var isOpen: Bool { !open.isEmpty }

    /// What the continuation prompt names.
    var innermost: String? { open.last?.word }

    /// A `;` inside a block: the next word begins a statement.
    mutating func semicolon() { place = .statementStart }

    /// Any token that is not a word.
    mutating func symbol(_ byte: UInt8) {
        switch byte {
        case .colon where place == .afterFirstWord: place = .statementStart
        case .dot: place = .afterDot
        case .leftParenthesis where place == .afterEnd: place = .inside
        default: place = place == .statementStart && (byte == .backtick) ? .afterFirstWord : .inside
        }
    }

    /// Reads the word at `at` and leaves `at` behind it.
    mutating func word(_ bytes: UnsafeBufferPointer<UInt8>, at: inout Int, limit: Int) {
        let start = at
        while at < limit, bytes[at].isWordPart { at += 1 }
        defer { wordsSeen += 1 }
        // Outside blocks only the first words of a statement and a procedure's body matter: long scripts stay cheap.
        if open.isEmpty, wordsSeen > 4, !isProcedure {
            if place != .inside { place = .inside }
            return
        }
        let length = at - start
        guard length <= 11 else { return plainWord() }
        var key: UInt128 = 0
        for index in start..<at { key = key << 8 | UInt128(bytes[index] | 0x20) }
        if place == .afterDot { return plainWord() }
        handle(Keyword(key), next: peek(bytes, at, limit))
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
        let starts = place == .statementStart
        guard let keyword else { return plainWord() }
        if place == .afterBegin {
            place = .statementStart
            if keyword == .transaction || keyword == .work {
                open.removeLast()
                place = .inside
                return
            }
            if keyword == .atomic || keyword == .not { return }
            return handle(keyword, next: next)
        }
        switch keyword {
        case .begin where starts || isProcedure || !open.isEmpty && next != .dot && next != .comma:
            let outermost = open.isEmpty
            open.append(.begin)
            place = outermost && !isProcedure ? .afterBegin : .statementStart
        case .caseWord:
            // An expression's CASE ends with END as well, so it is followed inside blocks only.
            if !open.isEmpty { open.append(starts ? .caseStatement : .caseExpression) }
            place = .inside
        case .ifWord where starts && !open.isEmpty:
            push(.ifThen, .inside)
        case .whileWord where starts && !open.isEmpty:
            push(.whileDo, .inside)
        case .forWord where starts && !open.isEmpty:
            push(.forDo, .inside)
        case .loop where starts && !open.isEmpty:
            push(.loop, .statementStart)
        case .repeatWord where starts && !open.isEmpty && next != .leftParenthesis:
            push(.repeatUntil, .statementStart)
        case .then, .elseWord, .doWord:
            place = !open.isEmpty && open.last != .caseExpression ? .statementStart : .inside
        case .end where !open.isEmpty:
            open.removeLast()
            place = .afterEnd
        case .create where starts:
            isCreate = true
            place = .inside
        case .procedure where isCreate:
            isProcedure = true
            place = .inside
        default:
            plainWord()
        }
    }

    private mutating func push(_ block: Block, _ next: Place) {
        open.append(block)
        place = next
    }

    /// The next byte that is not blank, on the same line.
    private func peek(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ limit: Int) -> UInt8? {
        var index = at
        while index < limit, bytes[index] == .space || bytes[index] == .tab { index += 1 }
        return index < limit ? bytes[index] : nil
    }

    private enum Keyword: Equatable {
        case begin, end, caseWord, ifWord, loop, whileWord, repeatWord, forWord, then, elseWord, doWord
        case create, procedure, transaction, work, atomic, not

        /// `key` is the word's bytes, in lower case, packed big-endian: one comparison a keyword, no String made.
        init?(_ key: UInt128) {
            guard let match = Self.table.first(where: { $0.key == key }) else { return nil }
            self = match.keyword
        }

        private static func pack(_ word: StaticString) -> UInt128 {
            word.withUTF8Buffer { $0.reduce(0) { $0 << 8 | UInt128($1) } }
        }

        private static let table: [(key: UInt128, keyword: Keyword)] = [
            (pack("begin"), .begin), (pack("end"), .end), (pack("case"), .caseWord), (pack("if"), .ifWord),
            (pack("loop"), .loop), (pack("while"), .whileWord), (pack("repeat"), .repeatWord), (pack("for"), .forWord),
            (pack("then"), .then), (pack("else"), .elseWord), (pack("do"), .doWord), (pack("create"), .create),
            (pack("procedure"), .procedure), (pack("transaction"), .transaction), (pack("work"), .work),
            (pack("atomic"), .atomic), (pack("not"), .not),
        ]
    }
}
