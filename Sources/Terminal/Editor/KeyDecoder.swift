/// Turns the bytes of a terminal into keys for libedit: UTF-8 into scalars, escape sequences of known keys into one private code.
struct KeyDecoder {
    enum Key: Equatable {
        case scalar(Unicode.Scalar)
        case interrupt, suspend
        /// The answer to a request for the cursor's position: the column, counted from 1.
        case cursorReport(column: Int)
    }

    private var bytes: [UInt8] = []
    private var start = 0
    /// Whether sequences go to libedit as they are, because `~/.editrc` binds some.
    var leavesSequences = false
    /// Whether a cursor report is due, so that it is not taken for a key.
    var awaitsReport = false

    private static let escape: UInt8 = 0x1B
    private static let longestSequence = 24
    private static let pasteEnd = Array("\u{1B}[201~".utf8)

    var hasBytes: Bool { start < bytes.count }

    /// A lone ESC, or the beginning of a sequence of which the rest has not come yet.
    var isWithinEscape: Bool { hasBytes && bytes[start] == Self.escape }

    /// - Parameter droppingBeforeInterrupt: whether a Ctrl-C discards what was typed before it, as the terminal's driver does.
    mutating func append(_ new: some Sequence<UInt8>, droppingBeforeInterrupt: Bool) {
        bytes.removeFirst(start)
        start = 0
        bytes += new
        // With an ESC before it, it may be part of a paste.
        if droppingBeforeInterrupt, let index = bytes.lastIndex(of: 3), !bytes[..<index].contains(Self.escape) {
            start = index
        }
    }

    mutating func removeAll() {
        bytes = []
        start = 0
    }

    /// The next key, or nil when more bytes are needed.
    mutating func next() -> Key? {
        while hasBytes {
            switch bytes[start] {
            case Self.escape:
                switch matchSequence() {
                case .needsMore: return nil
                case .none: return take(1, .scalar("\u{1B}"))
                case .key(let key, let length): return take(length, key)
                case .unknown(let length): start += length
                }
            case 3: return take(1, .interrupt)
            case 26: return take(1, .suspend)
            case 0..<0x80: return take(1, .scalar(Unicode.Scalar(bytes[start])))
            default: return decodeScalar()
            }
        }
        return nil
    }

    /// Enough time has passed without more bytes: the ESC was the key itself.
    mutating func takeLoneEscape() -> Key? {
        isWithinEscape ? take(1, .scalar("\u{1B}")) : nil
    }

    /// Takes a Ctrl-C that is the next key.
    mutating func takeInterrupt() -> Bool {
        guard hasBytes, bytes[start] == 3 else { return false }
        start += 1
        return true
    }

    /// Takes the cursor report that is due out of the bytes, leaving the keys around it for later.
    mutating func takeReport() -> Int? {
        let rest = bytes[start...]
        guard awaitsReport, let escape = rest.firstIndex(of: Self.escape),
            let end = rest[escape...].firstIndex(of: UInt8(ascii: "R")),
            let column = Self.reportedColumn(String(decoding: rest[(escape + 1)...end], as: UTF8.self))
        else { return nil }
        awaitsReport = false
        bytes.removeSubrange(escape...end)
        return column
    }

    /// The bytes of a paste so far, and whether its end has been reached.
    mutating func takePaste() -> (bytes: ArraySlice<UInt8>, isComplete: Bool) {
        let rest = bytes[start...]
        if let end = Self.index(of: Self.pasteEnd, in: rest) {
            start = end + Self.pasteEnd.count
            return (rest[..<end], true)
        }
        // The last bytes may be the beginning of the end.
        let sure = rest.dropLast(Self.pasteEnd.count - 1)
        start = sure.endIndex
        return (sure, false)
    }

    /// Everything up to the next newline, which is dropped; nil when there is none yet.
    mutating func takeLine() -> ArraySlice<UInt8>? {
        guard let end = bytes[start...].firstIndex(of: 10) else { return nil }
        defer { start = end + 1 }
        return bytes[start..<end]
    }

    mutating func takeRest() -> ArraySlice<UInt8> {
        defer { start = bytes.count }
        return bytes[start...]
    }

    private mutating func take(_ length: Int, _ key: Key) -> Key {
        start += length
        return key
    }

