/// The byte-wise state machine: what lies across two pieces, escapes, blanks, and cells that are no strings.
///
/// Unsafe pointers: `position ..< end` is the caller's piece; the arena has room for it (see `scanRows`).
extension StatementResponseScanner {
    /// Reads tokens until the hot loop can go on (after a comma or an opening bracket) or the piece ends.
    mutating func scanTokens(_ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer) throws(CellFailure) {
        while position < end {
            if state == .string {
                try scanString(&position, end)
                continue
            }
            let byte = position.load(as: UInt8.self)
            position += 1
            switch state {
            case .row: if try scanInRow(byte) { return }
            case .rows: if try scanBetweenRows(byte) { return }
            case .escape: try scanEscape(byte)
            case .unicode: try scanHexDigit(byte)
            case .null: try scanNull(byte)
            case .value: if try !scanValue(byte) { position -= 1 }
            case .envelope, .string: return
            }
        }
    }

    /// True when a cell may begin.
    private mutating func scanInRow(_ byte: UInt8) throws(CellFailure) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: break
        case 0x2C where expectsComma:
            (expectsComma, expectsItem) = (false, true)
            return true
        case 0x5D where !expectsItem:
            endRow()
        case _ where expectsComma: throw .unexpected("expected a comma or the end of a row")
        case 0x22:
            startCell()
            state = .string
        case 0x6E:
            startCell()
            literalLength = 1
            state = .null
        case 0x2D, 0x30...0x39, 0x74, 0x66, 0x5B, 0x7B:
            startCell()
            value = RawValueScanner()
            state = .value
            _ = try scanValue(byte)
        default: throw .unexpected("expected a cell")
        }
        return false
    }

    /// True when a row has begun, or the rows have ended.
    private mutating func scanBetweenRows(_ byte: UInt8) throws(CellFailure) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: return false
        case 0x5B where !expectsComma:
            state = .row
            (column, expectsComma, expectsItem) = (0, false, false)
            return true
        case 0x2C where expectsComma:
            (expectsComma, expectsItem) = (false, true)
            return false
        case 0x5D where !expectsItem:
            envelope.endRows()
            state = .envelope
            return true
        default: throw .unexpected(expectsComma ? "expected a comma or the end of the rows" : "expected a row")
        }
    }

    private mutating func startCell() {
        (cellStart, union, hasControls, hasQuotes, highSurrogate) = (store.byteCount, 0, false, false, 0)
    }

    private mutating func endCell(null: Bool) throws(CellFailure) {
        if column == store.columnCount {
            // Only the first row may bring new columns.
            if columnsKnown { throw .longRow }
            store.addColumns(1)
        }
        store.cellCount += 1
        store.ends[store.cellCount] =
            UInt32(truncatingIfNeeded: store.byteCount) | (null ? ResultStore.nullBit : 0)
        let facts = store.facts + column
        facts.pointee.longest = max(facts.pointee.longest, store.byteCount - cellStart)
        facts.pointee.union |= union
        if null { facts.pointee.nulls += 1 }
        if hasControls { facts.pointee.hasControls = true }
        if hasQuotes { facts.pointee.hasQuotes = true }
        column += 1
        (expectsComma, expectsItem) = (true, false)
        state = .row
    }

    private mutating func endRow() {
        columnsKnown = true
        if column < store.columnCount {
            for column in column..<store.columnCount { store.append(nil, column: column) }
            store.shortRows += 1
        }
        store.rowCount += 1
        column = 0
        (expectsComma, expectsItem) = (true, false)
        state = .rows
    }

    /// Copies a string's ordinary bytes, then takes the one that ended them, if there is one in this piece.
    private mutating func scanString(_ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer) throws(CellFailure) {
        // Locals, not properties, in the loop: this is where strings with escapes (nested values) spend their time.
        let target = store.bytes + store.byteCount
        let count = end - position
        var length = 0
        var union: UInt8 = 0
        var deletes = false
        var stop: UInt8?
        while length < count {
            let byte = position.load(fromByteOffset: length, as: UInt8.self)
            if byte == 0x22 || byte == 0x5C || byte < 0x20 {
                stop = byte
                break
            }
            target[length] = byte
            union |= byte
            if byte == 0x7F { deletes = true }
            length &+= 1
        }
        position += length
        store.byteCount += length
        self.union |= UInt64(union)
        if deletes { hasControls = true }
        if length > 0 { highSurrogate = 0 }
        guard let stop else { return }
        position += 1
        switch stop {
        case 0x22: try endCell(null: false)
        case 0x5C: state = .escape
        default: throw .unexpected("a control character in a string")
        }
    }

    private mutating func scanEscape(_ byte: UInt8) throws(CellFailure) {
        state = .string
        if byte == 0x75 {
            (hex, hexDigits) = (0, 0)
            state = .unicode
            return
        }
        highSurrogate = 0
        switch byte {
        case 0x22, 0x5C, 0x2F: put(byte)
        case 0x62: put(0x08)
        case 0x66: put(0x0C)
        case 0x6E: put(0x0A)
        case 0x72: put(0x0D)
        case 0x74: put(0x09)
        default: throw .unexpected("an unknown escape in a string")
        }
    }

    private mutating func scanHexDigit(_ byte: UInt8) throws(CellFailure) {
        switch byte {
        case 0x30...0x39: hex = hex << 4 | UInt32(byte - 0x30)
        case 0x41...0x46: hex = hex << 4 | UInt32(byte - 0x37)
        case 0x61...0x66: hex = hex << 4 | UInt32(byte - 0x57)
        default: throw .unexpected("an incomplete \\u escape")
        }
        hexDigits += 1
        if hexDigits == 4 {
            putUnit(hex)
            state = .string
        }
    }

    /// Puts a UTF-16 code unit; a high surrogate stands as U+FFFD until its low half replaces it.
    private mutating func putUnit(_ unit: UInt32) {
        var scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
        if (0xDC00...0xDFFF).contains(unit), highSurrogate != 0 {
            let value = 0x10000 + (highSurrogate - 0xD800) << 10 + (unit - 0xDC00)
            scalar = Unicode.Scalar(value) ?? "\u{FFFD}"
            store.byteCount -= 3
        }
        highSurrogate = (0xD800...0xDBFF).contains(unit) ? unit : 0
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { put(byte) }
    }

    private mutating func scanNull(_ byte: UInt8) throws(CellFailure) {
        guard byte == (literalLength == 1 ? 0x75 : 0x6C) else { throw .unexpected("expected null") }
        literalLength += 1
        if literalLength == 4 { try endCell(null: true) }
    }

    /// False when the byte stands behind the value.
    private mutating func scanValue(_ byte: UInt8) throws(CellFailure) -> Bool {
        let step = value.next(byte)
        if step != .leave { put(byte) }
        if step == .take { return true }
        let text = UnsafeBufferPointer(start: store.bytes + cellStart, count: store.byteCount - cellStart)
        guard JSONValue.isValid(text) else { throw .unexpected("a cell that is not JSON ends") }
        try endCell(null: false)
        return step == .takeLast
    }

    @inline(__always)
    private mutating func put(_ byte: UInt8) {
        store.bytes[store.byteCount] = byte
        store.byteCount += 1
        union |= UInt64(byte)
        if byte < 0x20 || byte == 0x7F { hasControls = true }
        if byte == 0x22 || byte == 0x5C { hasQuotes = true }
    }
}
