/// The grammar of a number (RFC 8259 §6).
enum JSONNumber {
    /// The bytes of the number that `bytes` begins with; nil when it begins with none.
    static func length(_ bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        var index = 0
        func digits() -> Int {
            var end = index
            while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
            return end - index
        }
        if index < bytes.count, bytes[index] == 0x2D { index += 1 }
        let whole = digits()
        if whole == 0 || whole > 1 && bytes[index] == 0x30 { return nil }
        index += whole
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            let fraction = digits()
            if fraction == 0 { return nil }
            index += fraction
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            let exponent = digits()
            if exponent == 0 { return nil }
            index += exponent
        }
        return index
    }

    /// Whether `bytes` are a number and nothing else.
    static func matches(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool { length(bytes) == bytes.count }
}
