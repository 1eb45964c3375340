import Text

/// R's raw strings, `r"---(…)---"`.
nonisolated extension CodeScanner {
    func rawStart(
        _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ limit: Int
    ) -> (mode: Mode, next: Int)? {
        var index = at + 1
        while index < limit, bytes[index] == .minus { index += 1 }
        guard index < limit else { return nil }
        let closing: UInt8
        switch bytes[index] {
        case UInt8(ascii: "("): closing = UInt8(ascii: ")")
        case UInt8(ascii: "["): closing = UInt8(ascii: "]")
        case UInt8(ascii: "{"): closing = UInt8(ascii: "}")
        default: return nil
        }
        return (.rawR(closing: closing, dashes: index - at - 1, quote: bytes[at]), index + 1)
    }

    func endsRaw(
        _ bytes: UnsafeBufferPointer<UInt8>, _ at: Int, _ limit: Int, _ dashes: Int, _ quote: UInt8
    ) -> Bool {
        let end = at + 1 + dashes
        return end < limit && bytes[end] == quote && (at + 1..<end).allSatisfy { bytes[$0] == .minus }
    }
}