    /// Bytes that are no UTF-8 become U+FFFD, and so do C1 controls, as these are the private codes. No terminal sends them.
    private mutating func decodeScalar() -> Key? {
        let lead = bytes[start]
        let length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
        guard length > 1, lead < 0xF5 else { return take(1, .scalar("\u{FFFD}")) }
        for index in start + 1..<start + length {
            guard index < bytes.count else { return nil }
            guard bytes[index] & 0xC0 == 0x80 else { return take(index - start, .scalar("\u{FFFD}")) }
        }
        let decoded = String(decoding: bytes[start..<start + length], as: UTF8.self).unicodeScalars
        let scalar = decoded.count == 1 ? decoded.first! : "\u{FFFD}"
        return take(length, .scalar((0x80..<0xA0).contains(scalar.value) ? "\u{FFFD}" : scalar))
    }

    private enum Match {
        case needsMore
        /// No sequence: ESC as a key, or with Alt.
        case none
        case key(Key, length: Int)
        /// A whole sequence of a key that means nothing here; its letters must not end up in the text.
        case unknown(length: Int)
    }

    /// Control sequences (ESC [ … final byte) and what application cursor keys send (ESC O letter) (ECMA-48 §5.4, xterm's ctlseqs).
    private func matchSequence() -> Match {
        let rest = bytes[start...].prefix(Self.longestSequence)
        guard let second = rest.dropFirst().first else { return .needsMore }
        guard second == UInt8(ascii: "[") || second == UInt8(ascii: "O") else { return .none }
        guard let end = rest.dropFirst(2).firstIndex(where: { (0x40...0x7E).contains($0) }) else {
            return rest.count < Self.longestSequence ? .needsMore : .none
        }
        let sequence = String(decoding: rest[(start + 1)...end], as: UTF8.self)
        let length = end - start + 1
        if awaitsReport, let column = Self.reportedColumn(sequence) {
            return .key(.cursorReport(column: column), length: length)
        }
        if sequence == PrivateKey.pasteSequence { return .key(.scalar(PrivateKey.paste.scalar), length: length) }
        if leavesSequences { return .none }
        guard let key = PrivateKey.sequences[sequence] else { return .unknown(length: length) }
        return .key(.scalar(key.scalar), length: length)
    }

    private static func reportedColumn(_ sequence: String) -> Int? {
        guard sequence.hasPrefix("["), sequence.hasSuffix("R") else { return nil }
        let numbers = sequence.dropFirst().dropLast().split(separator: ";")
        return numbers.count == 2 ? Int(numbers[1]) : nil
    }

    private static func index(of needle: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        var from = bytes.startIndex
        while let candidate = bytes[from...].firstIndex(of: needle[0]) {
            if bytes[candidate...].starts(with: needle) { return candidate }
            from = candidate + 1
        }
        return nil
    }
}

/// Keys that terminals send as sequences, as single codes of the C1 range. libedit looks codes up to 255 up in a flat table, so
/// each can be bound as one key in every keymap; bound as a sequence in vi mode it would take ESC's own meaning away.
enum PrivateKey: UInt8, CaseIterable {
    case up = 0x80
    case down, paste, backTab, left, right, home, end, delete, wordLeft, wordRight, newline, browse, pageUp, pageDown

    var scalar: Unicode.Scalar { Unicode.Scalar(rawValue) }

    static let pasteSequence = "[200~"

    /// What xterm, rxvt, the Linux console and their relatives send, without the ESC.
    static let sequences: [String: PrivateKey] = [
        "[A": .up, "OA": .up, "[B": .down, "OB": .down, "[C": .right, "OC": .right, "[D": .left, "OD": .left,
        "[H": .home, "OH": .home, "[1~": .home, "[7~": .home, "[F": .end, "OF": .end, "[4~": .end, "[8~": .end,
        "[3~": .delete, "[Z": .backTab, "[1;5C": .wordRight, "[1;5D": .wordLeft, "[1;3C": .wordRight,
        "[1;3D": .wordLeft,
        "Oc": .wordRight, "Od": .wordLeft, "[13;2u": .newline, "[27;2;13~": .newline,
        // F3 of xterm and its relatives, and of rxvt.
        "OR": .browse, "[13~": .browse, "[5~": .pageUp, "[6~": .pageDown,
    ]
}
