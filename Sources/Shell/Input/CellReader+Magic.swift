import Databricks
import SQL
import Text

/// The part of the reader that meets a magic line.
nonisolated extension CellReader {
    /// A magic line; nil when the name is none of dbsh's and belongs to the language of the cell.
    mutating func readMagic(_ bytes: Bytes, _ name: String, _ position: SourcePosition) -> Step? {
        let magic = Magic(name: name)
        if magic == nil, (magicLanguage ?? language) == .python { return nil }
        let end = endOfLine(bytes, at)
        var rest = at + 1 + name.utf8.count
        while rest < end, bytes[rest].isBlank || bytes[rest] == .newline { rest += 1 }
        let hasRest = rest < end
        let isWholeCell = rules == .notebook || !hasRest
        switch magic {
        case .language(let language):
            beginCell(position)
            return beginLanguage(bytes, language, from: rest, lineEnd: end)
        case nil:
            beginCell(position)
            return isWholeCell ? readBlock(.unknown(name), from: at, next: end) : one(bytes, .unknown(name), at, end)
        case .note, .skip:
            beginCell(position)
            let kind = magic == .note ? CellText.Kind.note : .skipped
            return isWholeCell ? readBlock(kind, from: rest, next: end) : one(bytes, kind, rest, end)
        case .shell where isWholeCell || Magic.opensShell(bytes[rest..<end]):
            beginCell(position)
            return readBlock(.clusterMagic, from: at, next: end)
        case .shell, .cluster:
            guard let (_, end) = logicalLine(bytes, at) else { return .wait }
            beginCell(position)
            return one(bytes, .clusterMagic, at, end)
        case .run:
            guard let (line, end) = logicalLine(bytes, rest == end ? at : rest) else { return .wait }
            beginCell(position)
            at = end
            if !hasRest { return refused("%run needs a file: %run FILE", to: end) }
            return line.withUnsafeBufferPointer { made(.run, $0[...], from: cellStart, to: end, position) }
        }
    }

    private mutating func beginCell(_ position: SourcePosition) {
        cellStart = at
        cellPosition = position
        magicLanguage = nil
    }

    private mutating func beginLanguage(
        _ bytes: Bytes, _ language: Language, from rest: Int, lineEnd end: Int
    ) -> Step {
        magicLanguage = language
        isOneLine = rest < end && rules != .notebook
        oneLineEnd = end
        at = rest
        guard rest < end else { return .again }
        isFresh = false
        from = rest
        textPosition = text.position(of: rest)
        state = language == .sql ? .sql(StatementScanner()) : .code(CodeScanner(language))
        return .again
    }

    /// The cell of one (logical) line.
    private mutating func one(_ bytes: Bytes, _ kind: CellText.Kind, _ start: Int, _ end: Int) -> Step {
        at = end
        return made(kind, bytes[start..<end], from: cellStart, to: end, cellPosition)
    }

    private mutating func readBlock(_ kind: CellText.Kind, from start: Int, next: Int) -> Step {
        from = start
        at = next
        state = .block(kind, lastLineIsBlank: false)
        return .again
    }

    private func refused(_ why: String, to end: Int) -> Step {
        .cell(Cell(.invalid(why), start: cellPosition, source: text.base + cellStart..<text.base + end))
    }

    mutating func readBlock(_ bytes: Bytes, _ kind: CellText.Kind, _ blank: Bool) -> Step {
        var blank = blank
        var isAtEnd = false
        while at < limit {
            if isEscaped(bytes, at, isFirst: false) { escapes.insert(at - from) }
            isAtEnd = endsBlock(kind, bytes, at)
            if isAtEnd { break }
            let end = endOfLine(bytes, at)
            blank = bytes[at..<end].allSatisfy { $0.isBlank || $0 == .newline }
            at = end
        }
        state = .block(kind, lastLineIsBlank: blank)
        guard isAtEnd || isFinished else { return .wait }
        state = .idle
        return made(kind, bytes[min(from, at)..<at], from: cellStart, to: at, cellPosition)
    }

    /// A skipped cell goes on over magics and meta commands: they are skipped with it.
    private func endsBlock(_ kind: CellText.Kind, _ bytes: Bytes, _ line: Int) -> Bool {
        if case .skipped = kind {
            return rules == .script && bytes[line] != .backslash && LineKind.isSeparator(bytes, at: line, limit: limit)
        }
        return isBoundary(bytes, line, anyMeta: false)
    }
}
