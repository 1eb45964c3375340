import Databricks
import Text

/// A Databricks notebook exported as source (`# Databricks notebook source`), in any of its four languages.
///
/// Facts: Databricks' source format. Cells are parted by `# COMMAND ----------`; lines of cells in another language begin
/// with `# MAGIC `, a cell's title with `# DBTITLE`; the comment mark is that of the notebook's own language. `# dbsh: ` is
/// ours, for meta commands.
struct SourceNotebook {
    let language: Language
    private let comment: String

    private static let marks: [(comment: String, language: Language)] = [("#", .python), ("--", .sql), ("//", .scala)]
    private static let header = " Databricks notebook source"
    private static let separator = "COMMAND ----------"

    /// Bytes that tell whether a text is a notebook, with a byte order mark before it.
    static let headerLength = 33

    /// nil when `head`, the first bytes of a file, begins no notebook. `name` is the file's: `.r` means R.
    init?(head: [UInt8], name: String) {
        let text = Self.withoutMark(head[...])
        guard let mark = Self.marks.first(where: { text.starts(with: ($0.comment + Self.header).utf8) }) else {
            return nil
        }
        comment = mark.comment
        language = mark.language == .python && name.lowercased().hasSuffix(".r") ? .r : mark.language
    }

    /// Whether bytes that are too few to tell may be the beginning of a notebook.
    static func mayBegin(with head: [UInt8]) -> Bool {
        let text = Array(withoutMark(head[...]))
        return marks.contains { mark in
            let header = Array((mark.comment + Self.header).utf8)
            return header.starts(with: text.prefix(header.count))
        }
    }

    /// Reads the whole file.
    func read(_ bytes: [UInt8]) -> Notebook {
        var lines = Self.withoutMark(bytes[...])
            .split(separator: UInt8.newline, omittingEmptySubsequences: false)[...].dropFirst()
        var line = 2
        let environment = takeEnvironment(&lines, &line)
        var cells: [Notebook.Cell] = []
        var number = 1
        while true {
            let end = lines.firstIndex(where: isSeparator) ?? lines.endIndex
            cells += self.cells(of: lines[lines.startIndex..<end], number, line)
            guard end < lines.endIndex else { break }
            line += end - lines.startIndex + 1
            number += 1
            lines = lines[(end + 1)...]
        }
        return Notebook(language, cells, environment: environment)
    }

    private typealias Line = ArraySlice<UInt8>

    /// The comment's text behind the mark and blanks; nil when the line is no comment in column 1.
    private func commentText(_ line: Line) -> Line? {
        guard line.starts(with: comment.utf8) else { return nil }
        return line.dropFirst(comment.utf8.count).drop { $0 == .space }
    }

    /// Separators are looked for before marks are taken off: one behind `MAGIC` is a cell's text.
    private func isSeparator(_ line: Line) -> Bool {
        guard let text = commentText(line), text.starts(with: Self.separator.utf8) else { return false }
        return text.dropFirst(Self.separator.utf8.count).allSatisfy(\.isBlank)
    }

    /// A cell's meta commands, which stand at its start, and its code.
    private func cells(of lines: ArraySlice<Line>, _ number: Int, _ line: Int) -> [Notebook.Cell] {
        var lines = lines
        var line = line
        func take(while belongs: (Line) -> Bool, _ content: (Line) -> Line) -> (line: Int, text: [UInt8]) {
            let taken = lines.prefix(while: belongs)
            defer {
                lines = lines.dropFirst(taken.count)
                line += taken.count
            }
            return (line, Array(taken.map(content).joined(separator: CollectionOfOne(UInt8.newline))))
        }
        _ = take(while: { $0.allSatisfy(\.isBlank) || isTitle($0) }, { $0 })
        var cells: [Notebook.Cell] = []
        let commands = take(while: { marked("dbsh:", $0) != nil }, { marked("dbsh:", $0) ?? $0 })
        if !commands.text.isEmpty {
            cells.append(.init(number: number, kind: .commands, line: commands.line, text: commands.text))
        }
        let code = take(while: { _ in true }, { marked("MAGIC", $0) ?? $0 })
        if cells.isEmpty || !code.text.allSatisfy({ $0.isBlank || $0 == .newline }) {
            cells.append(.init(number: number, line: code.line, text: code.text))
        }
        return cells
    }

    private func isTitle(_ line: Line) -> Bool { commentText(line)?.starts(with: "DBTITLE".utf8) == true }

    /// The line behind a mark in its comment; nil when it has none.
    private func marked(_ mark: String, _ line: Line) -> Line? {
        guard let text = commentText(line), text.starts(with: mark.utf8) else { return nil }
        let content = text.dropFirst(mark.utf8.count)
        guard let next = content.first else { return content }
        if next == .space { return content.dropFirst() }
        return next == .carriageReturn ? content : nil
    }

    /// Takes the environment's block off the start of the file; what has no end is none.
    private func takeEnvironment(_ lines: inout ArraySlice<Line>, _ line: inout Int) -> NotebookEnvironment? {
        let text = { (line: Line) in
            self.commentText(line).map { String(decoding: $0, as: UTF8.self).trimmingBlanks() }
        }
        let start = lines.firstIndex { !$0.allSatisfy(\.isBlank) } ?? lines.endIndex
        guard start < lines.endIndex, text(lines[start]) == "/// script",
            let end = lines[(start + 1)...].firstIndex(where: { text($0) == nil || text($0) == "///" }),
            text(lines[end]) == "///"
        else { return nil }
        let content = lines[(start + 1)..<end].map { line in
            var rest = line.dropFirst(comment.utf8.count)
            if rest.first == .space { rest = rest.dropFirst() }
            if rest.last == .carriageReturn { rest = rest.dropLast() }
            return String(decoding: rest, as: UTF8.self)
        }
        line += end + 1 - lines.startIndex
        lines = lines[(end + 1)...]
        return NotebookEnvironment(lines: content)
    }

    private static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    }

    /// Writes cells as a notebook whose own language is Python; what is in another language becomes `# MAGIC` lines.
    static func text(of entries: [SessionLog.Entry], environment: NotebookEnvironment? = nil) -> String {
        let cells = entries.map { entry in
            switch entry.cell.content {
            case .code(.python, let code): looksMarked(code) ? magic("%python\n\(code)") : code
            case .code(let language, let code): magic("%\(language.rawValue)\n\(code)")
            case .skipped(let text): magic("%skip\n\(text)")
            case .note(let text): magic("%md\n\(text)")
            case .clusterMagic, .run: magic(entry.cell.text)
            case .meta(let line): "# dbsh: " + line + (line.hasSuffix("\\") ? "\\\n# dbsh: " : "")
            case .invalid: ""
            }
        }
        return "# Databricks notebook source\n" + (environment?.block(comment: "#") ?? "")
            + cells.joined(separator: "\n\n# COMMAND ----------\n\n") + "\n"
    }

    /// Whether a comment of the code's would be taken for a mark of the format.
    private static func looksMarked(_ code: String) -> Bool {
        code.split(separator: "\n").contains { line in
            guard line.utf8.first == UInt8.hash else { return false }
            let text = line.dropFirst().drop { $0 == " " }
            return ["MAGIC", "DBTITLE", "dbsh:", "/// script", Self.separator].contains(where: text.hasPrefix)
        }
    }

    private static func magic(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "# MAGIC" : "# MAGIC \($0)" }.joined(separator: "\n")
    }
}
