/// Finds the end of a JSON value that is not a string: a number, `true`, `false`, an array or an object.
struct RawValueScanner {
    private var depth = 0
    private var inString = false
    private var escaped = false

    /// What to do with a byte.
    enum Step {
        /// It belongs to the value.
        case take
        /// It is the value's last byte.
        case takeLast
        /// It stands behind the value.
        case leave
    }

    mutating func next(_ byte: UInt8) -> Step {
        if inString {
            if escaped {
                escaped = false
            } else if byte == 0x5C {
                escaped = true
            } else if byte == 0x22 {
                inString = false
            }
            return .take
        }
        switch byte {
        case 0x22 where depth > 0:
            inString = true
            return .take
        case 0x5B, 0x7B:
            depth += 1
            return .take
        case 0x5D, 0x7D:
            if depth == 0 { return .leave }
            depth -= 1
            return depth == 0 ? .takeLast : .take
        case 0x2C, 0x20, 0x09, 0x0A, 0x0D: return depth == 0 ? .leave : .take
        default: return .take
        }
    }
}
