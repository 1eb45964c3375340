import Databricks
import Terminal
import Text

/// Draws Markdown for a terminal.
nonisolated struct MarkdownText {
    /// A row: pieces that each have one look.
    typealias Row = [StyledText]

    let width: Int
    let color: Bool

    /// - Parameter width: columns; of a wide window not all are used for running text.
    init(width: Int, color: Bool) {
        self.width = max(20, width)
        self.color = color
    }

    /// Lines with a line feed behind each.
    func draw(_ text: String) -> String {
        rows(Markdown(text).blocks, width).map { row in row.map(shown).joined() + "\n" }.joined()
    }

    private func shown(_ piece: StyledText) -> String {
        color && piece.style != .plain && !piece.text.isEmpty
            ? "\u{1b}[\(piece.style.parameters)m\(piece.text)\u{1b}[0m" : piece.text
    }

    /// Running text is no wider than one can read.
    private static let widestText = 100

    private func rows(_ blocks: [Markdown.Block], _ width: Int) -> [Row] {
        blocks.enumerated().flatMap { index, block -> [Row] in
            (index > 0 ? [[]] : []) + rows(block, width)
        }
    }

    private func rows(_ block: Markdown.Block, _ width: Int) -> [Row] {
        switch block {
        case .heading(let level, let inlines): heading(level, inlines, width)
        case .paragraph(let inlines): wrapped(inlines, min(width, Self.widestText))
        case .list(let start, let items): list(start, items, width)
        case .quote(let blocks):
            rows(blocks, max(10, width - 2)).map { [StyledText("│ ", .dim)] + $0 }
        case .code(let language, let code): self.code(code, language).map { [StyledText("    ")] + $0 }
        case .table(let table): MarkdownTable(table, width: width, color: color).rows()
        case .rule: [[StyledText(String(repeating: "─", count: min(width, 40)), .dim)]]
        }
    }

    /// The two uppermost levels are underlined, so that they are headings without bold type, too.
    private func heading(_ level: Int, _ inlines: [Markdown.Inline], _ width: Int) -> [Row] {
        let rows = Self.wrapped(Self.pieces(inlines, base: level < 3 ? "1;36" : "1", color), width)
        guard level < 3 else { return rows }
        let longest = rows.map { Self.width(of: $0) }.max() ?? 0
        return rows + [[StyledText(String(repeating: level == 1 ? "═" : "─", count: longest), "36")]]
    }

    private func list(_ start: Int?, _ items: [Markdown.Item], _ width: Int) -> [Row] {
        // Items of several paragraphs have room between them.
        let isLoose = items.contains { $0.blocks.count { if case .paragraph = $0 { true } else { false } } > 1 }
        let widest = start.map { "\($0 + items.count - 1). ".count } ?? 2
        return items.enumerated().flatMap { index, item -> [Row] in
            var mark = start.map { "\($0 + index). " } ?? "• "
            if let isDone = item.isDone { mark = isDone ? "☑ " : "☐ " }
            mark = String(repeating: " ", count: max(0, widest - mark.count)) + mark
            let inner = item.blocks.enumerated().flatMap { position, block -> [Row] in
                (isLoose && position > 0 ? [[]] : []) + rows(block, max(10, width - mark.count))
            }
            let lead = String(repeating: " ", count: mark.count)
            let drawn = (inner.isEmpty ? [[]] : inner).enumerated().map { row, pieces in
                [row == 0 ? StyledText(mark, "36") : StyledText(pieces.isEmpty ? "" : lead)] + pieces
            }
            return (isLoose && index > 0 ? [[]] : []) + drawn
        }
    }

    private func code(_ code: String, _ language: String) -> [Row] {
        let parts = Language(name: language).map { Highlighter.parts(of: code, language: $0) } ?? []
        let bytes = Array(code.utf8)
        var rows: [Row] = [[]]
        func add(_ range: Range<Int>, _ style: Style) {
            let text = String(decoding: bytes[range], as: UTF8.self)
            for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if index > 0 { rows.append([]) }
                if !line.isEmpty { rows[rows.count - 1].append(StyledText(Sanitizer.oneLine(String(line)), style)) }
            }
        }
        var at = 0
        for part in parts where part.range.lowerBound >= at {
            add(at..<part.range.lowerBound, .plain)
            add(part.range, part.kind.style)
            at = part.range.upperBound
        }
        add(at..<bytes.count, .plain)
        return rows
    }

    private func wrapped(_ inlines: [Markdown.Inline], _ width: Int) -> [Row] {
        Self.wrapped(Self.pieces(inlines, base: "", color), width)
    }

    // MARK: Running text

    /// Harmless text with its look; without colours the marks of code and emphasis stay.
    static func pieces(_ inlines: [Markdown.Inline], base: String, _ color: Bool) -> Row {
        var pieces: Row = []
        for (index, inline) in inlines.enumerated() {
            var codes = base.isEmpty ? [] : [base]
            if inline.traits.contains(.bold), !base.contains("1") { codes.append("1") }
            if inline.traits.contains(.italic) { codes.append("3") }
            if inline.traits.contains(.struck) { codes.append("9") }
            if inline.traits.contains(.code) { codes.append("33") }
            if inline.target != nil, !inline.isPicture { codes.append("4") }
            var text = inline.text
            if !color {
                if inline.traits.contains(.code) { text = "`\(text)`" }
                if inline.traits.contains(.bold), base.isEmpty { text = "*\(text)*" }
            }
            if inline.isPicture { text = "[\(text.isEmpty ? "picture" : text)]" }
            pieces.append(StyledText(text, Style(codes.joined(separator: ";"))))
            let next = index + 1 < inlines.count ? inlines[index + 1].target : nil
            if let target = inline.target, target != next, target != inline.text, !target.isEmpty,
                !target.hasPrefix("data:")
            {
                pieces.append(StyledText(" (\(target))", .dim))
            }
        }
        return pieces.map { piece in
            let lines = piece.text.split(separator: "\n", omittingEmptySubsequences: false)
            return StyledText(lines.map { Sanitizer.oneLine(String($0)) }.joined(separator: "\n"), piece.style)
        }
    }

    static func width(of row: Row) -> Int { row.reduce(0) { $0 + DisplayWidth.of($1.text) } }

    /// Breaks at blanks, and words that are too long within them.
    static func wrapped(_ pieces: Row, _ width: Int) -> [Row] {
        var rows: [Row] = [[]]
        var used = 0
        var word: Row = []
        var gap: StyledText?
        func put(_ text: String, _ style: Style) {
            if let last = rows[rows.count - 1].last, last.style == style {
                rows[rows.count - 1][rows[rows.count - 1].count - 1].text += text
            } else {
                rows[rows.count - 1].append(StyledText(text, style))
            }
        }
        func endWord() {
            let columns = Self.width(of: word)
            guard columns > 0 else { return }
            if used > 0, used + (gap == nil ? 0 : 1) + columns > width {
                rows.append([])
                used = 0
            } else if let gap, used > 0 {
                put(" ", gap.style)
                used += 1
            }
            gap = nil
            for piece in word {
                for character in piece.text {
                    let size = DisplayWidth.of(String(character))
                    if used + size > width, used > 0 {
                        rows.append([])
                        used = 0
                    }
                    put(String(character), piece.style)
                    used += size
                }
            }
            word = []
        }
        for piece in pieces {
            for character in piece.text {
                if character == "\n" {
                    endWord()
                    rows.append([])
                    used = 0
                    gap = nil
                } else if character == " " {
                    endWord()
                    gap = StyledText(" ", piece.style)
                } else if word.last?.style == piece.style {
                    word[word.count - 1].text.append(character)
                } else {
                    word.append(StyledText(String(character), piece.style))
                }
            }
        }
        endWord()
        return rows
    }
}
