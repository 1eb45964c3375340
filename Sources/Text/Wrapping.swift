/// Lays text out in lines that break at blanks.
package enum Wrapping {
    /// The lines of `text`, none wider than `width` columns unless a single word is. What stands between two ` · ` stays together
    /// if it fits in a line.
    ///
    /// - Parameter hanging: how many columns the lines after the first are indented by.
    package static func lines(_ text: String, width: Int, hanging: Int = 0) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        var hasWord = false
        let lead = text.prefix { $0 == " " }
        line += lead
        used = lead.count
        for word in pieces(of: text.dropFirst(lead.count), room: width - hanging) {
            let columns = DisplayWidth.of(word)
            if hasWord, used + 1 + columns > width {
                lines.append(line)
                line = String(repeating: " ", count: hanging)
                used = hanging
                hasWord = false
            }
            if hasWord {
                line += " "
                used += 1
            }
            line += word
            used += columns
            hasWord = true
        }
        return lines + [line]
    }

    /// What must not be broken: words, and the items of a list with ` · ` between them.
    private static func pieces(of text: Substring, room: Int) -> [String] {
        guard text.contains("·") else { return text.split(separator: " ").map(String.init) }
        var pieces: [String] = []
        let items = text.split(separator: " · ")
        for (index, item) in items.enumerated() {
            let end = index < items.count - 1 ? " ·" : ""
            let words = item.split(separator: " ")
            if DisplayWidth.of(item) + end.count <= room {
                pieces.append(words.joined(separator: " ") + end)
            } else {
                pieces += words.dropLast().map(String.init) + [String(words.last ?? "") + end]
            }
        }
        return pieces
    }

    /// Lists of two columns, and paragraphs, in a window: what is too wide goes on below the second column, or, where there is no
    /// room for two columns, below the first.
    package static func fitted(_ text: String, width: Int) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            // No character is wider than its bytes are many.
            guard line.utf8.count > width, DisplayWidth.of(line) > width else { return String(line) }
            let lead = line.prefix { $0 == " " }.count
            let body = line.dropFirst(lead)
            guard let gap = body.firstRange(of: "  ") else {
                return lines(String(line), width: width, hanging: min(lead, width / 2)).joined(separator: "\n")
            }
            let left = line[..<gap.lowerBound]
            let right = line[gap.upperBound...].drop { $0 == " " }
            let start = line.distance(from: line.startIndex, to: right.startIndex)
            if !left.allSatisfy({ $0 == " " }), width - start < narrowestColumn {
                let below = String(repeating: " ", count: lead + 4) + right
                return ([String(left)] + lines(below, width: width, hanging: lead + 4)).joined(separator: "\n")
            }
            // The blanks between the columns are kept as they are.
            let wrapped = lines(String(right), width: width - start)
            return wrapped.enumerated().map { index, part in
                (index == 0 ? String(line[..<right.startIndex]) : String(repeating: " ", count: start)) + part
            }.joined(separator: "\n")
        }.joined(separator: "\n")
    }

    private static let narrowestColumn = 24

    /// Two columns: what is typed, and what it does from column `indent` on; a long left side has a line of its own.
    package static func row(_ left: String, _ right: String, indent: Int = 34) -> String {
        let start = "  " + left
        if start.count < indent { return start + String(repeating: " ", count: indent - start.count) + right }
        return start + "\n" + String(repeating: " ", count: indent) + right
    }

    /// The paragraphs of a text, a line each: one that does not end a sentence goes on in the next. Lines in columns, which have
    /// blanks side by side, stay as they are, but for what goes on below the second column.
    package static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [String] = []
        var isOpen = false
        // Where the second column of the open line begins; 0 in prose.
        var column = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indent = line.prefix { $0 == " " }.count
            let body = line.dropFirst(indent)
            let isProse = !body.isEmpty && !line.contains("  ")
            if isOpen, column == 0 ? isProse : indent == column {
                paragraphs[paragraphs.count - 1] += " " + body
            } else {
                paragraphs.append(String(line))
                column = isProse ? 0 : secondColumn(of: line)
            }
            isOpen = (isProse || column > 0) && !".:?!".contains(line.last ?? ".")
        }
        return paragraphs
    }

    /// Where the second column of a line begins; 0 when it has none.
    private static func secondColumn(of line: Substring) -> Int {
        let lead = line.prefix { $0 == " " }
        guard let gap = line[lead.endIndex...].firstRange(of: "  ") else { return 0 }
        return line.distance(from: line.startIndex, to: line[gap.upperBound...].drop { $0 == " " }.startIndex)
    }
}
