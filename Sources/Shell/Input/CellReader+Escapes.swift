import Databricks
import SQL
import Text

/// Lines that would end their cell, and are text: `.save` writes them behind a `\`, which the reader takes off.
nonisolated extension CellReader {
    /// Whether the line at `line` is one behind backslashes; `isFirst`: no code comes before it in its cell.
    func isEscaped(_ bytes: Bytes, _ line: Int, isFirst: Bool) -> Bool {
        takesCommands && line < limit && bytes[line] == .backslash && isEscapable(bytes, line, isFirst: isFirst)
    }

    /// Whether the line, without the backslashes it may have already, would be read as something else than text.
    private func isEscapable(_ bytes: Bytes, _ line: Int, isFirst: Bool) -> Bool {
        var start = line
        while start < limit, bytes[start] == .backslash { start += 1 }
        return switch LineKind.of(bytes, at: start, limit: limit, indented: isFirst) {
        case .separator: true
        case .meta(let name): isFirst || commands.contains(name)
        case .magic(let name): isFirst || Magic(name: name) != nil
        case .code: false
        }
    }

    /// Where lines begin that need a `\` in a cell of this kind.
    static func linesToEscape(in text: [UInt8], _ kind: CellText.Kind, commands: Set<String>) -> Set<Int> {
        var reader = CellReader(language: .sql, commands: commands)
        reader.limit = text.count
        return text.withUnsafeBufferPointer { bytes in
            guard case .code(let language) = kind else { return reader.blockLines(bytes) }
            return language == .sql ? reader.sqlLines(bytes) : reader.codeLines(bytes, language)
        }
    }

    private func blockLines(_ bytes: Bytes) -> Set<Int> {
        var lines: Set<Int> = []
        var line = 0
        while line < limit {
            if isEscapable(bytes, line, isFirst: false) { lines.insert(line) }
            line = endOfLine(bytes, line)
        }
        return lines
    }

    private func codeLines(_ bytes: Bytes, _ language: Language) -> Set<Int> {
        var lines: Set<Int> = []
        var scanner = CodeScanner(language)
        var line = 0
        while line < limit {
            if scanner.isBetweenLines, isEscapable(bytes, line, isFirst: line == 0) { lines.insert(line) }
            let end = endOfLine(bytes, line)
            scanner.scanLine(bytes, at: line, limit: end)
            line = end
        }
        return lines
    }

    private func sqlLines(_ bytes: Bytes) -> Set<Int> {
        var lines: Set<Int> = isEscapable(bytes, 0, isFirst: true) ? [0] : []
        var scanner = StatementScanner()
        var at = 0
        while true {
            switch scanner.scan(bytes, at: &at, limit: limit) {
            case .line(let line):
                if isSQLLineEscapable(bytes, line, scanner) { lines.insert(line) }
            case .ended: continue
            case .needsMore: return lines
            }
        }
    }

    /// Whether a line of a statement is one behind backslashes.
    func isSQLLineEscaped(_ bytes: Bytes, _ line: Int, _ scanner: StatementScanner) -> Bool {
        takesCommands && rules == .script && bytes[line] == .backslash && isSQLLineEscapable(bytes, line, scanner)
    }

    /// Whether a line of a statement, without the backslashes it may have already, would end it.
    private func isSQLLineEscapable(_ bytes: Bytes, _ line: Int, _ scanner: StatementScanner) -> Bool {
        LineKind.isSeparator(bytes, at: line, limit: limit)
            || !scanner.hasCode && isEscapable(bytes, line, isFirst: true)
    }
}
