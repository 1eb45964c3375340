import Testing
import Text

@Suite("Sanitizer")
struct SanitizerTests {
    @Test(
        "on one line",
        arguments: [
            ("plain", "plain"), ("naïve 東京 👨‍👩‍👧", "naïve 東京 👨‍👩‍👧"), ("a\nb\tc\rd", #"a\nb\tc\rd"#),
            ("\u{1B}[2J", #"\x1b[2J"#), ("\u{1B}]0;title\u{07}", #"\x1b]0;title\x07"#), ("\u{9B}31m", #"\u009b31m"#),
            ("\u{7F}\u{0}", #"\x7f\x00"#), ("user\u{202E}txt.exe", #"user\u202etxt.exe"#),
            ("\u{2066}x\u{2069}", #"\u2066x\u2069"#), ("\u{200F}\u{61C}", #"\u200f\u061c"#),
            ("a\u{2028}b\u{2029}c", #"a\u2028b\u2029c"#), ("\u{206F}\u{FFF9}", #"\u206f\ufff9"#), (#"a\b"#, #"a\b"#),
        ])
    func oneLine(_ text: String, _ expected: String) {
        #expect(Sanitizer.oneLine(text) == expected)
        let bytes = Array(text.utf8)
        let measured = bytes.withUnsafeBufferPointer { Sanitizer.measure($0) }
        #expect(measured.width == DisplayWidth.of(expected))
        #expect(measured.isHarmless == (text == expected))
    }

    @Test(
        "on several lines",
        arguments: [
            ("a\nb\tc", "a\nb\tc"), ("a\r\nb", "a\nb"), ("a\rb", #"a\rb"#), ("\u{1B}[31mred", #"\x1b[31mred"#),
            ("\u{9B}1m", #"\u009b1m"#),
        ])
    func text(_ text: String, _ expected: String) { #expect(Sanitizer.text(text) == expected) }

    @Test(
        "with the colours of a traceback",
        arguments: [
            ("\u{1B}[0;31mE\u{1B}[0m: x", "\u{1B}[0;31mE\u{1B}[0m: x", "E: x"),
            ("\u{1B}[38;5;241m1", "\u{1B}[38;5;241m1\u{1B}[0m", "1"),
            ("\u{1B}[38:2::1:2:3mx\u{1B}[m", "\u{1B}[38:2::1:2:3mx\u{1B}[m", "x"),
            ("\u{9B}31mx\u{1B}[0m", "\u{1B}[31mx\u{1B}[0m", "x"),
            ("\u{1B}[2Jx", #"\x1b[2Jx"#, #"\x1b[2Jx"#), ("\u{1B}[31", #"\x1b[31"#, #"\x1b[31"#),
            ("\u{1B}[?25lx", #"\x1b[?25lx"#, #"\x1b[?25lx"#), ("\u{1B}", #"\x1b"#, #"\x1b"#),
            ("\u{1B}]8;;http://x\u{1B}\\", #"\x1b]8;;http://x\x1b\"#, #"\x1b]8;;http://x\x1b\"#),
            ("a\n\tb", "a\n\tb", "a\n\tb"),
        ])
    func traceback(_ text: String, _ colored: String, _ plain: String) {
        #expect(Sanitizer.traceback(text, color: true) == colored)
        #expect(Sanitizer.traceback(text, color: false) == plain)
    }

    @Test("nothing dangerous survives, whatever comes in")
    func anyScalar() {
        for value in UInt32(0)...0x2FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let shown = Sanitizer.oneLine("x\(Character(scalar))y")
            let isSafe = !shown.unicodeScalars.contains { scalar in
                let properties = scalar.properties
                return properties.generalCategory == .control || properties.isBidiControl
            }
            #expect(isSafe, "U+\(String(value, radix: 16))")
        }
    }

    @Test("invalid bytes become U+FFFD")
    func invalidBytes() {
        var output: [UInt8] = []
        ([0x61, 0xFF, 0xC2, 0x9B, 0xED, 0xA0, 0x80] as [UInt8]).withUnsafeBufferPointer {
            Sanitizer.append($0, to: &output)
        }
        #expect(String(decoding: output, as: UTF8.self) == #"a�\u009b���"#)
    }
}
