import Glibc
import System
import Text

/// One pass over a whole file, as fast as it can be read: how many records it has, whether one of them spans lines, and whether
/// it is UTF-8.
nonisolated struct RecordScan {
    /// Lines that are empty are none.
    private(set) var records = 0
    private(set) var spansLines = false
    /// Every record ends in CR LF.
    private(set) var endsInCRLF = true
    /// A line end between quotes belongs to its record, as in CSV.
    private let quoted: Bool
    private let separator: UInt8
    private var isInside = false
    /// The byte before is a quote that has closed a field; two of them are one that is meant.
    private var hasJustClosed = false
    private var isAtStart = true
    /// Of the piece before.
    private var previous: UInt8 = 0x0A
    /// Bytes of the record that is being read, outside its quotes.
    private var length = 0
    private var last: UInt8 = 0
    private var validity = UTF8Check()

    private init(quoted: Bool, separator: UInt8) { (self.quoted, self.separator) = (quoted, separator) }

    /// - Parameter limit: it ends when there are more records than so many.
    /// - Throws: `FileError`, `NotUTF8`, `CancellationError`.
    @concurrent
    static func of(_ path: String, quoted: Bool, separator: UInt8 = 0x2C, upTo limit: Int = .max) async throws
        -> RecordScan
    {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
        defer { buffer.deallocate() }
        var scan = RecordScan(quoted: quoted, separator: separator)
        while true {
            try Task.checkCancellation()
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw FileError(path: path, code: errno, action: "read") }
            if count == 0 { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            scan.feed(piece)
            guard scan.validity.isGood(piece) else { throw try notUTF8(path) }
            if scan.records > limit { return scan }
        }
        guard scan.validity.isAtEnd else { throw try notUTF8(path) }
        if scan.isInside { throw try neverClosed(path, separator) }
        // The last record may have no end.
        if scan.length > 0 {
            let endsInCRLF = scan.endsInCRLF
            scan.endRecord()
            scan.endsInCRLF = endsInCRLF
        }
        return scan
    }

    private mutating func feed(_ piece: UnsafeRawBufferPointer) {
        // The byte order mark is no part of the text.
        var at = isAtStart && piece.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        isAtStart = false
        let first = at
        while at < piece.count {
            let quote = quoted ? Self.place(of: 0x22, in: piece, from: at) : piece.count
            if isInside {
                spansLines =
                    spansLines || Self.place(of: 0x0A, in: piece, from: at) < quote
                    || Self.place(of: 0x0D, in: piece, from: at) < quote
            } else {
                countLines(of: UnsafeRawBufferPointer(rebasing: piece[at..<quote]))
            }
            if quote > at { hasJustClosed = false }
            guard quote < piece.count else { break }
            pass(quote: quote == first ? previous : piece[quote - 1])
            at = quote + 1
        }
        previous = piece[piece.count - 1]
    }

    /// A quote behind a byte: it closes a field, or opens one at its beginning, or is a character like others.
    private mutating func pass(quote before: UInt8) {
        if isInside {
            (isInside, hasJustClosed) = (false, true)
        } else {
            isInside = hasJustClosed || before == separator || before == 0x0A || before == 0x0D
            hasJustClosed = false
        }
        length += 1
        last = 0x22
    }

    private mutating func countLines(of piece: UnsafeRawBufferPointer) {
        var at = 0
        while at < piece.count {
            let end = Self.place(of: 0x0A, in: piece, from: at)
            length += end - at
            if end > at { last = piece[end - 1] }
            guard end < piece.count else { return }
            endRecord()
            at = end + 1
        }
    }

    private mutating func endRecord() {
        if length > 1 || length == 1 && last != 0x0D {
            records += 1
            if last != 0x0D { endsInCRLF = false }
        }
        length = 0
    }

    /// Where a byte is next; the end when it is nowhere.
    private static func place(of byte: Int32, in piece: UnsafeRawBufferPointer, from at: Int) -> Int {
        guard at < piece.count, let base = piece.baseAddress, let found = memchr(base + at, byte, piece.count - at)
        else { return piece.count }
        return UnsafeRawPointer(found) - base
    }

    private static func neverClosed(_ path: String, _ separator: UInt8) throws -> UsageError {
        var records = try CSVRecords(path, separator: separator)
        while !records.endsOpen, records.next() != nil {}
        return UsageError(
            "the quote that opens in line \(records.lineNumber) is never closed",
            hint: "a quote within quotes is two of them")
    }

    private static func notUTF8(_ path: String) throws -> NotUTF8 {
        var lines = try FileLines(path)
        var isUTF16 = false
        while let line = lines.next() {
            if lines.number == 1 { isUTF16 = line.starts(with: [0xFF, 0xFE]) || line.starts(with: [0xFE, 0xFF]) }
            if String(validating: line, as: UTF8.self) == nil { break }
        }
        return NotUTF8(line: lines.number, guess: isUTF16 ? "UTF-16" : "WINDOWS-1252")
    }
}
