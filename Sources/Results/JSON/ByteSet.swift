import Glibc

/// The bytes that a format cannot pass on as they are. Scanning for them is what keeps escaping cheap: the runs between
/// are copied whole.
struct ByteSet {
    private var low: UInt64 = 0
    private var high: UInt64 = 0
    private let nonASCII: Bool

    /// The C0 controls, DEL and the given ASCII characters; with `nonASCII` every byte of other characters too.
    init(_ characters: StaticString, nonASCII: Bool) {
        self.nonASCII = nonASCII
        low = 0xFFFF_FFFF
        high = 1 << 63
        for index in 0..<characters.utf8CodeUnitCount {
            let byte = UInt64(characters.utf8Start[index])
            if byte < 64 { low |= 1 << byte } else { high |= 1 << (byte - 64) }
        }
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        if byte >= 0x80 { return nonASCII }
        return (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 != 0
    }

    /// The first byte of the set at or behind `start`; the count when there is none.
    @inline(__always)
    func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, !contains(bytes[index]) { index &+= 1 }
        return index
    }

    /// Calls `run` with each stretch of ordinary bytes and `special` with each index of another one; `special` answers
    /// how many bytes it took care of.
    @inline(__always)
    func scan(
        _ bytes: UnsafeBufferPointer<UInt8>, run: (UnsafeBufferPointer<UInt8>) throws -> Void,
        special: (Int) throws -> Int
    ) rethrows {
        var index = 0
        while index < bytes.count {
            let next = first(in: bytes, from: index)
            if next > index { try run(UnsafeBufferPointer(rebasing: bytes[index..<next])) }
            index = next
            if index < bytes.count { index += try special(index) }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first place of `byte` at or behind `start`, by memchr(3).
    func position(of byte: Int32, from start: Int = 0) -> Int? {
        guard let base = baseAddress, start < count, let found = memchr(base + start, byte, count - start) else {
            return nil
        }
        return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}
