import FoundationEssentials
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
