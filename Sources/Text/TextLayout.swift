/// Plain text in lines and columns, as help is laid out.
package enum TextLayout {
    /// Two columns: what is typed, and what it does from column `indent` on; a long left side has a line of its own.
    package static func row(_ left: String, _ right: String, indent: Int, width: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines = wrapped(right, to: width - indent).map { margin + $0 }
        let start = "  " + left
        if start.count < indent {
            lines[0] = start + String(repeating: " ", count: indent - start.count) + lines[0].dropFirst(indent)
        } else {
            lines.insert(start, at: 0)
        }
        return lines.joined(separator: "\n")
    }

    /// Prose filled to the width. A line that does not end a sentence goes on in the next; lines in columns, which have
    /// blanks side by side, stay as they are.
    package static func filled(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var open = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isColumns = line.contains("  ")
            if isColumns || line.isEmpty {
                if !open.isEmpty { lines += wrapped(open, to: width) }
                open = ""
                lines.append(String(line))
                continue
            }
            open += (open.isEmpty ? "" : " ") + line
            if let last = line.last, ".:?!".contains(last) {
                lines += wrapped(open, to: width)
                open = ""
            }
        }
        return open.isEmpty ? lines : lines + wrapped(open, to: width)
    }

    /// The lines of a text broken between words; a longer word is left whole.
    package static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            if lines[lines.count - 1].isEmpty {
                lines[lines.count - 1] = String(word)
            } else if lines[lines.count - 1].count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
