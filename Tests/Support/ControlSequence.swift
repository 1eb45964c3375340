/// Where characters and escape sequences end in what a terminal gets in pieces.
enum ControlSequence {
    /// How many of the bytes are whole characters.
    static func lengthOfWholeCharacters(_ bytes: [UInt8]) -> Int {
        let tail = bytes.suffix(3)
        guard let lead = tail.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC0 else { return bytes.count }
        let needed = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
        return bytes.count - lead < needed ? lead : bytes.count
    }

    /// Index of the last scalar of the sequence that begins at `start`; nil when it has not come yet.
    static func end(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        guard start + 1 < scalars.count else { return nil }
        switch scalars[start + 1] {
        case "[": return scalars[(start + 2)...].firstIndex { (0x40...0x7E).contains($0.value) }
        case "]", "P", "_", "^", "X":
            // Control strings (ECMA-48 §5.6) end with ST; xterm lets BEL end an OSC.
            var at = start + 2
            while at < scalars.count {
                if scalars[at] == "\u{7}", scalars[start + 1] == "]" { return at }
                if scalars[at] == "\u{1B}", at + 1 < scalars.count { return at + 1 }
                at += 1
            }
            return nil
        default: return start + 1
        }
    }
}
