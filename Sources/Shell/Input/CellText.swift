import Databricks

/// The text a `CellReader` has been given and not yet used up, with line numbers counted as cells begin.
nonisolated struct CellText: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Just behind the last newline so far.
    private(set) var endOfLastLine = 0
    /// The line number at `counted`, and where that line starts (negative once its start has been dropped).
    var line = 1
    private var counted = 0
    private(set) var lineStart = 0
    private var isAtStart = true

    /// Adds text and drops what lies before `keep` when that is most of the buffer. Returns how many bytes were dropped.
    mutating func append(_ more: some Collection<UInt8>, keepingFrom keep: Int) -> Int {
        var dropped = 0
        // The line that `keep` is on stays whole when it is short, since a cell's first line is looked at from its start.
        let from = min(keep, counted)
        if from > 1 << 16, from > bytes.count / 2 {
            bytes.removeFirst(from)
            endOfLastLine -= from
            counted -= from
            lineStart -= from
            dropped = from
        }
        let before = bytes.count
        bytes.append(contentsOf: more)
        if isAtStart, bytes.count >= 3 {
            isAtStart = false
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }  // a byte order mark is no text
        }
        let scanFrom = min(before, bytes.count)
        if let newline = bytes[scanFrom...].lastIndex(of: .newline) { endOfLastLine = newline + 1 }
        return dropped
    }

    /// The place of an offset, which may not lie before the one asked for last: so every line is counted once.
    mutating func position(of offset: Int) -> SourcePosition {
        for index in counted..<offset where bytes[index] == .newline {
            line += 1
            lineStart = index + 1
        }
        counted = offset
        return SourcePosition(line: line, column: offset - lineStart + 1)
    }

    /// Whether only blanks stand before `offset` on its line. The offset is the one last asked for by `position`.
    func startsLine(_ offset: Int) -> Bool {
        lineStart >= 0 && bytes[lineStart..<offset].allSatisfy(\.isBlank)
    }

    enum Kind {
        case meta, note, run, clusterMagic
        case code(Language)
    }

    /// Makes a cell of bytes: CRLF becomes LF, blanks around go, and what is no text is said instead of sent.
    static func cell(
        _ kind: Kind, _ bytes: some BidirectionalCollection<UInt8>, _ ending: Cell.Ending, _ start: SourcePosition
    ) -> Cell {
        var text = Array(bytes)
        while let last = text.last, last.isBlank || last == .newline { text.removeLast() }
        if text.contains(.carriageReturn) {
            text = text.indices.filter {
                text[$0] != .carriageReturn || $0 + 1 < text.count && text[$0 + 1] != .newline
            }
            .map { text[$0] }
        }
        if text.contains(0) {
            return Cell(.invalid("the cell holds a NUL byte, which no language takes"), start: start)
        }
        guard let string = String(validating: text, as: UTF8.self) else {
            return Cell(.invalid("the cell is not valid UTF-8; save the file as UTF-8"), start: start)
        }
        let content: Cell.Content =
            switch kind {
            case .meta: .meta(string)
            case .note: .note(string)
            case .run: .run(string)
            case .clusterMagic: .clusterMagic(string)
            case .code(let language): .code(language, string)
            }
        return Cell(content, ending: ending, start: start)
    }
}
