import Glibc
import System

/// Rewrites files into the forms that the workspace reads in parts: piece by piece, in flat memory.
nonisolated enum TextRewriting {
    /// TSV as PostgreSQL's COPY has it (`\t`, `\n`, `\\`, and `\N` for NULL) as CSV, in which every field but NULL is quoted.
    static func csv(fromTSV source: String, to target: String) throws {
        var lines = try FileLines(source)
        try writing(target) { output in
            while output.count < 1 << 18 {
                guard var line = lines.next() else { return false }
                while let last = line.last, last == 0x0A || last == 0x0D { line.removeLast() }
                var isFirst = true
                for field in line.split(separator: 0x09, omittingEmptySubsequences: false) {
                    if !isFirst { output.append(0x2C) }
                    isFirst = false
                    if !field.elementsEqual(#"\N"#.utf8) { append(field, to: &output) }
                }
                output.append(0x0A)
            }
            return true
        }
    }

    private static func append(_ field: ArraySlice<UInt8>, to output: inout [UInt8]) {
        output.append(0x22)
        var isEscaped = false
        for byte in field {
            if isEscaped {
                isEscaped = false
                switch byte {
                case UInt8(ascii: "t"): output.append(0x09)
                case UInt8(ascii: "n"): output.append(0x0A)
                case UInt8(ascii: "r"): output.append(0x0D)
                default: output.append(byte)
                }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else {
                if byte == 0x22 { output.append(0x22) }
                output.append(byte)
            }
        }
        output.append(0x22)
    }

    /// A file whose lines end in a bare CR, with LF instead. A CR between quotes stays.
    static func withLineFeeds(_ source: String, quoted: Bool, separators: [UInt8], to target: String) throws {
        let descriptor = open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: source, code: errno) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var quotes = CSVRecords.Quotes(separators: separators)
        var isAfterCR = false
        try writing(target) { output in
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw FileError(path: source, code: errno, action: "read") }
            for byte in buffer[..<count] {
                if quoted { quotes.read(byte) }
                let endsLine = byte == 0x0D && !quotes.isOpen
                if byte != 0x0A || !isAfterCR { output.append(endsLine ? 0x0A : byte) }
                isAfterCR = endsLine
            }
            return count > 0
        }
    }

    /// A JSON array of objects (or one object) as an object a line.
    /// - Throws: `UsageError` when it is neither.
    static func lines(fromJSON source: String, to target: String) throws {
        let descriptor = open(source, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: source, code: errno) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var (depth, isText, isEscaped, hasArray) = (0, false, false, false)
        try writing(target) { output in
            let count = read(descriptor, &buffer, buffer.count)
            guard count >= 0 else { throw FileError(path: source, code: errno, action: "read") }
            for byte in buffer[..<count] {
                if isText {
                    output.append(byte)
                    if isEscaped {
                        isEscaped = false
                    } else if byte == UInt8(ascii: "\\") {
                        isEscaped = true
                    } else if byte == 0x22 {
                        isText = false
                    }
                    continue
                }
                switch byte {
                case 0x20, 0x09, 0x0A, 0x0D: continue
                // The byte order mark.
                case 0xEF where depth == 0, 0xBB where depth == 0, 0xBF where depth == 0: continue
                case UInt8(ascii: "[") where depth == 0 && !hasArray: hasArray = true
                case UInt8(ascii: "]") where depth == 0: continue
                case UInt8(ascii: ",") where depth == 0: continue
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    guard depth > 0 || byte == UInt8(ascii: "{") else { throw notObjects }
                    depth += 1
                    output.append(byte)
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    depth -= 1
                    output.append(byte)
                    if depth == 0 { output.append(0x0A) }
                default:
                    guard depth > 0 else { throw notObjects }
                    if byte == 0x22 { isText = true }
                    output.append(byte)
                }
            }
            return count > 0
        }
        if depth != 0 { throw UsageError("the JSON ends before its end") }
    }

    private static var notObjects: UsageError {
        UsageError("the JSON is no array of objects", hint: "[{\"id\": 1}, …], or an object a line with --format jsonl")
    }

    /// Calls `body` until it has nothing more, and writes what it appends.
    fileprivate static func writing(_ target: String, _ body: (inout [UInt8]) throws -> Bool) throws {
        let file = try AtomicFile(target)
        var output: [UInt8] = []
        var goesOn = true
        while goesOn {
            try Task.checkCancellation()
            goesOn = try body(&output)
            try output.withUnsafeBytes { try file.write($0) }
            output.removeAll(keepingCapacity: true)
        }
        try file.commit()
    }
}

nonisolated extension TextRewriting {
    /// What the column that `withSecondColumn` adds is called.
    static let secondColumn = "dbsh_second"

    /// CSV of one column with another one that is empty: an empty line, which is NULL, would be passed over.
    static func withSecondColumn(_ source: String, separator: UInt8, to target: String) throws {
        var records = try CSVRecords(source, separator: separator, keepsBlank: true)
        try writing(target) { output in
            while output.count < 1 << 18 {
                guard let record = records.next() else { return false }
                if let text = record.first ?? nil {
                    output.append(0x22)
                    for byte in text.utf8 { output += byte == 0x22 ? [0x22, 0x22] : [byte] }
                    output.append(0x22)
                }
                output += [0x2C, 0x0A]
            }
            return true
        }
    }
}
