import Databricks

/// The one incremental reader that turns text into cells, for the terminal, pasted text, pipes and files alike
/// (product.md §2): append bytes as they come, take the cells that are whole, and finish at the end of the input.
///
/// It works on UTF-8 bytes, whole lines at a time, and scans no byte twice, so a script of any size is read in
/// linear time. Cells are taken one by one because running one may change the language of the next.
nonisolated package struct CellReader: Sendable {
    /// The language of plain cells; `.lang` changes it between two cells.
    package var language: Language
    /// Names (without the dot) that begin a meta command after Python, Scala or R code, where a dot alone would not tell.
    package let commands: Set<String>

    private enum State {
        /// Between two cells.
        case idle
        case sql(SQLScanner)
        case code(CodeScanner)
        /// `%md` or `%sh` alone on a line: the text runs to the next boundary or, at a prompt, to a blank line.
        case block(Magic, lastLineIsBlank: Bool)
    }

    private var state = State.idle
    private var text = CellText()
    /// How far the text has been scanned.
    private var at = 0
    /// Just behind the last whole line (or everything, once the input has ended).
    private var limit = 0
    private var isFinished = false
    /// Where the text of the cell being read begins, and where the cell itself does (a magic line stands before its text).
    private var from = 0
    private var cellStart = 0
    private var cellPosition = SourcePosition(line: 1, column: 1)
    /// The language that a `%language` line set for the cell being read.
    private var magicLanguage: Language?
    /// The magic line has code on it, so the cell ends at the first line end where nothing is open.
    private var isOneLine = false

    package init(language: Language, commands: Set<String> = [], firstLine: Int = 1) {
        self.language = language
        self.commands = commands
        text.line = firstLine
    }

    /// Adds text. Only whole lines are looked at until `finish`.
    package mutating func append(_ more: some Collection<UInt8>) {
        let dropped = text.append(more, keepingFrom: isIdle ? at : cellStart)
        at -= dropped
        from -= dropped
        cellStart -= dropped
        limit = max(limit - dropped, text.endOfLastLine)
    }

    /// Says that no more text comes: what is left becomes cells.
    package mutating func finish() {
        isFinished = true
        limit = text.bytes.count
    }

    /// What is open at the end of the text; nil when every cell in it is whole. Meaningful after `next` has returned nil.
    package var open: OpenConstruct? {
        switch state {
        case .idle: at < limit ? .continuation : magicLanguage == nil ? nil : .magic
        case .sql(let scanner): scanner.open ?? (magicLanguage == nil ? nil : .magic)
        case .code(let scanner):
            scanner.open ?? (magicLanguage != nil && !isOneLine && !scanner.lastLineIsBlank ? .suite : nil)
        case .block(_, let lastLineIsBlank): lastLineIsBlank ? nil : .magic
        }
    }

    /// The next whole cell, or nil when more text is needed (or, after `finish`, when there is none).
    package mutating func next() -> Cell? {
        let bytes = text.bytes
        return bytes.withUnsafeBufferPointer { bytes in
            while true {
                let step: Step =
                    switch state {
                    case .idle: begin(bytes)
                    case .sql(let scanner): readSQL(bytes, scanner)
                    case .code(let scanner): readCode(bytes, scanner)
                    case .block(let magic, let blank): readBlock(bytes, magic, blank)
                    }
                switch step {
                case .cell(let cell): return cell
                case .again: continue
                case .wait: return nil
                }
            }
        }
    }

    private typealias Bytes = UnsafeBufferPointer<UInt8>

    private enum Step {
        case cell(Cell)
        case again
        case wait
    }

    private var isIdle: Bool { if case .idle = state { true } else { false } }

    // MARK: Between cells

    private mutating func begin(_ bytes: Bytes) -> Step {
        while at < limit, bytes[at].isBlank || bytes[at] == .newline || bytes[at] == .semicolon { at += 1 }
        guard at < limit else {
            if isFinished { magicLanguage = nil }
            return .wait
        }
        let position = text.position(of: at)
        let startsLine = text.startsLine(at)
        if startsLine {
            switch LineKind.of(bytes, at: at, limit: limit, indented: false) {
            case .separator where position.column == 1:
                magicLanguage = nil
                at = endOfLine(bytes, at)
                return .again
            case .meta: return readMeta(bytes, position)
            case .magic(let name):
                if let step = readMagic(bytes, name, position) { return step }
            case .separator, .code: break
            }
        }
        let language = magicLanguage ?? language
        if language == .sql, !startsLine, isLineComment(bytes, at) {
            at = endOfLine(bytes, at)  // what follows a `;` on its line explains the statement before it
            return .again
        }
        if magicLanguage == nil {
            cellStart = at
            cellPosition = position
        }
        from = language == .sql || !startsLine ? at : text.lineStart
        if language != .sql { at = from }
        state = language == .sql ? .sql(SQLScanner()) : .code(CodeScanner(language))
        return .again
    }

    /// A meta command: one line, which a trailing backslash continues.
    private mutating func readMeta(_ bytes: Bytes, _ position: SourcePosition) -> Step {
        magicLanguage = nil
        var end = at
        var line: [UInt8] = []
        while true {
            let next = endOfLine(bytes, end)
            guard next > end, isFinished || bytes[next - 1] == .newline else { break }
            var last = next
            while last > end, bytes[last - 1] == .newline || bytes[last - 1] == .carriageReturn { last -= 1 }
            let continues = last > end && bytes[last - 1] == .backslash
            line.append(contentsOf: bytes[end..<(continues ? last - 1 : last)])
            end = next
            if !continues || (end == limit && isFinished) {
                at = end
                return .cell(CellText.cell(.meta, line[...], .open, position))
            }
        }
        return .wait
    }

    /// A magic line; nil when the name is none of dbsh's and belongs to the language of the cell.
    private mutating func readMagic(_ bytes: Bytes, _ name: String, _ position: SourcePosition) -> Step? {
        guard let magic = Magic(name: name) else {
            if language == .python { return nil }
            at = endOfLine(bytes, at)
            let known = "%sql, %python, %scala, %r, %md, %run, %pip, %sh, %fs"
            return .cell(Cell(.invalid("%\(name) is not a magic that dbsh knows (\(known))"), start: position))
        }
        let end = endOfLine(bytes, at)
        var rest = at + 1 + name.utf8.count
        while rest < end, bytes[rest].isBlank || bytes[rest] == .newline { rest += 1 }
        cellStart = at
        cellPosition = position
        magicLanguage = nil
        switch magic {
        case .language(let language):
            magicLanguage = language
            isOneLine = rest < end
            at = rest
            guard isOneLine else { return .again }
            from = rest
            state = language == .sql ? .sql(SQLScanner()) : .code(CodeScanner(language))
            return .again
        case .note where rest == end, .cluster where rest == end && name == "sh":
            from = magic == .note ? end : at
            at = end
            state = .block(magic, lastLineIsBlank: false)
            return .again
        case .run where rest == end:
            at = end
            return .cell(Cell(.invalid("%run needs a file: %run FILE"), start: position))
        case .note, .run, .cluster:
            defer { at = end }
            switch magic {
            case .note: return .cell(CellText.cell(.note, bytes[rest..<end], .open, position))
            case .run: return .cell(CellText.cell(.run, bytes[rest..<end], .open, position))
            default: return .cell(CellText.cell(.clusterMagic, bytes[at..<end], .open, position))
            }
        }
    }

    // MARK: Inside a cell

    private mutating func readSQL(_ bytes: Bytes, _ scanner: SQLScanner) -> Step {
        var scanner = scanner
        // A one-line cell is scanned to its line's end first, then as far as something stays open.
        let end = isOneLine && magicLanguage != nil ? endOfLine(bytes, at) : limit
        switch scanner.scan(bytes, at: &at, limit: end) {
        case .ended(let ending, let textEnd, let next):
            at = next
            let stays = isOneLine && magicLanguage != nil && hasCodeBeforeLineEnd(bytes, next)
            defer {
                if stays {
                    while at < limit, bytes[at].isBlank { at += 1 }
                    from = at
                    state = .sql(SQLScanner())
                }
            }
            return finishCell(bytes, .sql, to: textEnd, ending, hasCode: scanner.hasCode, keepsMagic: stays)
        case .separator(let line):
            at = line
            return finishCell(bytes, .sql, to: line, .open, hasCode: scanner.hasCode)
        case .lineBeforeCode(let line):
            if isBoundary(bytes, line, anyMeta: true) {
                at = line
                return finishCell(bytes, .sql, to: line, .open, hasCode: false)
            }
            state = .sql(scanner)
            return .again
        case .needsMore:
            state = .sql(scanner)
            if isOneLine, magicLanguage != nil, at > from {
                let isWhole = scanner.open == nil || scanner.open == .statement
                if isWhole { return finishCell(bytes, .sql, to: at, .open, hasCode: scanner.hasCode) }
                if at < limit { return .again }
            }
            guard isFinished, at == limit else { return .wait }
            return finishCell(bytes, .sql, to: at, .open, hasCode: scanner.hasCode)
        }
    }

    private mutating func readCode(_ bytes: Bytes, _ scanner: CodeScanner) -> Step {
        var scanner = scanner
        while at < limit {
            if at > from, scanner.isBetweenLines,
                isBoundary(bytes, at, anyMeta: false) || scanner.endsHere(isOneLine && magicLanguage != nil)
            {
                return finishCell(bytes, scanner.language, to: at, .open, hasCode: scanner.hasCode)
            }
            let end = endOfLine(bytes, at)
            scanner.scanLine(bytes, at: at, limit: end)
            at = end
        }
        state = .code(scanner)
        if scanner.endsHere(isOneLine && magicLanguage != nil) || isFinished {
            return finishCell(bytes, scanner.language, to: at, .open, hasCode: scanner.hasCode)
        }
        return .wait
    }

    private mutating func readBlock(_ bytes: Bytes, _ magic: Magic, _ blank: Bool) -> Step {
        var blank = blank
        var isAtBoundary = false
        while at < limit {
            isAtBoundary = isBoundary(bytes, at, anyMeta: false)
            if isAtBoundary { break }
            let end = endOfLine(bytes, at)
            blank = bytes[at..<end].allSatisfy { $0.isBlank || $0 == .newline }
            at = end
        }
        state = .block(magic, lastLineIsBlank: blank)
        guard isAtBoundary || isFinished else { return .wait }
        state = .idle
        let kind: CellText.Kind = magic == .note ? .note : .clusterMagic
        return .cell(CellText.cell(kind, bytes[from..<at], .open, cellPosition))
    }

    /// Ends the cell being read; a cell without code sends nothing and is dropped.
    private mutating func finishCell(
        _ bytes: Bytes, _ language: Language, to end: Int, _ ending: Cell.Ending, hasCode: Bool,
        keepsMagic: Bool = false
    ) -> Step {
        state = .idle
        if !keepsMagic { magicLanguage = nil }
        guard hasCode else { return .again }
        return .cell(CellText.cell(.code(language), bytes[from..<end], ending, cellPosition))
    }

    // MARK: Lines

    /// Whether the line at `line` ends a cell of code: a separator, a magic of dbsh's, or a (known) meta command.
    private func isBoundary(_ bytes: Bytes, _ line: Int, anyMeta: Bool) -> Bool {
        switch LineKind.of(bytes, at: line, limit: limit, indented: anyMeta) {
        case .separator: true
        case .meta(let name): anyMeta || commands.contains(name)
        case .magic(let name): Magic(name: name) != nil
        case .code: false
        }
    }

    private func isLineComment(_ bytes: Bytes, _ at: Int) -> Bool {
        at + 1 < limit && bytes[at] == .minus && bytes[at + 1] == .minus
    }

    /// Just behind the newline of the line at `at`, or `limit` when there is none.
    private func endOfLine(_ bytes: Bytes, _ at: Int) -> Int {
        var index = at
        while index < limit, bytes[index] != .newline { index += 1 }
        return min(index + 1, limit)
    }

    private func hasCodeBeforeLineEnd(_ bytes: Bytes, _ at: Int) -> Bool {
        var index = at
        while index < limit, bytes[index].isBlank || bytes[index] == .semicolon { index += 1 }
        return index < limit && bytes[index] != .newline && !isLineComment(bytes, index)
    }
}
