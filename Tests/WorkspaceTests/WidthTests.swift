import FoundationEssentials
import Support
import Testing
import Text

/// Widths of characters beside those of another implementation: Python's wcwidth.
@Suite(.timeLimit(.minutes(2)), .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with wcwidth"))
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

    /// Where the two tables differ, and why that is right here.
    static let known: [String] = []
}
