import Databricks
import SQL
import Text

/// Writes cells as a `.dbsh` script that reads back as the same cells: SQL with its end, other languages as magic blocks.
/// A line that would end its cell is written behind a `\`, which the reader takes off.
struct ScriptText {
    /// The language of plain cells where the next one will stand.
    var plain = Language.sql
    /// Names of the meta commands, which end a cell when they begin a line.
    let commands: Set<String>
    /// Writes also cells that end inside a string, a comment or a bracket, for a reader who looks at one alone.
    var showsOpenCells = false

    private var isBegun = false

    /// For cells that stand one after another in a script.
    init(plain: Language = .sql, commands: Set<String>, showsOpenCells: Bool = false) {
        self.plain = plain
        self.commands = commands
        self.showsOpenCells = showsOpenCells
    }

    /// One cell; empty for what cannot stand in a script without swallowing what comes after it.
    mutating func text(of cell: Cell) -> String {
        let text = written(cell)
        // As a script's first line it would name the program that runs it.
        defer { isBegun = isBegun || !text.isEmpty }
        return !isBegun && text.hasPrefix("#!") ? "\n" + text : text
    }

    private mutating func written(_ cell: Cell) -> String {
        switch cell.content {
        case .meta(let line):
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.first?.lowercased() == ".lang", words.count > 1, let new = Language(name: words[1]) { plain = new }
            return line + (line.hasSuffix("\\") ? "\\\n\n" : "\n")
        case .run(let text): return "%run \(text)\n"
        case .note(let text): return block("%md\n\(escaped(text, .note))")
        case .skipped(let text): return block("%skip\n\(escaped(text, .skipped))")
        case .clusterMagic(let text): return magic(text)
        case .code(.sql, let text):
            if !showsOpenCells, Self.isOpen(text, .sql) { return "" }
            let magic = plain == .sql ? "" : "%sql\n"
            return magic + closingComment(escaped(text, .code(.sql))) + ending(cell.ending) + "\n"
        case .code(let language, let text):
            if !showsOpenCells, Self.isOpen(text, language) { return "" }
            return block("%\(language.rawValue)\n\(escaped(text, .code(language)))")
        case .invalid: return ""
        }
    }

    private func block(_ text: String) -> String { text + "\n# %%\n" }

    private func magic(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isOneLine = lines.dropLast().allSatisfy { $0.hasSuffix("\\") }
        let first = lines[0].dropFirst(3).drop { $0 == " " || $0 == "\t" }
        let isShell =
            lines[0].lowercased().hasPrefix("%sh") && (first.isEmpty || lines[0].dropFirst(3).first != first.first)
        if isOneLine, !(isShell && lines.count == 1 && Magic.opensShell(first.utf8)) {
            return text + (text.hasSuffix("\\") ? "\n\n" : "\n")
        }
        guard isShell else { return text + "\n" }
        // In a script, a shell script begins below its magic.
        let opens = Magic.opensShell(first.utf8)
        let head = opens ? lines[0] + "\n" : "%sh\n"
        let body = (opens ? lines.dropFirst() : [first] + lines.dropFirst()).joined(separator: "\n")
        return block(head + escaped(body, .clusterMagic))
    }

    private func escaped(_ text: String, _ kind: CellText.Kind) -> String {
        let bytes = Array(text.utf8)
        let lines = CellReader.linesToEscape(in: bytes, kind, commands: commands)
        guard !lines.isEmpty else { return text }
        var written: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if lines.contains(index) { written.append(.backslash) }
            written.append(byte)
        }
        return String(decoding: written, as: UTF8.self)
    }

    private static func isOpen(_ text: String, _ language: Language) -> Bool {
        switch CellCompleteness.open(in: text, language: language, commands: [], rules: .notebook) {
        case .quote, .comment, .bracket, .block, .continuation: true
        case .statement, .suite, .magic, nil: false
        }
    }

    private func ending(_ ending: Cell.Ending) -> String {
        switch ending {
        case .open, .semicolon: ";"
        case .vertical: "\\G"
        case .background: ";&"
        }
    }

    /// A `;` behind a `--` comment would be part of it, also when a backslash makes the comment go on.
    private func closingComment(_ sql: String) -> String {
        if Self.ends(sql + ";") { return sql }
        return Self.ends(sql + "\n;") ? sql + "\n" : sql + "\n\n"
    }

    /// Whether the text is a statement that ends with its last character.
    private static func ends(_ text: String) -> Bool {
        let bytes = Array((text + "\n").utf8)
        var scanner = StatementScanner()
        var at = 0
        return bytes.withUnsafeBufferPointer { bytes in
            while true {
                switch scanner.scan(bytes, at: &at, limit: bytes.count) {
                case .line: continue
                case .ended(_, _, let next): return next == bytes.count - 1
                case .needsMore: return false
                }
            }
        }
    }
}
