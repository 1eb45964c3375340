import Databricks
import Glibc
import Text

/// The text a `CellReader` has been given and not yet used up, with line numbers counted as cells begin.
nonisolated struct CellText: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Just behind the last newline so far.
    private(set) var endOfLastLine = 0
    /// How many bytes of the input came before `bytes`.
    private(set) var base = 0
    /// The line number at `counted`, and where that line starts (negative once its start has been dropped).
    var line = 1
    private var counted = 0
    private(set) var lineStart = 0
    /// Where the blanks at that line's start end, once known: a line is looked through for it only once.
    private var indentEnd: Int?
    private var isAtStart = true
    private var hasMark = false

    /// Adds text and drops what lies before `keep` when that is most of the buffer. Returns how many bytes were dropped.
    mutating func append(_ more: some Collection<UInt8>, keepingFrom keep: Int) -> Int {
        var dropped = 0
        // The line that `keep` is on stays whole when it is short, since a cell's first line is looked at from its start.
        let from = min(keep, counted)
        if from > 1 << 16, from > bytes.count / 2 {
            bytes.removeFirst(from)
            base += from
            endOfLastLine -= from
            counted -= from
            lineStart -= from
            indentEnd = indentEnd.map { $0 - from }
            dropped = from
        }
        let before = bytes.count
        bytes.append(contentsOf: more)
        if isAtStart, bytes.count >= 3 {
            isAtStart = false
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {  // a byte order mark is no text
                bytes.removeFirst(3)
                base += 3
                hasMark = true
            }
        }
        let scanFrom = min(before, bytes.count)
        if let newline = bytes[scanFrom...].lastIndex(of: .newline) { endOfLastLine = newline + 1 }
        return dropped
    }

    /// The place of an offset, which may not lie before the one asked for last: so every line is counted once.
    mutating func position(of offset: Int) -> SourcePosition {
        bytes.withUnsafeBufferPointer { bytes in
            var from = counted
            while from < offset, let newline = bytes.firstNewline(from: from, limit: offset) {
                line += 1
                from = newline + 1
                lineStart = from
                indentEnd = nil
            }
        }
        counted = offset
        return SourcePosition(line: line, column: offset - lineStart + 1)
    }

    /// Whether only blanks stand before `offset` on its line. The offset is the one last asked for by `position`.
    mutating func startsLine(_ offset: Int) -> Bool {
        guard lineStart >= 0 else { return false }
        if let indentEnd { return offset <= indentEnd }
        let end = bytes[lineStart...].firstIndex { !$0.isBlank } ?? bytes.count
        if end < bytes.count { indentEnd = end }
        return offset <= end
    }

    /// Whether nothing but a byte order mark stands before `offset` in the whole input.
    func isStart(_ offset: Int) -> Bool { base + offset == (hasMark ? 3 : 0) }

    enum Kind: Sendable {
        case meta, note, run, clusterMagic, skipped
        /// A magic that nobody knows, by its name.
        case unknown(String)
        case code(Language)
    }

    /// Makes a cell of bytes: CRLF becomes LF, blanks behind it go, and what is no text is said instead of sent.
    static func cell(
        _ kind: Kind, _ bytes: Slice<UnsafeBufferPointer<UInt8>>, _ ending: Cell.Ending, _ start: SourcePosition
    ) -> Cell {
        var text = UnsafeBufferPointer(rebasing: bytes)
        while let last = text.last, last.isBlank || last == .newline {
            text = UnsafeBufferPointer(rebasing: text.dropLast())
        }
        if text.firstOffset(of: 0) != nil {
            return Cell(.invalid("the cell holds a NUL byte, which no language takes"), start: start)
        }
        guard let string = string(text) else {
            return Cell(.invalid("the cell is not valid UTF-8; save the file as UTF-8"), start: start)
        }
        let content: Cell.Content =
            switch kind {
            case .meta: .meta(string)
            case .note: .note(string)
            case .skipped: .skipped(string)
            case .unknown(let name):
                .invalid("%\(name) is not a magic that dbsh knows (\(Magic.names.joined(separator: ", ")))")
            case .run: .run(string)
            case .clusterMagic: .clusterMagic(string)
            case .code(let language): .code(language, string)
            }
        return Cell(content, ending: ending, start: start)
    }

    private static func string(_ text: UnsafeBufferPointer<UInt8>) -> String? {
        guard text.firstOffset(of: .carriageReturn) != nil else { return String(validating: text, as: UTF8.self) }
        var kept: [UInt8] = []
        kept.reserveCapacity(text.count)
        for index in text.indices {
            let isLineEnd = text[index] == .carriageReturn && index + 1 < text.count && text[index + 1] == .newline
            if !isLineEnd { kept.append(text[index]) }
        }
        return String(validating: kept, as: UTF8.self)
    }
}

nonisolated extension UnsafeBufferPointer<UInt8> {
    /// The first newline in `from..<limit`. Memory: memchr(3) looks at bytes of that range only.
    func firstNewline(from: Int, limit: Int) -> Int? {
        guard from < limit, let base = baseAddress, let found = memchr(base + from, 10, limit - from) else {
            return nil
        }
        return base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }

    /// Where a byte first stands. Memory: as above, within the buffer.
    func firstOffset(of byte: UInt8) -> Int? {
        guard let base = baseAddress, let found = memchr(base, Int32(byte), count) else { return nil }
        return base.distance(to: found.assumingMemoryBound(to: UInt8.self))
    }
}
