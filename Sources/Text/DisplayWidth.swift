import CUtf8proc

/// How many terminal columns text takes.
///
/// Scalars are measured by utf8proc's tables (East Asian Width and general category of the Unicode Character Database).
/// A cluster is the sum of its scalars, but for the emoji sequences of UTS #51, which modern terminals draw as one
/// picture in two columns: joined by ZWJ, with a skin tone, a pair of regional indicators, or a variation selector 16.
/// Control characters count nothing here: `Sanitizer` decides how they are shown.
package enum DisplayWidth {
    /// The columns of one scalar by itself: 0, 1 or 2.
    package static func of(_ scalar: Unicode.Scalar) -> Int { columns(of: scalar.value) }

    /// The columns of a text.
    package static func of(_ text: some StringProtocol) -> Int {
        if let width = text.utf8.withContiguousStorageIfAvailable({ of(utf8: $0) }) { return width }
        return Array(text.utf8).withUnsafeBufferPointer { of(utf8: $0) }
    }

    /// The columns of UTF-8 bytes; an invalid byte counts as the one column of U+FFFD.
    package static func of(utf8 bytes: UnsafeBufferPointer<UInt8>) -> Int {
        if bytes.isPrintableASCII { return bytes.count }
        var measure = Measure()
        var index = 0
        while index < bytes.count {
            let scalar = decodeScalar(bytes, at: index)
            measure.add(scalar.value)
            index += scalar.length
        }
        return measure.width
    }

    /// The longest prefix of whole clusters that takes at most `columns`: its bytes, and the columns it takes.
    package static func prefix(
        of bytes: UnsafeBufferPointer<UInt8>, fitting columns: Int
    ) -> (byteCount: Int, width: Int) {
        var measure = Measure()
        var best = (byteCount: 0, width: 0)
        var index = 0
        while index < bytes.count {
            let scalar = decodeScalar(bytes, at: index)
            // What extends the cluster before belongs to it, so a boundary is only known at the next cluster's start.
            if !measure.extends(scalar.value) { best = (index, measure.width) }
            measure.add(scalar.value)
            if measure.width > columns { return best }
            index += scalar.length
        }
        return (bytes.count, measure.width)
    }

    @inline(__always)
    static func columns(of value: UInt32) -> Int {
        if value < 0x7F { return value < 0x20 ? 0 : 1 }
        if value < 0xA0 { return 0 }
        if value < 0x300 { return 1 }
        // Medial and final Hangul letters join the one before; utf8proc counts them as if they stood alone.
        if (0x1160...0x11FF).contains(value) || (0xD7B0...0xD7FB).contains(value) { return 0 }
        return max(0, Int(utf8proc_charwidth(Int32(bitPattern: value))))
    }

    /// Adds up scalars, remembering just enough of what went before to see emoji sequences.
    struct Measure {
        private(set) var width = 0
        /// The last scalar that had a width: what a selector, joiner or modifier applies to.
        private var base: UInt32 = 0
        private var baseWidth = 0
        private var joins = false
        private var oddIndicator = false

        /// Whether `value` would continue the cluster that was added last.
        func extends(_ value: UInt32) -> Bool {
            guard value >= 0x300, base != 0 else { return false }
            if joins && isPictographic(value) { return true }
            if isRegionalIndicator(value) { return oddIndicator }
            return isSkinTone(value) ? isPictographic(base) : columns(of: value) == 0
        }

        /// Something else stands here: what follows joins nothing.
        mutating func interrupt() { (base, baseWidth, joins, oddIndicator) = (0, 0, false, false) }

        @inline(__always)
        mutating func add(_ value: UInt32) {
            if value < 0x300 {
                base = value
                baseWidth = DisplayWidth.columns(of: value)
                width += baseWidth
                joins = false
                oddIndicator = false
                return
            }
            addWide(value)
        }

        private mutating func addWide(_ value: UInt32) {
            if value == 0x200D {
                joins = isPictographic(base)
                return
            }
            if value == 0xFE0F {
                if baseWidth == 1, isPictographic(base) || isKeycapBase(base) {
                    width += 1
                    baseWidth = 2
                }
                return
            }
            if isSkinTone(value), isPictographic(base) {
                // The hand or face is then drawn as a picture, whatever its own width was.
                width += 2 - baseWidth
                baseWidth = 2
                return
            }
            if isRegionalIndicator(value) {
                // A pair is one flag; a single one is drawn as a boxed letter.
                width += oddIndicator ? 2 - baseWidth : DisplayWidth.columns(of: value)
                (base, baseWidth) = (value, DisplayWidth.columns(of: value))
                oddIndicator.toggle()
                joins = false
                return
            }
            if joins, isPictographic(value) {
                width += 2 - baseWidth
                (base, baseWidth, joins) = (value, 2, false)
                return
            }
            let columns = DisplayWidth.columns(of: value)
            joins = false
            guard columns > 0 else { return }
            (base, baseWidth, oddIndicator) = (value, columns, false)
            width += columns
        }
    }
}

private func isRegionalIndicator(_ value: UInt32) -> Bool { (0x1F1E6...0x1F1FF).contains(value) }

private func isSkinTone(_ value: UInt32) -> Bool { (0x1F3FB...0x1F3FF).contains(value) }

/// The characters that become a key with U+FE0F U+20E3 (emoji-variation-sequences.txt): digits, `#` and `*`.
private func isKeycapBase(_ value: UInt32) -> Bool {
    (0x30...0x39).contains(value) || value == 0x23 || value == 0x2A
}

private func isPictographic(_ value: UInt32) -> Bool {
    guard value >= 0xA9 else { return false }
    // utf8proc gives a static property record for every code point, so the pointer is never nil and never freed.
    return utf8proc_get_property(Int32(bitPattern: value)).pointee.boundclass
        == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC.rawValue
}
