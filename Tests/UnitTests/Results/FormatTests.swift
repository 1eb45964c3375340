import Testing

@testable import Results

/// Renders rows in a format; `batches` stores of equal size, to prove that writers do not care how rows arrive.
func render(
    _ format: Format, _ columns: [Column], _ rows: [[String?]], _ options: FormatOptions = FormatOptions(),
    batches: Int = 1
) throws -> String { try renderWithOmissions(format, columns, rows, options, batches: batches).text }

func renderWithOmissions(
    _ format: Format, _ columns: [Column], _ rows: [[String?]], _ options: FormatOptions = FormatOptions(),
    batches: Int = 1
) throws -> (text: String, omissions: Omissions) {
    let output = CollectedOutput()
    let writer = format.writer(options: options, output: output)
    try writer.begin(columns)
    let size = max(1, (rows.count + batches - 1) / batches)
    for start in stride(from: 0, to: rows.count, by: size) {
        let batch = Array(rows[start..<min(start + size, rows.count)])
        try writer.write(ResultStore(columnCount: columns.count, rows: batch))
    }
    try writer.end()
    return (output.text, writer.omissions)
}

@Suite("Formats")
struct FormatTests {
    @Test("render the sample exactly, however it arrives", arguments: Format.allCases, [1, 2, 5])
    func golden(_ format: Format, _ batches: Int) throws {
        let expected = try #require(Self.golden[format], "FormatSamples.swift has no sample of \(format)")
        let text = try render(format, sampleColumns, sampleRows, batches: batches)
        #expect(text == expected, "\(text)")
    }

    @Test(
        "without rows",
        arguments: [
            (.box, "┌─────┬────────┐\n│   a │ b      │\n│ INT │ STRING │\n├─────┼────────┤\n└─────┴────────┘\n"),
            (.table, "+---+---+\n| a | b |\n+---+---+\n+---+---+\n"), (.markdown, "|   a | b   |\n| --: | --- |\n"),
            (.vertical, ""), (.csv, "a,b\n"), (.tsv, "a\tb\n"), (.json, "[]\n"), (.jsonl, ""),
            (.html, "<table>\n<thead>\n<tr><th>a</th><th>b</th></tr>\n</thead>\n<tbody>\n</tbody>\n</table>\n"),
            (.insert, ""),
        ] as [(Format, String)])
    func noRows(_ format: Format, _ expected: String) throws {
        let columns = [Column(name: "a", typeText: "INT"), Column(name: "b", typeText: "STRING")]
        #expect(try render(format, columns, []) == expected)
        // The store of an empty result does not know its columns.
        let output = CollectedOutput()
        let writer = format.writer(options: FormatOptions(), output: output)
        try writer.begin(columns)
        try writer.write(ResultStore(columnCount: 0, rows: []))
        try writer.end()
        #expect(output.text == expected)
    }

    private static let emptyTable = "<table>\n<thead>\n<tr></tr>\n</thead>\n<tbody>\n"

    @Test(
        "without columns",
        arguments: [
            (.json, "[]\n", "[\n{},\n{}\n]\n"), (.jsonl, "", "{}\n{}\n"),
            (
                .html, emptyTable + "</tbody>\n</table>\n",
                emptyTable + "<tr></tr>\n<tr></tr>\n</tbody>\n</table>\n"
            ),
        ] + ([.box, .table, .markdown, .vertical, .csv, .tsv, .insert] as [Format]).map { ($0, "", "") })
    func noColumns(_ format: Format, _ expected: String, _ withRows: String) throws {
        #expect(try render(format, [], []) == expected)
        #expect(try render(format, [], [[], []]) == withRows)
    }

    /// csv and tsv copy most cells without looking at each byte: here each place of a cell has what must be looked for.
    @Test("csv and tsv see what needs care, wherever it is in a cell", arguments: [Format.csv, .tsv])
    func delimited(_ format: Format) throws {
        var expected = "a\n"
        var rows: [[String?]] = []
        for special in ["", ",", "\"", "\n", "\r", "\t", "\\", "é"] {
            for (before, after) in [(0, 0), (0, 20), (3, 4), (7, 0), (8, 0), (15, 1), (16, 16), (1022, 1), (1023, 1)] {
                let cell = String(repeating: "x", count: before) + special + String(repeating: "y", count: after)
                rows.append([cell])
                if format == .csv {
                    let isQuoted = cell.isEmpty || [",", "\"", "\n", "\r"].contains(special)
                    expected += isQuoted ? "\"\(cell.replacing("\"", with: "\"\""))\"" : cell
                } else {
                    expected += cell.replacing("\\", with: #"\\"#).replacing("\n", with: #"\n"#)
                        .replacing("\r", with: #"\r"#).replacing("\t", with: #"\t"#)
                }
                expected += "\n"
            }
        }
        let columns = [Column(name: "a", typeText: "STRING")]
        // One row a store, so that each is written by what is known of it alone, and all of them in one.
        #expect(try render(format, columns, rows, batches: rows.count) == expected)
        #expect(try render(format, columns, rows) == expected)
    }

