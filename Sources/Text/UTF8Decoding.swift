/// One scalar of UTF-8 text and the bytes it took.
@usableFromInline
struct DecodedScalar {
    /// The scalar's value; U+FFFD for a byte that starts no valid sequence.
    @usableFromInline var value: UInt32
    /// 1 to 4; 1 for an invalid byte, so that a scan always advances.
    @usableFromInline var length: Int

    @usableFromInline
    init(value: UInt32, length: Int) {
        self.value = value
        self.length = length
    }
}

/// Reads the scalar at `index`, by table 3-7 of the Unicode Standard (no overlong forms, no surrogates).
///
/// A hot scanner: it takes a buffer pointer, and never reads at or behind `bytes.count`.
@inline(__always)
func decodeScalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> DecodedScalar {
    let invalid = DecodedScalar(value: 0xFFFD, length: 1)
    let first = UInt32(bytes[index])
    if first < 0x80 { return DecodedScalar(value: first, length: 1) }
    let left = bytes.count - index
    guard first >= 0xC2, left >= 2, bytes[index + 1] & 0xC0 == 0x80 else { return invalid }
    let second = UInt32(bytes[index + 1] & 0x3F)
    if first < 0xE0 { return DecodedScalar(value: (first & 0x1F) << 6 | second, length: 2) }
    guard left >= 3, bytes[index + 2] & 0xC0 == 0x80 else { return invalid }
    let third = UInt32(bytes[index + 2] & 0x3F)
    if first < 0xF0 {
        let value = (first & 0xF) << 12 | second << 6 | third
        if value < 0x800 || (0xD800...0xDFFF).contains(value) { return invalid }
        return DecodedScalar(value: value, length: 3)
    }
    guard first < 0xF5, left >= 4, bytes[index + 3] & 0xC0 == 0x80 else { return invalid }
    let value = (first & 7) << 18 | second << 12 | third << 6 | UInt32(bytes[index + 3] & 0x3F)
    if value < 0x10000 || value > 0x10FFFF { return invalid }
    return DecodedScalar(value: value, length: 4)
}

extension UnsafeBufferPointer<UInt8> {
    /// Whether the bytes are valid UTF-8.
    package var isValidUTF8: Bool { UTF8Validity.holds(of: self) }

    /// Whether every byte is a printable ASCII character (0x20…0x7E): shown as it is, one column each.
    @inlinable
    package var isPrintableASCII: Bool {
        guard let base = UnsafeRawPointer(baseAddress) else { return true }
        // Eight bytes at a time: a high bit is left by bytes ≥ 0x80, < 0x20 (borrow) or = 0x7F (carry).
        let high: UInt64 = 0x8080_8080_8080_8080
        var index = 0
        while index + 8 <= count {
            let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let bad = (word | (word &- 0x2020_2020_2020_2020) | (word &+ 0x0101_0101_0101_0101)) & high
            if bad != 0 { return false }
            index += 8
        }
        while index < count {
            if self[index] < 0x20 || self[index] > 0x7E { return false }
            index += 1
        }
        return true
    }
}
