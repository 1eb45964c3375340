import Glibc
import Testing
import Text

@testable import Results

/// Cells far larger than a buffer, a batch or a screen.
@Suite("Hostile cells of 10 MB")
struct HugeCellSlowTests {
    /// A cell of 10 MB that tries everything, whole in every format, and harmless where that is promised.
    @Test("cells of 10 MB", arguments: Format.allCases)
    func large(_ format: Format) throws {
        // Mostly plain, as real text is: a debug build is slow where something must be looked at.
        let part = String(repeating: "0123456789", count: 40) + " MARK\u{1B}[31m\u{202E}東|<&'\"\\,\n"
        let columns = [Column(name: "a", typeText: "STRING"), Column(name: "b", typeText: "STRING")]
        // 10 MB where the format is used most, on a screen or in a file, and 1 MB in the other place.
        let isForScreens = [Format.box, .table, .vertical, .markdown].contains(format)
        for sanitize in [true, false] {
            let count = (sanitize == isForScreens ? 10_000_000 : 1_000_000) / part.utf8.count
            let rows = [["x", nil], [String(repeating: part, count: count), "y"], ["z", ""]]
            let text = try render(format, columns, rows, FormatOptions(sanitize: sanitize))
            let (marks, escapes, bidi) = (
                Self.count("MARK", in: text), Self.count("\u{1B}", in: text), Self.count("\u{202E}", in: text)
            )
            #expect(marks == count)
            let isSafe = sanitize || isForScreens
            // In files only csv and tsv, which have no escapes for them, pass control characters on.
            #expect(escapes == (isSafe || ![.csv, .tsv].contains(format) ? 0 : count))
            #expect(bidi == (isSafe ? 0 : count))
        }
        // On a screen it takes no more than its place.
        if format == .box || format == .table {
            let rows = [["x", nil], [String(repeating: part, count: 10_000_000 / part.utf8.count), "y"], ["z", ""]]
            let text = try render(format, columns, rows, FormatOptions(width: 60, sanitize: true))
            #expect(text.utf8.count < 2000)
            #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 60 })
        }
    }

    /// How often a text stands in another without NULs, by strstr(3), which is quick in a debug build too.
    private static func count(_ wanted: String, in text: String) -> Int {
        text.withCString { text in
            var (found, rest) = (0, text)
            // Each hit lies within the text, which ends with a NUL.
            while let hit = strstr(rest, wanted) {
                found += 1
                rest = UnsafePointer(hit + 1)
            }
            return found
        }
    }
}
