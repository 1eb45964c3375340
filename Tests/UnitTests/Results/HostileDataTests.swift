import FoundationEssentials
import Glibc
import Testing
import Text

@testable import Results

/// Data that tries to steer the terminal, hide, reorder, or break out of its place in a format.
@Suite("Hostile data")
struct HostileDataTests {
    private static let texts = [
        "\u{1B}[2J\u{1B}[1;1Hgone", "\u{1B}]0;title\u{07}", "\u{1B}]52;c;cGFzdGU=\u{1B}\\", "\u{9B}31mred",
        "\u{90}q\u{9C}",
        "\u{0}\u{1}\u{7F}\u{8}\u{8}", "user\u{202E}gpj.exe", "\u{2066}a\u{2069}\u{200F}", "over\rwritten",
        "two\nlines\u{85}",
        "a\u{2028}b\u{2029}c", "\u{FEFF}bom", "e" + String(repeating: "\u{301}", count: 500), "</td></tr><script>",
        "'); DROP TABLE x; --", "\\'; --", "\",\"", "a|b|c", "│ fake │", "\\N", "tab\there", "=cmd()",
        "\u{FFFD}\u{FFFE}",
    ]

    private func isSafe(_ text: String, allowing allowed: Set<UInt32> = [0x0A]) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            allowed.contains(scalar.value)
                || scalar.properties.generalCategory != .control && !scalar.properties.isBidiControl
        }
    }

    @Test("never reaches a terminal as it is, in no format", arguments: Format.allCases)
    func terminal(_ format: Format) throws {
        for kind in ["STRING", "INT", "ARRAY<INT>", "VARIANT", "DATE", "INTERVAL DAY", "BINARY", "\u{1B}[31m\u{202E}"] {
            let columns = [Column(name: "a\u{1B}[2J\u{202E}", typeText: kind), Column(name: "b", typeText: "STRING")]
            let quoted = Self.texts.map { JSONValue.string($0).serialized() }
            let rows = (Self.texts + quoted + ["[" + quoted.joined(separator: ",") + "]"]).map {
                [$0, nil] as [String?]
            }
            var options = FormatOptions(width: 80, rowLimit: 30, color: false, sanitize: true)
            options.nullText = "\u{1B}[0m"
            let text = try render(format, columns, rows, options)
            let allowed: Set<UInt32> = [.tsv, .html].contains(format) ? [0x09, 0x0A] : [0x0A]
            #expect(isSafe(text, allowing: allowed), "\(format) \(kind)")
        }
    }

    @Test("box and table are harmless in files too", arguments: [Format.box, .table, .vertical, .markdown])
    func files(_ format: Format) throws {
        let text = try render(format, [Column(name: "a", typeText: "STRING")], Self.texts.map { [$0] })
        #expect(isSafe(text))
    }

    @Test("keeps the frame of a box straight")
    func frame() throws {
        let text = try render(
            .box, [Column(name: "a", typeText: "STRING")], Self.texts.map { [$0] }, FormatOptions(width: 60))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count == Self.texts.count + 5)
        #expect(Set(lines.map { DisplayWidth.of($0) }).count == 1)
    }

    @Test("comes back exactly from json, jsonl, csv and tsv files")
    func roundTrip() throws {
        let columns = [Column(name: "a", typeText: "STRING"), Column(name: "b", typeText: "STRING")]
        let rows: [[String?]] = Self.texts.map { [$0, $0] } + [["", nil], [nil, "NULL"], ["x", ""]]
        let objects = try JSONDecoder().decode(
            [[String: String?]].self, from: Data(try render(.json, columns, rows).utf8))
        #expect(objects.map { [$0["a"] ?? nil, $0["b"] ?? nil] } == rows)
        let lines = try render(.jsonl, columns, rows).split(separator: "\n")
        #expect(try lines.map { try JSONValue.parse(String($0))["a"]?.text } == rows.map { $0[0] })
        #expect(parseCSV(try render(.csv, columns, rows)) == [["a", "b"]] + rows)
        #expect(parseTSV(try render(.tsv, columns, rows)) == [["a", "b"]] + rows)
        // What is escaped for a terminal is the same JSON.
        let safe = try render(.json, columns, rows, FormatOptions(sanitize: true))
        #expect(try JSONValue.parse(safe) == JSONValue.parse(try render(.json, columns, rows)))
    }

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

    @Test("lone surrogates and invalid UTF-8 end as U+FFFD in every format", arguments: Format.allCases)
    func broken(_ format: Format) throws {
        let parts: [[UInt8]] = [
            Array(#"{"data_array":[["\ud83d|","#.utf8), Array(#""\ude00","x"#.utf8), [0xFF, 0xC3, 0x28],
            Array(#""]]}"#.utf8),
        ]
        let store = try scan(Array(parts.joined()), pieces: 3).store
        let output = CollectedOutput()
        let writer = format.writer(options: FormatOptions(), output: output)
        try writer.begin((0..<3).map { Column(name: "c\($0)", typeText: "STRING") })
        try writer.write(store)
        try writer.end()
        #expect(String(validating: output.bytes, as: UTF8.self) != nil)
        #expect(output.text.unicodeScalars.count { $0 == "\u{FFFD}" } == 4)
    }

    /// A CSV reader of its own: RFC 4180, an empty field without quotes is NULL.
    private func parseCSV(_ text: String) -> [[String?]] {
        var rows: [[String?]] = []
        var row: [String?] = []
        var field = ""
        var quoted = false
        var inQuotes = false
        var scalars = text.unicodeScalars.makeIterator()
        var pending = scalars.next()
        func endField() {
            row.append(quoted || !field.isEmpty ? field : nil)
            (field, quoted) = ("", false)
        }
        while let scalar = pending {
            pending = scalars.next()
            switch scalar {
            case "\"" where inQuotes && pending == "\"":
                field.unicodeScalars.append(scalar)
                pending = scalars.next()
            case "\"":
                inQuotes.toggle()
                quoted = true
            case "," where !inQuotes: endField()
            case "\n" where !inQuotes:
                endField()
                rows.append(row)
                row = []
            default: field.unicodeScalars.append(scalar)
            }
        }
        return rows
    }

    private func parseTSV(_ text: String) -> [[String?]] {
        let lines = text.unicodeScalars.split(separator: "\n").map { line in
            line.split(separator: "\t", omittingEmptySubsequences: false)
        }
        return lines.map { fields in
            fields.map { field in
                if String(field) == "\\N" { return nil }
                var text = String.UnicodeScalarView()
                var scalars = field.makeIterator()
                while let scalar = scalars.next() {
                    guard scalar == "\\" else {
                        text.append(scalar)
                        continue
                    }
                    switch scalars.next() {
                    case "t": text.append("\t")
                    case "n": text.append("\n")
                    case "r": text.append("\r")
                    case let other: text.append(other ?? "?")
                    }
                }
                return String(text)
            }
        }
    }
}
