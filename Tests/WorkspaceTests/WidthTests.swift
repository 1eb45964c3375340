import FoundationEssentials
import Support
import Testing
import Text

/// Widths of characters beside those of another implementation: Python's wcwidth.
@Suite(.timeLimit(.minutes(10)), .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with wcwidth"))
struct WidthTests {
    @Test func everyCharacter() async throws {
        let script = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Python/widths.py"
        var lines = ""
        for value in (0x20 as UInt32)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            lines += "\(String(value, radix: 16)) \(DisplayWidth.of(scalar))\n"
        }
        let scratch = try ScratchDirectory()
        try scratch.write(lines, to: "widths")
        let python = try #require(SDKTests.python)
        let result = try await ShellCommand("'\(python)' '\(script)' < widths", in: scratch.path).run()
        #expect(result.status == 0, "\(result.errors)")
        var differences = result.output.split(separator: "\n").map(String.init)
        let count = differences.popLast().flatMap { Int($0.prefix { $0.isNumber }) } ?? 0
        #expect(count > 140_000)
        #expect(differences == Self.known)
    }

    /// Where the two tables differ (characters, category, width here, width there), and why.
    static let known = [
        // Signs that stand under the digits after them: format characters without a width of their own, to wcwidth one cell.
        "0600-0605 Cf 0 1 ARABIC NUMBER SIGN", "06DD-06DD Cf 0 1 ARABIC END OF AYAH",
        "070F-070F Cf 0 1 SYRIAC ABBREVIATION MARK", "0890-0891 Cf 0 1 ARABIC POUND MARK ABOVE",
        "08E2-08E2 Cf 0 1 ARABIC DISPUTED END OF AYAH",
        // Wide since Unicode 16; the table here is that of Unicode 15, as terminals of Debian 12 have it.
        "2630-2637 So 1 2 TRIGRAM FOR HEAVEN", "268A-268F So 1 2 MONOGRAM FOR YANG",
        // Tone marks of East Asian width W, and fillers, which have a width and show nothing.
        "302E-302F Mc 2 0 HANGUL SINGLE DOT TONE MARK", "3164-3164 Lo 2 0 HANGUL FILLER",
        "4DC0-4DFF So 1 2 HEXAGRAM FOR THE CREATIVE HEAVEN", "FFA0-FFA0 Lo 1 0 HALFWIDTH HANGUL FILLER",
        "110BD-110BD Cf 0 1 KAITHI NUMBER SIGN", "110CD-110CD Cf 0 1 KAITHI NUMBER SIGN ABOVE",
        "16FF0-16FF1 Mc 2 0 VIETNAMESE ALTERNATE READING MARK CA", "1D300-1D356 So 1 2 MONOGRAM FOR EARTH",
        "1D360-1D376 No 1 2 COUNTING ROD UNIT DIGIT ONE",
        // Half of a flag: one cell alone, two for the pair (DisplayWidth counts graphemes).
        "1F1E6-1F1FF So 1 2 REGIONAL INDICATOR SYMBOL LETTER A",
    ]
}
