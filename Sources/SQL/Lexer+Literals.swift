import Text

/// Strings, names, dollar bodies, comments and URLs: what hides a `;`.
extension Lexer {
    mutating func scanQuoted(_ bytes: Bytes, at: inout Int, limit: Int, quote: UInt8, raw: Bool) {
        let escapes = !raw && quote != .backtick
        while at < limit {
            let byte = bytes[at]
            if byte == quote {
                // A doubled quote is one quote inside the literal; leaving and entering again amounts to the same, but for
                // a raw string, whose end is the first quote (R'a''b' is two literals, as Spark has it).
                at += 1
                leave(at)
                return
            }
            at += escapes && byte == .backslash ? 2 : 1
        }
        at = min(at, limit)  // the last byte of the whole text may be a backslash
    }

    /// A literal ends before `at`.
    private mutating func leave(_ at: Int) {
        mode = .code
        follower.closes(at: at)
    }

    /// Whether `$`, letters and `$` stand at `at`; leaves `at` behind them.
    mutating func opensDollars(_ bytes: Bytes, at: inout Int, limit: Int) -> Bool {
        var end = at + 1
        while end < limit, bytes[end].isLetter { end += 1 }
        guard end < limit, bytes[end] == .dollar else { return false }
        follower.opens(.string, at: at)
        tag = Array(bytes[at + 1..<end])
        at = end + 1
        return true
    }

    mutating func scanDollars(_ bytes: Bytes, at: inout Int, limit: Int) {
        while at < limit {
            let end = at + tag.count + 1
            if bytes[at] == .dollar, end < limit, bytes[end] == .dollar, bytes[at + 1..<end].elementsEqual(tag) {
                at = end + 1
                leave(at)
                return
            }
            at += 1
        }
    }

    mutating func scanLineComment(_ bytes: Bytes, at: inout Int, limit: Int) {
        while at < limit, bytes[at] != .newline, !isLoneReturn(bytes, at, limit) { at += 1 }
        guard at < limit, bytes[at] == .newline else {
            if at < limit { leave(at) }
            return
        }
        var last = at - 1
        if last >= 0, bytes[last] == .carriageReturn { last -= 1 }
        if last >= 0, bytes[last] == .backslash {
            at += 1  // Spark: a backslash before the line end continues the comment on the next line
        } else {
            leave(at)  // the newline itself is code's, where separators are looked for
        }
    }

    /// A carriage return alone ends a comment as well; it never reaches `limit`, which is a line's or the text's end.
    func isLoneReturn(_ bytes: Bytes, _ at: Int, _ limit: Int) -> Bool {
        bytes[at] == .carriageReturn && at + 1 < limit && bytes[at + 1] != .newline
    }

    mutating func scanComment(_ bytes: Bytes, at: inout Int, limit: Int, depth: Int) {
        var depth = depth
        while at < limit {
            if bytes[at] == .star, at + 1 < limit, bytes[at + 1] == .slash {
                at += 2
                depth -= 1
                if depth == 0 {
                    leave(at)
                    return
                }
            } else if bytes[at] == .slash, at + 1 < limit, bytes[at + 1] == .star,
                !(at + 2 < limit && bytes[at + 2] == .plus)
            {
                at += 2
                depth += 1
            } else {
                at += 1
            }
        }
        mode = .comment(depth: depth)
    }

    func isRawPrefix(_ bytes: Bytes, before at: Int) -> Bool {
        guard at > 0, bytes[at - 1] | 0x20 == UInt8(ascii: "r") else { return false }
        return at == 1 || !bytes[at - 2].isWordPart
    }

    static func isURLPart(_ byte: UInt8) -> Bool {
        if byte.isWordPart { return true }
        switch byte {
        case .slash, .minus, .dot, .percent, .hash, UInt8(ascii: "?"), UInt8(ascii: "="), UInt8(ascii: "&"): return true
        default: return false
        }
    }

    /// The length of the white space beyond ASCII at `at`, such as a no-break space pasted from a document; 0 for none.
    static func blankLength(_ bytes: Bytes, at: Int, limit: Int) -> Int {
        guard at + 1 < limit else { return 0 }
        if bytes[at] == 0xC2 { return bytes[at + 1] == 0xA0 ? 2 : 0 }
        guard at + 2 < limit else { return 0 }
        switch (bytes[at], bytes[at + 1], bytes[at + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80): return 3
        case (0xE2, 0x80, 0x80...0x8A), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF): return 3
        default: return 0
        }
    }
}
