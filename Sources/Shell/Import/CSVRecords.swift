/// The records of a CSV file, one by one (RFC 4180), as fields: nil is a field that is empty and has no quotes.
nonisolated struct CSVRecords: ~Copyable {
    private var lines: FileLines
    /// The line of the file at which the record that was read last begins, from 1.
    private(set) var lineNumber = 0

    private let separator: UInt8
    private let keepsBlank: Bool

    /// - Parameter keepsBlank: an empty line is a record of one field that is empty; else it is passed over.
    /// - Throws: `FileError`.
    init(_ path: String, separator: UInt8 = UInt8(ascii: ","), keepsBlank: Bool = false) throws {
        lines = try FileLines(path)
        self.separator = separator
        self.keepsBlank = keepsBlank
    }

    /// The next record; nil at the end.
    mutating func next() -> [String?]? {
        guard var text = lines.next() else { return nil }
        while !keepsBlank, text.allSatisfy({ $0 == 0x0A || $0 == 0x0D }) {
            guard let more = lines.next() else { return nil }
            text = more
        }
        lineNumber = lines.number
        var quotes = Quotes(separators: [separator])
        quotes.read(text)
        // A quote that is open goes on in the next line.
        while quotes.isOpen, let more = lines.next() {
            text += more
            quotes.read(more)
        }
        endsOpen = quotes.isOpen
        while let last = text.last, last == 0x0A || last == 0x0D { text.removeLast() }
        return fields(of: text)
    }

    /// The record that was read last has a quote that is never closed.
    private(set) var endsOpen = false

    /// Whether a quote is open: one opens at the beginning of a field only, and elsewhere is a character like others.
    struct Quotes {
        private let separators: [UInt8]
        private(set) var isOpen = false
        private var before: UInt8 = 0x0A

        init(separators: [UInt8]) { self.separators = separators }

        mutating func read(_ text: [UInt8]) { for byte in text { read(byte) } }

        mutating func read(_ byte: UInt8) {
            if byte == 0x22 {
                if isOpen {
                    isOpen = false
                    // Two of them are one that is meant, and the field goes on.
                    before = separators[0]
                    return
                }
                isOpen = separators.contains(before) || before == 0x0A || before == 0x0D
            }
            before = byte
        }
    }

    private func fields(of text: [UInt8]) -> [String?] {
        let (quote, comma) = (UInt8(ascii: "\""), separator)
        var fields: [String?] = []
        var at = 0
        while true {
            if at < text.count, text[at] == quote {
                var value: [UInt8] = []
                let start = at
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
                if at < text.count, text[at] != comma {
                    // More behind the quote that closes: as Spark has it, the field is what stands there, quotes and all.
                    while at < text.count, text[at] != comma { at += 1 }
                    value = Array(text[start..<at])
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
