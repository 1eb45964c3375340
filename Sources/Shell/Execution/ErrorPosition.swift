import Databricks

/// Finds where in a script an error is: where the engine says in its SQL, where the traceback enters the cell, else where
/// the cell begins.
enum ErrorPosition {
    /// The place, and the line of the script that is there.
    static func find(_ error: any Error, in cell: Cell) -> (place: SourcePosition, line: String) {
        if case .invalid = cell.content { return (cell.start, "") }
        guard case .code = cell.content, let (line, offset) = position(in: error) else {
            return (cell.start, cell.firstLine)
        }
        let lines = cell.text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return (cell.start, cell.firstLine) }
        let start = cell.textStart
        let place =
            line == 1
            ? SourcePosition(line: start.line, column: start.column + offset)
            : SourcePosition(line: start.line + line - 1, column: offset + 1)
        return (place, String(lines[line - 1]))
    }

    /// Spark writes `(line 2, pos 7)` after a parser's error and `; line 2 pos 7` after an analyser's; lines count from 1,
    /// positions from 0. A traceback's first frame in a `<command-N>` is the cell's own, with a line and no position.
    private static func position(in error: any Error) -> (line: Int, offset: Int)? {
        switch error {
        case let error as StatementError: return position(inSQL: error.message)
        case let error as CommandError where error.language == .sql: return position(inSQL: error.summary)
        case let error as CommandError where error.language == .python:
            let frame = error.cause?.firstMatch(of: /<command-[0-9]+>(?::|, line )([0-9]{1,9})/)
            return frame.flatMap { Int($0.1) }.map { ($0, 0) }
        default: return nil
        }
    }

    private static func position(inSQL message: String) -> (line: Int, offset: Int)? {
        guard let match = message.firstMatch(of: /\bline ([0-9]{1,9}),? pos ([0-9]{1,9})/) else { return nil }
        guard let line = Int(match.1), let offset = Int(match.2) else { return nil }
        return (line, offset)
    }
}