    @Test("refuse rows that do not fit the columns", arguments: Format.allCases)
    func mismatch(_ format: Format) throws {
        let writer = format.writer(options: FormatOptions(), output: CollectedOutput())
        try writer.begin([Column(name: "a", typeText: "INT")])
        #expect(throws: ColumnMismatch(expected: 1, found: 2)) {
            try writer.write(ResultStore(columnCount: 2, rows: [["1", "2"]]))
        }
    }

    @Test("json keys are distinct")
    func duplicateNames() throws {
        #expect(distinctNames(["a", "a", "a_2", "a", "", "", "b"]) == ["a", "a_3", "a_2", "a_4", "", "_2", "b"])
        let columns = ["x", "x", "q\"\n"].map { Column(name: $0, typeText: "INT") }
        #expect(try render(.jsonl, columns, [["1", "2", "3"]]) == #"{"x":1,"x_2":2,"q\"\n":3}"# + "\n")
    }

    @Test(
        "json values follow their type only where they are valid",
        arguments: [
            ("INT", "1", "1"), ("INT", "01", #""01""#), ("INT", "", #""""#), ("INT", "1 ", #""1 ""#),
            ("DECIMAL(38,0)", "99999999999999999999999999999999999999", "99999999999999999999999999999999999999"),
            ("DOUBLE", "Infinity", #""Infinity""#), ("DOUBLE", "1.0E-5", "1.0E-5"), ("BOOLEAN", "yes", #""yes""#),
            ("STRING", "1", #""1""#), ("MAP<STRING,INT>", #"{"a":1,"a":2}"#, #"{"a":1,"a":2}"#),
            ("STRUCT<a: INT>", "{\"a\":\n1}", #"{"a":1}"#), ("VARIANT", "null", "null"), ("VARIANT", "{", #""{""#),
            ("VARIANT", #"{"é":1.50}"#, #"{"é":1.50}"#), ("TIME(6)", "12:00:01", #""12:00:01""#),
            ("BINARY", "yv4=", #""yv4=""#),
        ])
    func jsonValues(_ type: String, _ cell: String, _ expected: String) throws {
        #expect(try render(.jsonl, [Column(name: "v", typeText: type)], [[cell]]) == "{\"v\":\(expected)}\n")
    }

    @Test(
        "insert literals follow their type",
        arguments: [
            ("DATE", "2024-01-02", "DATE'2024-01-02'"),
            ("TIMESTAMP", "2024-01-02T03:04:05Z", "TIMESTAMP'2024-01-02T03:04:05Z'"),
            ("TIMESTAMP_NTZ", "2024-01-02", "TIMESTAMP_NTZ'2024-01-02'"), ("BINARY", "yv4=", "unbase64('yv4=')"),
            ("INTERVAL DAY", "INTERVAL '3' DAY", "INTERVAL '3' DAY"),
            ("INTERVAL DAY TO SECOND", "3 00:00:00", "CAST('3 00:00:00' AS INTERVAL DAY TO SECOND)"),
            (
                "INTERVAL DAY", "INTERVAL '3' DAY); DROP TABLE x; --",
                #"CAST('INTERVAL \'3\' DAY); DROP TABLE x; --' AS INTERVAL DAY)"#
            ),
            ("INTERVAL X) --", "1", "'1'"), ("INT", "1); DROP TABLE x; --", "'1); DROP TABLE x; --'"),
            ("STRING", "'); DROP TABLE x; --", #"'\'); DROP TABLE x; --'"#), ("STRING", #"\'"#, #"'\\\''"#),
            ("VARIANT", #"{"a":1}"#, #"parse_json('{"a":1}')"#),
            ("STRUCT<`a'b`: INT>", "{}", #"from_json('{}', 'STRUCT<`a\'b`: INT>')"#),
            (
                "STRUCT<a b: INT, from: ARRAY<STRUCT<c.d:INT>>>", "{}",
                "from_json('{}', 'STRUCT<`a b`: INT, `from`: ARRAY<STRUCT<`c.d`: INT>>>')"
            ),
            ("DOUBLE", "-0.0", "CAST('-0.0' AS DOUBLE)"), ("FLOAT", "-0.5", "-0.5"), ("DOUBLE", "-1.0E-5", "-1.0E-5"),
            // JSON knows no keys but text.
            (
                "ARRAY<MAP<DECIMAL(3,1), MAP<STRING, INT>>>", "[]",
                "CAST(from_json('[]', 'ARRAY<MAP<STRING, MAP<STRING, INT>>>') AS ARRAY<MAP<DECIMAL(3,1), MAP<STRING, INT>>>)"
            ),
            ("MAP<BINARY, INT>", "{}", "from_json('{}', 'MAP<BINARY, INT>')"),
            ("MAP<INT(1) --), INT>", "{}", "from_json('{}', 'MAP<INT(1) --), INT>')"),
            ("MAP<X('), INT>", "{}", #"from_json('{}', 'MAP<X(\'), INT>')"#),
            ("STRING", "\u{0}\u{1B}", #"'\u0000\u001b'"#), ("SOMETHING", "x", "'x'"),
        ])
    func insertLiterals(_ type: String, _ cell: String, _ expected: String) throws {
        #expect(
            try render(.insert, [Column(name: "v", typeText: type)], [[cell]])
                == "INSERT INTO results VALUES (\(expected));\n")
    }

    @Test("NULL has the text that was asked for, and stays distinct in csv")
    func nullText() throws {
        let columns = [Column(name: "a", typeText: "STRING"), Column(name: "b", typeText: "STRING")]
        let options = FormatOptions(nullText: "-")
        let rows: [[String?]] = [[nil, "-"], ["", "x"]]
        #expect(try render(.csv, columns, rows, options) == "a,b\n-,\"-\"\n\"\",x\n")
        #expect(try render(.tsv, columns, rows, options) == "a\tb\n-\t-\n\tx\n")
        #expect(try render(.table, columns, rows, options).contains("| - | - |"))
        #expect(
            try render(.json, columns, rows, options) == "[\n{\"a\":null,\"b\":\"-\"},\n{\"a\":\"\",\"b\":\"x\"}\n]\n")
    }
}
