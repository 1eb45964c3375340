import FoundationEssentials
import Support
import Testing

@testable import Results

/// csv, json and jsonl, read by Python's csv and json and compared with what the server sent.
@Suite("Read back by Python", .timeLimit(.minutes(10)))
struct ReadBackTests {
    private static let script =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Python/read_back.py"

    private static let types: [(text: String, name: String)] = [
        ("BIGINT", "LONG"), ("DECIMAL(38,10)", "DECIMAL"), ("DOUBLE", "DOUBLE"), ("BOOLEAN", "BOOLEAN"),
        ("STRING", "STRING"),
        ("DATE", "DATE"), ("TIMESTAMP", "TIMESTAMP"), ("TIMESTAMP_NTZ", "TIMESTAMP_NTZ"),
        ("INTERVAL DAY TO SECOND", "INTERVAL"),
        ("BINARY", "BINARY"), ("ARRAY<STRING>", "ARRAY"), ("MAP<STRING, STRING>", "MAP"), ("STRUCT<a: INT>", "STRUCT"),
        ("VARIANT", "VARIANT"), ("GEOMETRY(4326)", "USER_DEFINED_TYPE"),
    ]

    private static let cells: [String: [String]] = [
        "LONG": ["0", "-1", "9223372036854775807", "-9223372036854775808"],
        "DECIMAL": ["0.10", "-99999999999999999999999999.9999999999", "1E+10"],
        "DOUBLE": ["1.5", "NaN", "Infinity", "-Infinity", "1.7976931348623157E308", "5e-324", "-0.0", "01", "1."],
        "BOOLEAN": ["true", "false", "TRUE"],
        "DATE": ["2026-01-31", "-0044-03-15", "+10000-01-01"],
        "TIMESTAMP": ["2021-01-01T10:00:00.000-08:00", "2026-12-31T23:59:60.999999Z"],
        "TIMESTAMP_NTZ": ["2026-01-01T00:00:00.000"], "INTERVAL": ["INTERVAL '1 02:03:04' DAY TO SECOND", "-3-1"],
        "BINARY": ["3q2+7w==", "DEADBEEF", ""],
        "ARRAY": ["[]", #"["1",null,"a\"b"]"#, #"[ "x" ,"y\u0000" ]"#, "not json", #"["\ud83d\ude00","é"]"#],
        "MAP": ["{}", #"{"k":"v","n":null,"":"e"}"#], "STRUCT": [#"{"a":"1"}"#, #"{"a":{"b":["1"]}}"#],
        "VARIANT": [
            "1", "1.10", #""text""#, "null", "true", #"{"a":[1,2,{"b":null}]}"#, "[1e400]", "{\n  \"a\": 1\n}",
        ],
    ]

    private static let texts = [
        "", "NULL", "null", "\\N", "a,b", "say \"hi\"", "two\nlines", "cr\r\nlf", "\r", "tab\there", "'", "\u{0}",
        "\u{1B}[31m", "\u{7F}\u{85}",
        "\u{202E}txt", "\u{FEFF}", "\u{2028}", "東京", "👩‍🚀", "e\u{301}", " spaces ", "=1+1", "\u{FFFF}", "\u{10FFFF}", ",",
        "\"", "\"\"",
    ]

    /// A document of random shape and hostile content, as the server would write it: every second string has its characters
    /// outside ASCII as escapes, some of them halves of surrogate pairs.
    private struct Document {
        let columns: [Column]
        let json: String

        init(seed: UInt64) {
            var random = SplitMix(seed: seed)
            let count = Int.random(in: 1...8, using: &random)
            let columns = (0..<count).map { _ -> Column in
                let type = types.randomElement(using: &random)!
                let name = ["id", "id", "", "a,b", "\"", "é\n", "id_2", "x"].randomElement(using: &random)!
                return Column(name: name, typeText: type.text, typeName: type.name)
            }
            let rows = (0..<Int.random(in: 0...60, using: &random)).map { _ -> String in
                let cells = columns.map { column -> String in
                    if Int.random(in: 0..<6, using: &random) == 0 { return "null" }
                    let own = Int.random(in: 0..<3, using: &random) > 0
                    let text = (own ? ReadBackTests.cells[column.typeName] : nil) ?? texts
                    var cell = text.randomElement(using: &random)!
                    if column.kind == .text, Bool.random(using: &random) {
                        cell += texts.randomElement(using: &random)!
                    }
                    let quoted = Self.quoted(cell, escaped: Bool.random(using: &random))
                    let isLone = column.kind == .text && Int.random(in: 0..<20, using: &random) == 0
                    return isLone ? quoted.dropLast() + #"\ud83d|\udc00""# : quoted
                }
                return "[" + cells.joined(separator: ",") + "]"
            }
            let described = columns.map {
                #"{"name":\#(Self.quoted($0.name, escaped: false)),"type_name":"\#($0.typeName)"}"#
            }
            json = #"{"columns":[\#(described.joined(separator: ","))],"data_array":[\#(rows.joined(separator: ","))]}"#
            self.columns = columns
        }

        private static func quoted(_ text: String, escaped: Bool) -> String {
            var json = "\""
            if escaped {
                for unit in text.utf16 {
                    let hex = String(unit, radix: 16)
                    json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                }
                return json + "\""
            }
            for scalar in text.unicodeScalars {
                if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" {
                    let hex = String(scalar.value, radix: 16)
                    json += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
                } else {
                    json.unicodeScalars.append(scalar)
                }
            }
            return json + "\""
        }
    }

    /// Writes the response, and what becomes of it in each format, to files.
    private func write(_ columns: [Column], _ json: String, to directory: String) throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Data(json.utf8).write(to: URL(filePath: directory + "/response.json"))
        for format in [Format.csv, .json, .jsonl] {
            let output = CollectedOutput()
            let writer = format.writer(options: FormatOptions(), output: output)
            try writer.begin(columns)
            var scanner = StatementResponseScanner(.response, batchBytes: 500)
            try Array(json.utf8).withUnsafeBytes { try scanner.feed($0) }
            for store in scanner.takeBatches() { try writer.write(store) }
            try writer.write(scanner.finish().store)
            try writer.end()
            try Data(output.bytes).write(to: URL(filePath: "\(directory)/out.\(format.rawValue)"))
        }
    }

