/// Follows the JSON around the rows just closely enough to find them, and keeps it.
///
/// It knows strings, escapes, depth and the key that an array belongs to, so that `data_array` inside a string or
/// somewhere else in the document is not mistaken for the rows. Whether what it keeps is JSON is for its reader to say.
struct EnvelopeScanner {
    private(set) var bytes: [UInt8] = []
    /// The outermost value is closed.
    private(set) var isComplete = false
    private var rowsOnly = false
    private var foundRows = false
    private var depth = 0
    private var inString = false
    private var escaped = false
    /// The string seen last, without its quotes: the key, when a colon follows.
    private var lastString = 0..<0
    /// Whether the value being read, at depth 2 and below, is that of the key `result`.
    private var inResult = false

    mutating func expectRowsOnly() { rowsOnly = true }

    /// Takes bytes up to `end`, or up to the bracket that opens the rows; true in that case.
    mutating func scan(
        _ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer, offset: Int
    ) throws(ScanError) -> Bool {
        let start = position
        while position < end {
            let byte = position.load(as: UInt8.self)
            position += 1
            if inString {
                bytes.append(byte)
                continueString(byte)
                continue
            }
            if depth == 0, byte > 0x20 { try checkStart(byte, offset + (position - start) - 1) }
            bytes.append(byte)
            switch byte {
            case 0x22:
                inString = true
                lastString = bytes.count..<bytes.count
            case 0x7B:
                depth += 1
                if depth == 2 { inResult = precedingKey() == "result" }
            case 0x7D, 0x5D: closeBracket()
            case 0x5B:
                depth += 1
                if opensRows() {
                    if foundRows {
                        throw .malformed(offset: offset + (position - start) - 1, reason: "a second data_array")
                    }
                    foundRows = true
                    return true
                }
            default: break
            }
        }
        return false
    }

    private func checkStart(_ byte: UInt8, _ offset: Int) throws(ScanError) {
        if isComplete { throw .malformed(offset: offset, reason: "data after the end") }
        if byte != (rowsOnly ? 0x5B : 0x7B) {
            throw .malformed(offset: offset, reason: rowsOnly ? "not a JSON array" : "not a JSON object")
        }
    }

    /// The bracket that closes the rows was read.
    mutating func endRows() {
        bytes.append(0x5D)
        closeBracket()
    }

    /// What is kept so far, made whole: for whoever stops reading within the rows. Only objects are open around them.
    var closedWithinRows: [UInt8] { bytes + [0x5D] + Array(repeating: 0x7D, count: depth - 1) }

    /// The columns of the schema (`manifest`), when it stands before the rows.
    var columnCount: Int? {
        guard let document = try? JSONValue.parse(closedWithinRows) else { return nil }
        let count = document["manifest"]?["schema"]?["columns"]?.elements?.count ?? 0
        return count > 0 ? count : nil
    }

    private mutating func closeBracket() {
        depth -= 1
        if depth == 0 { isComplete = true }
    }

    private mutating func continueString(_ byte: UInt8) {
        if escaped {
            escaped = false
        } else if byte == 0x5C {
            escaped = true
        } else if byte == 0x22 {
            inString = false
            lastString = lastString.lowerBound..<bytes.count - 1
        }
    }

    /// Whether the bracket just kept opens the rows.
    private func opensRows() -> Bool {
        if rowsOnly { return depth == 1 }
        guard depth == 2 || depth == 3 && inResult else { return false }
        return precedingKey() == "data_array"
    }

    /// The key whose value starts with the bracket just kept; nil when it is no object's value.
    private func precedingKey() -> String? {
        // Nothing but one colon, and blanks, may stand between the closing quote and the bracket.
        let between = bytes[min(lastString.upperBound + 1, bytes.count - 1)..<bytes.count - 1].filter { $0 > 0x20 }
        guard between == [0x3A] else { return nil }
        let raw = bytes[lastString]
        guard raw.contains(0x5C) else { return String(decoding: raw, as: UTF8.self) }
        return (try? JSONValue.parse([0x22] + raw + [0x22]))?.text
    }
}
