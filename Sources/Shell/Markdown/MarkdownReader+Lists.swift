import Text

/// Lists and tables.
nonisolated extension MarkdownReader {
    // MARK: Lists

    struct Marker {
        /// The character behind which items of one list are: `-`, `*`, `+`, `.` or `)`.
        let kind: Character
        let number: Int?
        /// How many columns it takes, up to the text.
        let width: Int
    }

    static func marker(_ line: Substring) -> Marker? {
        guard let body = body(line), !isRule(line) else { return nil }
        let digits = body.prefix { $0.isASCII && $0.isNumber }
        let mark = body.dropFirst(digits.count).first
        guard let mark, digits.isEmpty ? "-*+".contains(mark) : digits.count < 10 && ".)".contains(mark) else {
            return nil
        }
        let rest = body.dropFirst(digits.count + 1)
        let blanks = rest.prefix { $0 == " " }.count
        guard rest.isEmpty || blanks > 0 else { return nil }
        let gap = rest.allSatisfy { $0 == " " } || blanks > 4 ? 1 : blanks
        return Marker(kind: mark, number: Int(digits), width: indent(line) + digits.count + 1 + gap)
    }

    mutating func list(_ line: Substring) -> Markdown.Block? {
        guard let first = Self.marker(line) else { return nil }
        var items: [Markdown.Item] = []
        while at < lines.count, let marker = Self.marker(lines[at]), marker.kind == first.kind {
            items.append(item(marker))
            // Blank lines between items.
            let next = lines[at...].firstIndex { !$0.allSatisfy { $0 == " " } } ?? lines.count
            if next < lines.count, Self.marker(lines[next])?.kind == first.kind { at = next }
        }
        return .list(start: first.number, items: items)
    }

    private mutating func item(_ marker: Marker) -> Markdown.Item {
        var inner = [lines[at].dropFirst(marker.width)]
        at += 1
        while at < lines.count {
            let line = lines[at]
            if line.allSatisfy({ $0 == " " }) {
                inner.append("")
            } else if Self.indent(line) >= marker.width {
                inner.append(line.dropFirst(marker.width))
            } else if inner.last?.isEmpty == true || opensBlock(line) || Self.marker(line) != nil {
                break
            } else {
                inner.append(line.drop { $0 == " " })
            }
            at += 1
        }
        while inner.last?.isEmpty == true { inner.removeLast() }
        var isDone: Bool?
        for (box, value) in [("[ ] ", false), ("[x] ", true), ("[X] ", true)] where inner.first?.hasPrefix(box) == true
        {
            isDone = value
            inner[0] = inner[0].dropFirst(4)
        }
        var reader = MarkdownReader(lines: inner, depth: depth + 1)
        return Markdown.Item(isDone: isDone, blocks: reader.blocks())
    }

    // MARK: Tables

    private static func cells(_ line: Substring) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isEscaped = false
        var isCode = false
        for character in line.trimmingBlanks() {
            if isEscaped {
                cell += character == "|" ? "|" : "\\\(character)"
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "|", !isCode {
                cells.append(cell.trimmingBlanks())
                cell = ""
            } else {
                if character == "`" { isCode.toggle() }
                cell.append(character)
            }
        }
        cells.append((cell + (isEscaped ? "\\" : "")).trimmingBlanks())
        if cells.first == "", cells.count > 1 { cells.removeFirst() }
        if cells.last == "", cells.count > 1 { cells.removeLast() }
        return cells
    }

    private static func alignments(_ line: Substring) -> [Markdown.Table.Alignment]? {
        guard line.contains("-"), line.allSatisfy({ "-:| ".contains($0) }) else { return nil }
        let cells = cells(line)
        guard cells.allSatisfy({ $0.contains("-") }) else { return nil }
        return cells.map { cell in
            switch (cell.hasPrefix(":"), cell.hasSuffix(":")) {
            case (true, true): .center
            case (false, true): .right
            default: .left
            }
        }
    }

    mutating func table(_ line: Substring) -> Markdown.Block? {
        guard line.contains("|"), at + 1 < lines.count, let alignments = Self.alignments(lines[at + 1]) else {
            return nil
        }
        let header = Self.cells(line)
        guard header.count == alignments.count else { return nil }
        at += 2
        var rows: [[[Markdown.Inline]]] = []
        while at < lines.count, lines[at].contains("|") {
            let cells = Self.cells(lines[at])
            rows.append((0..<header.count).map { MarkdownInlines.read($0 < cells.count ? cells[$0] : "") })
            at += 1
        }
        return .table(.init(alignments: alignments, header: header.map { MarkdownInlines.read($0) }, rows: rows))
    }
}
