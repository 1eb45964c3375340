import Glibc
import System

/// The records of a CSV file, one by one (RFC 4180), as fields: nil is a field that is empty and has no quotes.
nonisolated struct CSVRecords: ~Copyable {
    private var lines: FileLines
    /// The line of the file at which the record that was read last begins, from 1.
    private(set) var lineNumber = 0

    /// - Throws: `FileError`.
    init(_ path: String) throws { lines = try FileLines(path) }

    /// The next record; nil at the end. An empty line is a record of one field that is empty.
    mutating func next() -> [String?]? {
        guard var text = lines.next() else { return nil }
        lineNumber = lines.number
        var isOpen = Self.togglesQuote(text)
        // A quote that is open goes on in the next line.
        while isOpen, let more = lines.next() {
            text += more
            if Self.togglesQuote(more) { isOpen = false }
        }
        while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
        return Self.fields(of: text)
    }

    private static func togglesQuote(_ text: [UInt8]) -> Bool {
        text.reduce(into: false) { if $1 == 0x22 { $0.toggle() } }
    }

    private static func fields(of text: [UInt8]) -> [String?] {
        let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
        var fields: [String?] = []
        var at = 0
        while true {
            if at < text.count, text[at] == quote {
                var value: [UInt8] = []
                at += 1
                while at < text.count {
                    if text[at] == quote {
                        guard at + 1 < text.count, text[at + 1] == quote else { break }
                        at += 1
                    }
                    value.append(text[at])
                    at += 1
                }
                at += 1
                while at < text.count, text[at] != comma {
                    value.append(text[at])
                    at += 1
                }
                fields.append(String(decoding: value, as: UTF8.self))
            } else {
                let start = at
                while at < text.count, text[at] != comma { at += 1 }
                fields.append(start == at ? nil : String(decoding: text[start..<at], as: UTF8.self))
            }
            guard at < text.count else { return fields }
            at += 1
        }
    }
}

/// Counts the records and lines of a file as fast as it can be read.
nonisolated enum RecordCount {
    /// - Parameter quoted: a line end between quotes belongs to its record, as in CSV.
    /// - Returns: records, and whether one of them spans lines.
    /// - Throws: `FileError`, `CancellationError`.
    @concurrent
    static func of(_ path: String, quoted: Bool) async throws -> (records: Int, spansLines: Bool) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
        defer { buffer.deallocate() }
        var (records, isInside, spans, last) = (0, false, false, UInt8(ascii: "\n"))
        while true {
            try Task.checkCancellation()
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            guard count >= 0 else { throw FileError(path: path, code: errno, action: "read") }
            if count == 0 { break }
            let piece = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            // A piece without quotes needs no more than its line ends counted.
            if quoted, isInside || memchr(piece.baseAddress!, 0x22, count) != nil {
                for byte in piece {
                    if byte == 0x22 { isInside.toggle() }
                    if isInside { spans = spans || byte == 0x0A || byte == 0x0D } else if byte == 0x0A { records += 1 }
                }
            } else {
                var rest = piece
                while let end = memchr(rest.baseAddress!, 0x0A, rest.count) {
                    records += 1
                    rest = UnsafeRawBufferPointer(rebasing: rest[(UnsafeRawPointer(end) - rest.baseAddress! + 1)...])
                    if rest.isEmpty { break }
                }
            }
            last = piece[count - 1]
        }
        return (last == 0x0A ? records : records + 1, spans)
    }
}
