import Databricks
import SQL
import Text

/// The part of the reader that is inside a cell: where its text ends.
nonisolated extension CellReader {
    mutating func readSQL(_ bytes: Bytes, _ scanner: StatementScanner) -> Step {
        var scanner = scanner
        // A one-line cell is scanned to its line's end first, then line by line as long as something stays open.
        let isOneLine = isOneLine && magicLanguage != nil
        if isOneLine, at >= oneLineEnd { oneLineEnd = endOfLine(bytes, at) }
        switch scanner.scan(bytes, at: &at, limit: isOneLine ? oneLineEnd : limit) {
        case .ended(let terminator, let textEnd, let next):
            at = next
            let stays = isOneLine && hasCodeBeforeLineEnd(bytes, next)
            let step = finishCell(
                bytes, .sql, to: textEnd, until: next, .init(terminator), hasCode: scanner.hasCode, keepsMagic: stays)
            if stays {
                while at < limit, bytes[at].isBlank { at += 1 }
                from = at
                cellStart = at
                cellPosition = text.position(of: at)
                textPosition = cellPosition
                escapes = []
                state = .sql(StatementScanner())
            }
            return step
        case .line(let line) where isSQLLineEscaped(bytes, line, scanner):
            return goOn(behind: line, scanner)
        case .line(let line):
            let isBoundary =
                bytes[line] != .backslash
                && (rules == .script && LineKind.isSeparator(bytes, at: line, limit: limit)
                    || !scanner.hasCode && isBoundary(bytes, line, anyMeta: true))
            if isBoundary {
                at = line
                return finishCell(bytes, .sql, to: line, .open, hasCode: scanner.hasCode)
            }
            state = .sql(scanner)
            return .again
        case .needsMore:
            state = .sql(scanner)
            if isOneLine, at > from {
                let isWhole = scanner.open == nil || scanner.open == .statement
                if isWhole { return finishCell(bytes, .sql, to: at, .open, hasCode: scanner.hasCode) }
                if at < limit { return .again }
            }
            guard isFinished, at == limit else { return .wait }
            return finishCell(bytes, .sql, to: at, .open, hasCode: scanner.hasCode || scanner.open == .comment)
        }
    }

    /// Goes on with a line that is text, behind the backslash that says so.
    private mutating func goOn(behind backslash: Int, _ scanner: StatementScanner) -> Step {
        escapes.insert(backslash - from)
        at = backslash + 1
        state = .sql(scanner)
        return .again
    }

    mutating func readCode(_ bytes: Bytes, _ scanner: CodeScanner) -> Step {
        var scanner = scanner
        let isOneLine = isOneLine && magicLanguage != nil
        while at < limit {
            let ends =
                at > from && scanner.isBetweenLines
                && (isBoundary(bytes, at, anyMeta: false) || scanner.endsHere(isOneLine))
            if ends { return finishCell(bytes, scanner.language, to: at, .open, hasCode: scanner.hasCode) }
            let end = endOfLine(bytes, at)
            if scanner.isBetweenLines, isEscaped(bytes, at, isFirst: at == from) {
                escapes.insert(at - from)
                at += 1
            }
            scanner.scanLine(bytes, at: at, limit: end)
            at = end
        }
        state = .code(scanner)
        if scanner.endsHere(isOneLine) || isFinished {
            let hasCode = scanner.hasCode || scanner.open == .comment
            return finishCell(bytes, scanner.language, to: at, .open, hasCode: hasCode)
        }
        return .wait
    }

    /// Goes on behind a comment as the SQL lexer finds its end, which may lie lines further down.
    mutating func skipTrailingComment(_ bytes: Bytes) -> Step {
        guard StatementScanner.skipLineComment(bytes, at: &at, limit: limit) || isFinished else { return .wait }
        state = .idle
        return .again
    }

    /// Ends the cell being read; a cell without code sends nothing and is dropped. A comment that is never closed counts as
    /// code: it may have swallowed some, which the engine will say; so does a line that a backslash has made text.
    private mutating func finishCell(
        _ bytes: Bytes, _ language: Language, to end: Int, until next: Int? = nil, _ ending: Cell.Ending,
        hasCode: Bool, keepsMagic: Bool = false
    ) -> Step {
        state = .idle
        if !keepsMagic, rules != .notebook { magicLanguage = nil }
        guard hasCode || !escapes.isEmpty else { return .again }
        return made(.code(language), bytes[from..<end], ending, from: cellStart, to: next ?? end, cellPosition)
    }

    /// A cell made of `bytes`, and of nothing else of the input than `from..<to`.
    func made(
        _ kind: CellText.Kind, _ bytes: Slice<Bytes>, _ ending: Cell.Ending = .open, from: Int, to: Int,
        _ position: SourcePosition
    ) -> Step {
        var cell: Cell
        if escapes.isEmpty {
            cell = CellText.cell(kind, bytes, ending, position)
        } else {
            let text = bytes.indices.filter { !escapes.contains($0 - self.from) }.map { bytes[$0] }
            cell = text.withUnsafeBufferPointer { CellText.cell(kind, $0[...], ending, position) }
        }
        cell.source = text.base + from..<text.base + to
        if case .code = cell.content { cell.textStart = textPosition }
        return .cell(cell)
    }

    // MARK: Lines

    /// Whether the line at `line` ends a cell of code: a separator, a magic of dbsh's, or a (known) meta command.
    func isBoundary(_ bytes: Bytes, _ line: Int, anyMeta: Bool) -> Bool {
        guard takesCommands else { return false }
        return switch LineKind.of(bytes, at: line, limit: limit, indented: anyMeta) {
        case .separator: rules == .script
        case .meta(let name): anyMeta || commands.contains(name)
        case .magic(let name): Magic(name: name) != nil
        case .code: false
        }
    }

    func isLineComment(_ bytes: Bytes, _ at: Int) -> Bool {
        at + 1 < limit && bytes[at] == .minus && bytes[at + 1] == .minus
    }

    /// Just behind the newline of the line at `at`, or `limit` when there is none.
    func endOfLine(_ bytes: Bytes, _ at: Int) -> Int {
        bytes.firstNewline(from: at, limit: limit).map { $0 + 1 } ?? limit
    }

    /// As above, or at a carriage return alone, which ends a comment in every language.
    func endOfComment(_ bytes: Bytes, _ at: Int) -> Int {
        let end = endOfLine(bytes, at)
        let isLoneReturn = { (index: Int) in
            bytes[index] == .carriageReturn && index + 1 < end && bytes[index + 1] != .newline
        }
        return (at..<end).first(where: isLoneReturn) ?? end
    }

    private func hasCodeBeforeLineEnd(_ bytes: Bytes, _ at: Int) -> Bool {
        var index = at
        while index < limit, bytes[index].isBlank || bytes[index] == .semicolon { index += 1 }
        return index < limit && bytes[index] != .newline && !isLineComment(bytes, index)
    }
}