    /// Reads everything in the directories of `scratch`, in one process: to start Python takes longer than all of it.
    private func readBack(in scratch: ScratchDirectory) async throws -> ShellCommand.Result {
        try await ShellCommand("python3 '\(Self.script)' '\(scratch.path)'/*", in: scratch.path).run()
    }

    @Test("random tables")
    func random() async throws {
        let scratch = try ScratchDirectory()
        for seed in 1...24 as ClosedRange<UInt64> {
            let document = Document(seed: seed)
            try write(document.columns, document.json, to: "\(scratch.path)/seed-\(seed)")
        }
        let result = try await readBack(in: scratch)
        #expect(result.output == "24 equal\n", "\(result.errors)")
    }

    @Test("a cell of 1 MB")
    func large() async throws {
        let scratch = try ScratchDirectory()
        let long = String(repeating: "0123456789,\\n\\\"é", count: 60_000)
        let json = #"{"columns":[{"name":"a","type_name":"STRING"}],"data_array":[["\#(long)"],["x"],["\#(long)"]]}"#
        try write([Column(name: "a", typeText: "STRING", typeName: "STRING")], json, to: scratch.path + "/large")
        let result = try await readBack(in: scratch)
        #expect(result.output == "1 equal\n", "\(result.errors)")
    }

    /// The comparison itself can fail.
    @Test("notices a difference")
    func notices() async throws {
        let scratch = try ScratchDirectory()
        let json = #"{"columns":[{"name":"b","type_name":"STRING"}],"data_array":[["x"]]}"#
        try write([Column(name: "a", typeText: "STRING", typeName: "STRING")], json, to: scratch.path + "/wrong")
        let result = try await readBack(in: scratch)
        #expect(result.status != 0 && result.errors.contains("wrong: csv differs"))
    }
}
