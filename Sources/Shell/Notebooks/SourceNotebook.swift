import Databricks

/// A Databricks notebook exported as source (`# Databricks notebook source`), in any of its four languages: made a script
/// line by line, so that line numbers stay.
///
/// Facts: Databricks' source format. Cells are parted by `# COMMAND ----------`; lines of cells in another language begin
/// with `# MAGIC `, titles with `# DBTITLE`; the comment mark is that of the notebook's own language. `# dbsh: ` is ours,
/// for meta commands.
struct SourceNotebook {
    let language: Language
    private let comment: String

    private static let marks: [(comment: String, language: Language)] = [("#", .python), ("--", .sql), ("//", .scala)]
    private static let header = " Databricks notebook source"

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

    /// The notebook's text as the cell reader takes it: as many lines, without its marks.
    func script(_ bytes: [UInt8]) -> [UInt8] {
        var script: [UInt8] = []
        script.reserveCapacity(bytes.count)
        var isFirst = true
        for line in Self.withoutMark(bytes[...]).split(separator: UInt8.newline, omittingEmptySubsequences: false) {
            if !isFirst { script.append(.newline) }
            isFirst = false
            script += content(of: line)
        }
        return script
    }

    private func content(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard line.starts(with: comment.utf8) else { return line }
        let rest = line.dropFirst(comment.utf8.count).drop { $0 == .space }
        for mark in ["MAGIC", "dbsh:"] where rest.starts(with: mark.utf8) {
            let content = rest.dropFirst(mark.utf8.count)
            guard let next = content.first else { return content }
            if next == .space { return content.dropFirst() }
            if next == .carriageReturn { return content }
        }
        let isNoCode = rest.starts(with: "DBTITLE".utf8) || rest.starts(with: Self.header.dropFirst().utf8)
        return isNoCode ? [] : line
    }

    private static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes
    }

    /// Writes cells as a notebook whose own language is Python; what is in another language becomes `# MAGIC` lines.
    static func text(of entries: [SessionLog.Entry]) -> String {
        let cells = entries.map { entry in
            switch entry.cell.content {
            case .code(.python, let code): code
            case .code(let language, let code): magic("%\(language.rawValue)\n\(code)")
            case .note(let text): magic("%md\n\(text)")
            case .clusterMagic, .run: magic(entry.cell.text)
            case .meta(let line): "# dbsh: " + line
            case .invalid: ""
            }
        }
        return "# Databricks notebook source\n" + cells.joined(separator: "\n\n# COMMAND ----------\n\n") + "\n"
    }

    private static func magic(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.isEmpty ? "# MAGIC" : "# MAGIC \($0)" }.joined(separator: "\n")
    }
}
