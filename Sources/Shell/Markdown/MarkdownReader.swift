import Text

/// Reads blocks from lines.
nonisolated struct MarkdownReader {
    /// Quotes and lists in one another.
    static let deepest = 12

    let lines: [Substring]
    let depth: Int
    var at = 0

    init(lines: [Substring], depth: Int) {
        self.lines = lines
        self.depth = depth
    }

    mutating func blocks() -> [Markdown.Block] {
        var blocks: [Markdown.Block] = []
        while at < lines.count {
            let line = lines[at]
            if line.allSatisfy({ $0 == " " }) {
                at += 1
            } else if let block = fence(line) ?? indentedCode(line) ?? heading(line) ?? rule(line) ?? table(line) {
                blocks.append(block)
            } else if depth < Self.deepest, let block = quote(line) ?? list(line) {
                blocks.append(block)
            } else {
                blocks.append(paragraph())
            }
        }
        return blocks
    }

    static func indent(_ line: Substring) -> Int { line.prefix { $0 == " " }.count }

    /// Without its indentation, which is less than that of code.
    static func body(_ line: Substring) -> Substring? {
        let indent = indent(line)
        return indent < 4 ? line.dropFirst(indent) : nil
    }

    // MARK: Blocks of one kind

    private static func fenceMark(_ line: Substring) -> Substring? {
        guard let body = body(line), let first = body.first, first == "`" || first == "~" else { return nil }
        let mark = body.prefix { $0 == first }
        return mark.count >= 3 && (first == "~" || !body.dropFirst(mark.count).contains("`")) ? mark : nil
    }

    private mutating func fence(_ line: Substring) -> Markdown.Block? {
        guard let mark = Self.fenceMark(line) else { return nil }
        let indent = Self.indent(line)
        let words = line.dropFirst(indent + mark.count).split(separator: " ")
        var code: [Substring] = []
        at += 1
        while at < lines.count {
            let line = lines[at]
            at += 1
            if let end = Self.fenceMark(line), end.first == mark.first, end.count >= mark.count,
                line.trimmingBlanks().count == end.count
            {
                break
            }
            code.append(line.dropFirst(min(indent, Self.indent(line))))
        }
        let language = words.first.map { String($0.prefix { $0 != "{" && $0 != "," }) } ?? ""
        return .code(language: language.lowercased(), code.joined(separator: "\n"))
    }

    private mutating func indentedCode(_ line: Substring) -> Markdown.Block? {
        guard Self.indent(line) >= 4 else { return nil }
        var code: [Substring] = []
        while at < lines.count, Self.indent(lines[at]) >= 4 || lines[at].allSatisfy({ $0 == " " }) {
            code.append(lines[at].dropFirst(4))
            at += 1
        }
        while code.last?.allSatisfy({ $0 == " " }) == true { code.removeLast() }
        return .code(language: "", code.joined(separator: "\n"))
    }

    private static func headingLevel(_ line: Substring) -> Int? {
        guard let body = body(line) else { return nil }
        let level = body.prefix { $0 == "#" }.count
        guard (1...6).contains(level) else { return nil }
        let rest = body.dropFirst(level)
        return rest.isEmpty || rest.first == " " ? level : nil
    }

    private mutating func heading(_ line: Substring) -> Markdown.Block? {
        guard let level = Self.headingLevel(line) else { return nil }
        at += 1
        var text = line.drop { $0 == " " }.dropFirst(level).trimmingBlanks()
        let closing = text.reversed().prefix { $0 == "#" }.count
        if closing > 0, text.dropLast(closing).last.map({ $0 == " " }) ?? true {
            text = String(text.dropLast(closing)).trimmingBlanks()
        }
        return .heading(level: level, MarkdownInlines.read(text))
    }

    static func isRule(_ line: Substring) -> Bool {
        guard let body = body(line) else { return false }
        let marks = body.filter { $0 != " " }
        return marks.count >= 3 && "-*_".contains(marks.first!) && marks.allSatisfy { $0 == marks.first }
    }

    private mutating func rule(_ line: Substring) -> Markdown.Block? {
        guard Self.isRule(line) else { return nil }
        at += 1
        return .rule
    }

    private mutating func quote(_ line: Substring) -> Markdown.Block? {
        guard Self.body(line)?.first == ">" else { return nil }
        var inner: [Substring] = []
        while at < lines.count, let body = Self.body(lines[at]) {
            if body.first == ">" {
                let rest = body.dropFirst()
                inner.append(rest.first == " " ? rest.dropFirst() : rest)
            } else if body.isEmpty || inner.last?.isEmpty == true || opensBlock(lines[at]) {
                break
            } else {
                inner.append(body)  // a paragraph that goes on without its mark
            }
            at += 1
        }
        var reader = MarkdownReader(lines: inner, depth: depth + 1)
        return .quote(reader.blocks())
    }

    // MARK: Paragraphs

    func opensBlock(_ line: Substring) -> Bool {
        Self.fenceMark(line) != nil || Self.headingLevel(line) != nil || Self.isRule(line)
            || Self.body(line)?.first == ">"
    }

    private mutating func paragraph() -> Markdown.Block {
        var text: [Substring] = []
        while at < lines.count, !lines[at].allSatisfy({ $0 == " " }) {
            let line = lines[at]
            if !text.isEmpty {
                // A line of = or - makes a heading of what is above it.
                let mark = line.trimmingBlanks()
                if Self.indent(line) < 4, let first = mark.first, first == "=" || first == "-",
                    mark.allSatisfy({ $0 == first })
                {
                    at += 1
                    return .heading(level: first == "=" ? 1 : 2, MarkdownInlines.read(Self.joined(text)))
                }
                let interrupts = Self.marker(line).map { $0.number ?? 1 == 1 } ?? false
                if opensBlock(line) || (interrupts && depth < Self.deepest) { break }
            }
            text.append(line)
            at += 1
        }
        return .paragraph(MarkdownInlines.read(Self.joined(text)))
    }

    /// Lines flow together, unless one ends in a backslash or two blanks.
    private static func joined(_ lines: [Substring]) -> String {
        var text = ""
        for (index, line) in lines.enumerated() {
            let isLast = index == lines.count - 1
            let body = line.drop { $0 == " " }
            if !isLast, body.hasSuffix("\\") {
                text += body.dropLast() + "\n"
            } else {
                let trimmed = body.reversed().drop { $0 == " " }.reversed()
                text += String(trimmed) + (isLast ? "" : body.hasSuffix("  ") ? "\n" : " ")
            }
        }
        return text
    }
}
