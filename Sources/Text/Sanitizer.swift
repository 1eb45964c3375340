/// The one policy for text that comes from a server: what could steer a terminal, hide or reorder text becomes
/// visible and harmless.
///
/// Made visible are the C0 and C1 controls and DEL (ECMA-48), the bidirectional controls (UAX #9; the trick is
/// described in CVE-2021-42574), the deprecated format controls U+206A…U+206F, the line and paragraph separators and
/// the interlinear annotation marks. They are written `\n`, `\r`, `\t`, else `\x1b` (below U+0080) or `\u202e`.
/// A backslash of the text itself stays as it is: this is for reading, not for parsing back.
package enum Sanitizer {
    /// Text on one line: newlines and tabs are shown as `\n` and `\t` too.
    package static func oneLine(_ text: String) -> String {
        rewriting(text) { bytes, output in append(bytes, to: &output) }
    }

    /// Text that may have several lines: newlines (also CR LF) and tabs are kept.
    package static func text(_ text: String) -> String {
        rewriting(text) { bytes, output in appendLines(bytes, colors: .shown, to: &output) }
    }

    /// A traceback: as `text`, but colour sequences (SGR, `ESC [ … m`, ECMA-48 §8.3.117) go through when `color` is
    /// true and are dropped when it is false. Colours left on at the end are switched off.
    package static func traceback(_ text: String, color: Bool) -> String {
        rewriting(text) { bytes, output in appendLines(bytes, colors: color ? .kept : .dropped, to: &output) }
    }

    /// Appends `bytes` (UTF-8; invalid bytes become U+FFFD) as `oneLine` does.
    package static func append(_ bytes: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
        var index = 0
        while index < bytes.count {
            let scalar = decodeScalar(bytes, at: index)
            appendScalar(scalar, bytes, index, to: &output)
            index += scalar.length
        }
    }

    /// The columns that `append` would show, and whether the text holds anything that it would change.
    package static func measure(_ bytes: UnsafeBufferPointer<UInt8>) -> (width: Int, isHarmless: Bool) {
        var measure = DisplayWidth.Measure()
        var escapes = 0
        var harmless = true
        var index = 0
        while index < bytes.count {
            let scalar = decodeScalar(bytes, at: index)
            if isHazard(scalar.value) {
                harmless = false
                escapes += escapeLength(scalar.value)
                measure.interrupt()
            } else {
                if scalar.value == 0xFFFD, scalar.length == 1 { harmless = false }
                measure.add(scalar.value)
            }
            index += scalar.length
        }
        return (measure.width + escapes, harmless)
    }

    /// The scalar at `index` of UTF-8 bytes and the bytes it takes: U+FFFD and 1 where no valid sequence starts.
    package static func scalar(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
        let scalar = decodeScalar(bytes, at: index)
        return (scalar.value, scalar.length)
    }

    /// Whether a scalar must not reach a terminal as it is.
    @inline(__always)
    package static func isHazard(_ value: UInt32) -> Bool {
        if value < 0x7F { return value < 0x20 }
        if value < 0x61C { return value < 0xA0 }
        if value < 0x200E { return value == 0x61C }
        if value < 0x2070 {
            return value <= 0x200F || (0x2028...0x202E).contains(value) || value >= 0x2066
        }
        return (0xFFF9...0xFFFB).contains(value)
    }

    private static func escapeLength(_ value: UInt32) -> Int {
        switch value {
        case 0x09, 0x0A, 0x0D: 2
        case ..<0x80: 4
        default: 6
        }
    }

    @inline(__always)
    private static func appendScalar(
        _ scalar: DecodedScalar, _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int, to output: inout [UInt8]
    ) {
        if isHazard(scalar.value) {
            appendEscape(scalar.value, to: &output)
        } else if scalar.value == 0xFFFD {
            output.append(contentsOf: [0xEF, 0xBF, 0xBD])
        } else {
            output.append(contentsOf: bytes[index..<index + scalar.length])
        }
    }

    private static func appendEscape(_ value: UInt32, to output: inout [UInt8]) {
        switch value {
        case 0x09: output.append(contentsOf: #"\t"#.utf8)
        case 0x0A: output.append(contentsOf: #"\n"#.utf8)
        case 0x0D: output.append(contentsOf: #"\r"#.utf8)
        default:
            output.append(contentsOf: (value < 0x80 ? #"\x"# : #"\u"#).utf8)
            let digits = Array("0123456789abcdef".utf8)
            for shift in value < 0x80 ? [4, 0] : [12, 8, 4, 0] {
                output.append(digits[Int(value >> UInt32(shift)) & 0xF])
            }
        }
    }

    private enum Colors { case shown, kept, dropped }

    private static func appendLines(
        _ bytes: UnsafeBufferPointer<UInt8>, colors: Colors, to output: inout [UInt8]
    ) {
        var index = 0
        var colored = false
        while index < bytes.count {
            let scalar = decodeScalar(bytes, at: index)
            switch scalar.value {
            case 0x09, 0x0A: output.append(UInt8(scalar.value))
            case 0x0D where index + 1 < bytes.count && bytes[index + 1] == 0x0A: break
            case 0x1B, 0x9B:
                guard colors != .shown, let parameters = colorSequence(bytes, at: index, scalar) else { fallthrough }
                if colors == .kept {
                    // Rewritten in the seven-bit form: U+009B is no introducer in a UTF-8 terminal.
                    output.append(contentsOf: [0x1B, 0x5B])
                    output.append(contentsOf: bytes[parameters])
                    output.append(0x6D)
                    colored = !(parameters.isEmpty || bytes[parameters].elementsEqual([0x30]))
                }
                index = parameters.upperBound + 1
                continue
            default: appendScalar(scalar, bytes, index, to: &output)
            }
            index += scalar.length
        }
        if colored { output.append(contentsOf: "\u{1B}[0m".utf8) }
    }

    /// The parameter bytes of a colour sequence that starts at `index`; nil for any other control sequence.
    private static func colorSequence(
        _ bytes: UnsafeBufferPointer<UInt8>, at index: Int, _ introducer: DecodedScalar
    ) -> Range<Int>? {
        var start = index + introducer.length
        if introducer.value == 0x1B {
            guard start < bytes.count, bytes[start] == 0x5B else { return nil }
            start += 1
        }
        var end = start
        while end < bytes.count, (0x30...0x3B).contains(bytes[end]) { end += 1 }
        return end < bytes.count && bytes[end] == 0x6D ? start..<end : nil
    }

    private static func rewriting(
        _ text: String, _ body: (UnsafeBufferPointer<UInt8>, inout [UInt8]) -> Void
    ) -> String {
        var text = text
        return text.withUTF8 { bytes in
            if bytes.isPrintableASCII { return String(decoding: bytes, as: UTF8.self) }
            var output: [UInt8] = []
            output.reserveCapacity(bytes.count + 16)
            body(bytes, &output)
            return String(decoding: output, as: UTF8.self)
        }
    }
}
