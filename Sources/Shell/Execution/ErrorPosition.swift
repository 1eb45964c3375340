import Databricks

/// Finds where in a cell an error is: where the engine says in its SQL, where the traceback enters the cell, else where the code
/// begins.
enum ErrorPosition {
    /// The place in the script, and the line that is there.
    static func find(_ error: any Error, in cell: Cell) -> (place: SourcePosition, line: String) {
        if case .invalid = cell.content { return (cell.start, "") }
        guard case .code(let language, let text) = cell.content else { return (cell.start, cell.firstLine) }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let start = cell.textStart
        if let (line, offset) = position(of: error, in: text), lines.indices.contains(line - 1) {
            let place =
                line == 1
                ? SourcePosition(line: start.line, column: start.column + (offset ?? 0))
                : SourcePosition(line: start.line + line - 1, column: (offset ?? 0) + 1)
            return (place, String(lines[line - 1]))
        }
        let first = firstLineOfCode(in: lines, language)
        guard first > 0 else { return (cell.start, cell.firstLine) }
        let blanks = lines[first].utf8.prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
        return (SourcePosition(line: start.line + first, column: blanks + 1), String(lines[first]))
    }

    /// The same for drawing: the line, and the place in it where that is known.
    static func excerpt(_ error: any Error, in cell: Cell) -> ErrorExcerpt? {
        guard case .code(let language, let text) = cell.content else { return nil }
        if let (line, offset) = position(of: error, in: text) {
            return ErrorExcerpt(text, line: line, offset: offset)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return ErrorExcerpt(text, line: firstLineOfCode(in: lines, language) + 1, offset: nil)
    }

    /// Behind comments and blank lines; 0 when there is nothing else.
    private static func firstLineOfCode(in lines: [Substring], _ language: Language) -> Int {
        let comment =
            switch language {
            case .sql: "--"
            case .python, .r: "#"
            case .scala: "//"
            }
        let hasBlocks = language == .sql || language == .scala
        var isInside = false
        for (index, line) in lines.enumerated() {
            let code = line.drop(while: \.isWhitespace)
            if isInside {
                isInside = !code.contains("*/")
                continue
            }
            if code.isEmpty || code.hasPrefix(comment) { continue }
            guard hasBlocks, code.hasPrefix("/*"), !code.hasPrefix("/*+") else { return index }
            guard let end = code.firstRange(of: "*/") else {
                isInside = true
                continue
            }
            if !code[end.upperBound...].allSatisfy(\.isWhitespace) { return index }
        }
        return 0
    }

    /// Lines count from 1, places in them from 0; the place is nil when only the line is known.
    private static func position(of error: any Error, in text: String) -> (line: Int, offset: Int?)? {
        switch error {
        case let error as StatementError: return position(inSQL: error.message, text)
        case let error as CommandError where error.language == .sql: return position(inSQL: error.summary, text)
        case let error as CommandError where error.language == .python:
            return error.cause.flatMap(line(inTraceback:)).map { ($0, nil) }
        default: return nil
        }
    }

    /// The line of the first frame that is the cell's own, in every way that IPython and Databricks write one:
    /// `<command-5>:3`, `File "<command--1>", line 3`, `Cell In[3], line 2`, and `<command-5> in <module>` (or
    /// `<ipython-input-3-…>`) whose line an arrow marks below it, `----> 3`.
    static func line(inTraceback text: String) -> Int? {
        let plain = text.replacing(/\u{1B}\[[0-?]*[ -\/]*[@-~]/, with: "")
        let frame =
            /(?:<command-+[0-9]+>|Cell In ?\[[0-9]+\]|<ipython-input-[^>]*>)"?(?:(?::|,? line )([0-9]{1,9})| in )/
        guard let match = plain.firstMatch(of: frame) else { return nil }
        if let digits = match.1 { return Int(digits) }
        return plain[match.range.upperBound...].firstMatch(of: /\n-+> ?([0-9]{1,9})/).flatMap { Int($0.1) }
    }

    /// Spark writes `(line 2, pos 7)` after a parser's error, `; line 2 pos 7` after an analyser's, and
    /// `== SQL (line 2, position 8) ==` after one of running, where positions count from 1. Where it writes none of them, the name
    /// that it could not find may be in the text once.
    private static func position(inSQL message: String, _ text: String) -> (line: Int, offset: Int?)? {
        if let match = message.firstMatch(of: /\bline ([0-9]{1,9}),? pos ([0-9]{1,9})/),
            let line = Int(match.1), let offset = Int(match.2)
        {
            return (line, offset)
        }
        if let match = message.firstMatch(of: /== SQL \(line ([0-9]{1,9}), position ([0-9]{1,9})\) ==/),
            let line = Int(match.1), let column = Int(match.2)
        {
            return (line, column - 1)
        }
        switch SQLErrorMessage(message)?.missing {
        case .table(let parts), .column(let parts), .function(let parts):
            return parts.last.flatMap { SQLNames.onlyPlace(of: $0, in: text) }
        case nil: return nil
        }
    }
}

/// Looks for names in SQL text.
private enum SQLNames {
    /// The place of a name that is in the text once, outside of strings and comments.
    static func onlyPlace(of name: String, in text: String) -> (line: Int, offset: Int?)? {
        var found: (line: Int, offset: Int?)?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let code = line.firstRange(of: "--").map { line[..<$0.lowerBound] } ?? line
            let words = code.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "_") }
            for word in words where word == name.lowercased() {
                // Within a string it would be no name.
                guard found == nil, word.base[..<word.startIndex].count(where: { $0 == "'" }) % 2 == 0 else {
                    return nil
                }
                found = (index + 1, word.base.unicodeScalars.distance(from: word.base.startIndex, to: word.startIndex))
            }
        }
        return found
    }
}
