import Databricks
import SQL
import Text

/// The one incremental reader that turns text into cells, for the terminal, pasted text, pipes and files alike:
/// append bytes as they come, take the cells that are whole, and finish at the end of the input.
///
/// It works on UTF-8 bytes, whole lines at a time, and scans no byte twice, so a script of any size is read in
/// linear time. Cells are taken one by one because running one may change the language of the next.
nonisolated package struct CellReader: Sendable {
    /// What ends a cell.
    package enum Rules: Sendable, CaseIterable {
        /// What is typed, a `.dbsh` script or a plain `.py` file: separators, magics and meta commands end a cell.
        case script
        /// A plain `.sql` file: the same, without separators.
        case statements
        /// A plain `.scala` or `.r` file: one cell, whatever is in it.
        case program
        /// One cell of a notebook: it ends where the text ends, whatever is in it. A magic stands at its start only, and a
        /// language magic holds to its end.
        case notebook
    }

    /// The language of plain cells; `.lang` changes it between two cells.
    package var language: Language
    /// Names (without the dot) that begin a meta command after Python, Scala or R code, where a dot alone would not tell.
    package let commands: Set<String>
    let rules: Rules

    enum State {
        /// Between two cells.
        case idle
        case sql(StatementScanner)
        case code(CodeScanner)
        /// A `--` comment behind an SQL statement on its line: it explains that statement and belongs to no cell.
        case trailingComment
        /// `%md`, `%sh` or `%skip` alone on a line: the text runs to the next boundary or, at a prompt, to a blank line.
        case block(CellText.Kind, lastLineIsBlank: Bool)
    }

    var state = State.idle
    var text = CellText()
    /// How far the text has been scanned.
    var at = 0
    /// Just behind the last whole line (or everything, once the input has ended).
    var limit = 0
    var isFinished = false
    /// Where the text of the cell being read begins, and where the cell itself does (a magic line stands before its text).
    var from = 0
    var cellStart = 0
    var cellPosition = SourcePosition(line: 1, column: 1)
    var textPosition = SourcePosition(line: 1, column: 1)
    /// The language that a `%language` line set for the cell being read.
    var magicLanguage: Language?
    /// The magic line has code on it, so the cell ends at the first line end where nothing is open.
    var isOneLine = false
    /// Backslashes before lines that they make text, counted from `from`.
    var escapes: Set<Int> = []
    /// The end of the line that a one-line cell is on.
    var oneLineEnd = 0
    /// Nothing but blanks and line magics has come so far (notebooks).
    var isFresh = true

    package init(
        language: Language, commands: Set<String> = [], firstLine: Int = 1, rules: Rules = .script
    ) {
        self.language = language
        self.commands = commands
        self.rules = rules
        text.line = firstLine
    }

    /// Adds text. Only whole lines are looked at until `finish`.
    package mutating func append(_ more: some Collection<UInt8>) {
        let dropped = text.append(more, keepingFrom: isBetweenCells ? at : cellStart)
        at -= dropped
        from -= dropped
        cellStart -= dropped
        oneLineEnd -= dropped
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
        case .idle, .trailingComment: at < limit ? .continuation : magicLanguage == nil ? nil : .magic
        case .sql(let scanner):
            scanner.open.map { OpenConstruct($0) } ?? (magicLanguage == nil ? nil : .magic)
        case .code(let scanner):
            scanner.open ?? (magicLanguage != nil && !isOneLine && !scanner.lastLineIsBlank ? .suite : nil)
        case .block(.unknown, _): nil  // it is refused at once
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
                    case .trailingComment: skipTrailingComment(bytes)
                    case .block(let kind, let blank): readBlock(bytes, kind, blank)
                    }
                switch step {
                case .cell(let cell): return cell
                case .again: continue
                case .wait: return nil
                }
            }
        }
    }

    typealias Bytes = UnsafeBufferPointer<UInt8>

    enum Step {
        case cell(Cell)
        case again
        case wait
    }

    private var isBetweenCells: Bool {
        switch state {
        case .idle, .trailingComment: true
        case .sql, .code, .block: false
        }
    }

    // MARK: Between cells

    private mutating func begin(_ bytes: Bytes) -> Step {
        escapes = []
        while at < limit, bytes[at].isBlank || bytes[at] == .newline || bytes[at] == .semicolon { at += 1 }
        guard at < limit else {
            if isFinished { magicLanguage = nil }
            return .wait
        }
        if rules != .notebook, text.isStart(at), at + 1 < limit, bytes[at] == .hash, bytes[at + 1] == UInt8(ascii: "!")
        {
            at = endOfLine(bytes, at)  // names the program that runs the file
            return .again
        }
        let position = text.position(of: at)
        let startsLine = text.startsLine(at)
        if startsLine {
            switch LineKind.of(bytes, at: at, limit: limit, indented: false) {
            case .separator where rules == .script && position.column == 1:
                magicLanguage = nil
                at = endOfComment(bytes, at)
                return .again
            case .meta where takesCommands: return readMeta(bytes, position)
            case .magic(let name) where rules == .notebook ? isFresh : takesCommands:
                if let step = readMagic(bytes, name, position) { return step }
            case .separator, .code, .meta, .magic: break
            }
        }
        if !startsLine, isLineComment(bytes, at) {
            state = .trailingComment
            return .again
        }
        let language = magicLanguage ?? language
        isFresh = false
        from = language == .sql || !startsLine ? at : text.lineStart  // indentation matters elsewhere
        textPosition = position
        if from < at { textPosition.column = 1 }
        if magicLanguage == nil || rules == .notebook {
            cellStart = from
            cellPosition = position
        }
        if language != .sql { at = from }
        if language == .sql, startsLine, isEscaped(bytes, at, isFirst: true) {
            escapes.insert(0)
            at += 1
        }
        state = language == .sql ? .sql(StatementScanner()) : .code(CodeScanner(language))
        return .again
    }

    /// Whether meta commands and magics may stand between two cells.
    var takesCommands: Bool { rules == .script || rules == .statements }

    /// A meta command: one line, which a trailing backslash continues.
    private mutating func readMeta(_ bytes: Bytes, _ position: SourcePosition) -> Step {
        magicLanguage = nil
        guard let (line, end) = logicalLine(bytes, at) else { return .wait }
        let start = at
        at = end
        return line.withUnsafeBufferPointer { made(.meta, $0[...], from: start, to: end, position) }
    }

    /// The text at `start` up to a line end without a backslash before it, without the backslashes that put the end off
    /// and their line ends; nil when not all of it has come.
    func logicalLine(_ bytes: Bytes, _ start: Int) -> (text: [UInt8], end: Int)? {
        var end = start
        var line: [UInt8] = []
        while true {
            let next = endOfLine(bytes, end)
            guard next > end, isFinished || bytes[next - 1] == .newline else { return nil }
            var last = next
            while last > end, bytes[last - 1] == .newline || bytes[last - 1] == .carriageReturn { last -= 1 }
            let continues = last > end && bytes[last - 1] == .backslash
            line.append(contentsOf: bytes[end..<(continues ? last - 1 : last)])
            end = next
            if !continues || (end == limit && isFinished) { return (line, end) }
        }
    }
}
