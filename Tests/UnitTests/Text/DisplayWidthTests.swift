import Testing
import Text

@Suite("Display width")
struct DisplayWidthTests {
    @Test(
        "of texts",
        arguments: [
            ("", 0), ("a", 1), ("hello, world", 12), ("naïve", 5), ("nai\u{308}ve", 5), ("東京都", 6), ("ﾊﾝｶｸ", 4),
            ("Ａ", 2), ("한국", 4), ("\u{1112}\u{1161}\u{11AB}", 2), ("e\u{301}\u{327}", 1), ("\u{200B}", 0),
            ("😀", 2), ("😀😀", 4), ("👍🏽", 2), ("☝🏽", 2), ("👨‍👩‍👧‍👦", 2), ("👩🏽‍💻", 2), ("🏳️‍🌈", 2), ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
            ("🇩🇪", 2), ("🇩🇪🇫🇷", 4), ("🇩🇪🇫", 3), ("🇩x🇪", 3), ("❤", 1), ("❤️", 2), ("©️", 2), ("1️⃣", 2), ("#️⃣", 2),
            ("a\u{FE0F}", 1), ("a\u{200D}b", 2), ("a🏽", 3), ("😀\u{FE0F}", 2), ("คำ", 2), ("हिन्दी", 3), ("\u{1B}", 0),
            ("\u{9B}", 0), ("…", 1), ("─", 1), ("\u{E000}", 1), ("\u{FFFD}", 1), ("a東b😀c", 7),
        ])
    func texts(_ text: String, _ width: Int) {
        #expect(DisplayWidth.of(text) == width)
        #expect(DisplayWidth.of(Substring(text)) == width)
        #expect(Array(text.utf8).withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) } == width)
    }

    @Test("of scalars", arguments: [("a", 1), ("東", 2), ("\u{301}", 0), ("\n", 0), ("\u{200D}", 0), ("😀", 2)])
    func scalars(_ scalar: String, _ width: Int) throws {
        #expect(DisplayWidth.of(try #require(scalar.unicodeScalars.first)) == width)
    }

    @Test(
        "of invalid UTF-8 counts every stray byte as U+FFFD",
        arguments: [
            ([0x61, 0xFF, 0x62], 3), ([0xC3], 1), ([0xE2, 0x82], 2), ([0xC0, 0xAF], 2), ([0xED, 0xA0, 0x80], 3),
            ([0xF4, 0x90, 0x80, 0x80], 4), ([0xF0, 0x9F, 0x98, 0x80], 2),
        ] as [([UInt8], Int)])
    func invalid(_ bytes: [UInt8], _ width: Int) {
        #expect(bytes.withUnsafeBufferPointer { DisplayWidth.of(utf8: $0) } == width)
    }

    @Test(
        "cuts between clusters",
        arguments: [
            ("hello", 3, "hel"), ("東京", 3, "東"), ("東京", 1, ""), ("e\u{301}e\u{301}", 1, "e\u{301}"),
            ("a👨‍👩‍👧b", 3, "a👨‍👩‍👧"), ("a👨‍👩‍👧b", 2, "a"), ("🇩🇪🇫🇷", 3, "🇩🇪"), ("1️⃣2", 1, ""), ("1️⃣2", 2, "1️⃣"),
            ("👍🏽!", 2, "👍🏽"), ("abc", 10, "abc"), ("", 0, ""),
        ])
    func prefixes(_ text: String, _ columns: Int, _ expected: String) {
        let bytes = Array(text.utf8)
        let cut = bytes.withUnsafeBufferPointer { DisplayWidth.prefix(of: $0, fitting: columns) }
        #expect(String(decoding: bytes[..<cut.byteCount], as: UTF8.self) == expected)
        #expect(cut.width == DisplayWidth.of(expected))
    }

    @Test("printable ASCII is found at every length and place")
    func printableASCII() {
        for length in 0..<40 {
            let plain = (0..<length).map { UInt8(0x20 + $0 % 0x5F) }
            #expect(plain.withUnsafeBufferPointer { $0.isPrintableASCII })
            for place in 0..<length {
                for bad: UInt8 in [0, 0x1F, 0x7F, 0x80, 0xFF] {
                    var bytes = plain
                    bytes[place] = bad
                    #expect(!bytes.withUnsafeBufferPointer { $0.isPrintableASCII }, "\(bad) at \(place) of \(length)")
                }
            }
        }
    }

    @Test("valid UTF-8 is what the standard library says it is")
    func validity() {
        var random = SystemRandomNumberGenerator()
        let pool: [UInt8] = [
            0x41, 0x7F, 0x80, 0xBF, 0xC1, 0xC2, 0xDF, 0xE0, 0xA0, 0xED, 0x9F, 0xEF, 0xF0, 0x90, 0xF4, 0x8F, 0xF5,
        ]
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...6, using: &random)).map { _ in pool.randomElement(using: &random)! }
            #expect(
                bytes.withUnsafeBufferPointer { $0.isValidUTF8 } == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }
}
