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

let sampleColumns = [
    Column(name: "id", typeText: "BIGINT", typeName: "LONG"), Column(name: "price", typeText: "DECIMAL(10,2)"),
    Column(name: "ratio", typeText: "DOUBLE"), Column(name: "ok", typeText: "BOOLEAN"),
    Column(name: "name", typeText: "STRING"), Column(name: "tags", typeText: "ARRAY<STRING>"),
]

let sampleRows: [[String?]] = [
    ["9223372036854775807", "19.90", "1.0E20", "true", "plain", #"["a","b"]"#],
    ["-2", "0.50", "NaN", "false", "", "[]"],
    [nil, nil, "-Infinity", nil, "NULL", nil],
    ["0", "-1.00", "-0.0", "true", "a,b \"c\" | <d> & 'e'\n\\f\tg", #"["x\ny"]"#],
    ["1", "12.00", "1.5", "true", "東京 😀 naïve", "not json"],
]

@Suite("Formats")
struct FormatTests {
    private static let golden: [(Format, String)] = [
        (
            .box,
            #"""
            ┌─────────────────────┬───────────────┬───────────┬─────────┬────────────────────────────┬───────────────┐
            │                  id │         price │     ratio │ ok      │ name                       │ tags          │
            │              BIGINT │ DECIMAL(10,2) │    DOUBLE │ BOOLEAN │ STRING                     │ ARRAY<STRING> │
            ├─────────────────────┼───────────────┼───────────┼─────────┼────────────────────────────┼───────────────┤
            │ 9223372036854775807 │         19.90 │    1.0E20 │ true    │ plain                      │ ["a","b"]     │
            │                  -2 │          0.50 │       NaN │ false   │                            │ []            │
            │                NULL │          NULL │ -Infinity │ NULL    │ NULL                       │ NULL          │
            │                   0 │         -1.00 │      -0.0 │ true    │ a,b "c" | <d> & 'e'\n\f\tg │ ["x\ny"]      │
            │                   1 │         12.00 │       1.5 │ true    │ 東京 😀 naïve              │ not json      │
            └─────────────────────┴───────────────┴───────────┴─────────┴────────────────────────────┴───────────────┘

            """#
        ),
        (
            .table,
            #"""
            +---------------------+-------+-----------+-------+----------------------------+-----------+
            |                  id | price |     ratio | ok    | name                       | tags      |
            +---------------------+-------+-----------+-------+----------------------------+-----------+
            | 9223372036854775807 | 19.90 |    1.0E20 | true  | plain                      | ["a","b"] |
            |                  -2 |  0.50 |       NaN | false |                            | []        |
            |                NULL |  NULL | -Infinity | NULL  | NULL                       | NULL      |
            |                   0 | -1.00 |      -0.0 | true  | a,b "c" | <d> & 'e'\n\f\tg | ["x\ny"]  |
            |                   1 | 12.00 |       1.5 | true  | 東京 😀 naïve              | not json  |
            +---------------------+-------+-----------+-------+----------------------------+-----------+

            """#
        ),
        (
            .markdown,
            #"""
            |                  id | price |     ratio | ok    | name                                  | tags      |
            | ------------------: | ----: | --------: | ----- | ------------------------------------- | --------- |
            | 9223372036854775807 | 19.90 |    1.0E20 | true  | plain                                 | ["a","b"] |
            |                  -2 |  0.50 |       NaN | false |                                       | []        |
            |                NULL |  NULL | -Infinity | NULL  | NULL                                  | NULL      |
            |                   0 | -1.00 |      -0.0 | true  | a,b "c" \| &lt;d> &amp; 'e'<br>\\f\tg | ["x\\ny"] |
            |                   1 | 12.00 |       1.5 | true  | 東京 😀 naïve                         | not json  |

            """#
        ),
        (
            .vertical,
            """
            ─── row 1 ───
               id  9223372036854775807
            price  19.90
            ratio  1.0E20
               ok  true
             name  plain
             tags  ["a","b"]
            ─── row 2 ───
               id  -2
            price  0.50
            ratio  NaN
               ok  false
             name  
             tags  []
            ─── row 3 ───
               id  NULL
            price  NULL
            ratio  -Infinity
               ok  NULL
             name  NULL
             tags  NULL
            ─── row 4 ───
               id  0
            price  -1.00
            ratio  -0.0
               ok  true
             name  a,b "c" | <d> & 'e'
                   \\f\\tg
             tags  ["x\\ny"]
            ─── row 5 ───
               id  1
            price  12.00
            ratio  1.5
               ok  true
             name  東京 😀 naïve
             tags  not json

            """
        ),
        (
            .csv,
            """
            id,price,ratio,ok,name,tags
            9223372036854775807,19.90,1.0E20,true,plain,"[""a"",""b""]"
            -2,0.50,NaN,false,"",[]
            ,,-Infinity,,NULL,
            0,-1.00,-0.0,true,"a,b ""c"" | <d> & 'e'
            \\f\tg","[""x\\ny""]"
            1,12.00,1.5,true,東京 😀 naïve,not json

            """
        ),
        (
            .tsv,
            """
            id\tprice\tratio\tok\tname\ttags
            9223372036854775807\t19.90\t1.0E20\ttrue\tplain\t["a","b"]
            -2\t0.50\tNaN\tfalse\t\t[]
            \\N\t\\N\t-Infinity\t\\N\tNULL\t\\N
            0\t-1.00\t-0.0\ttrue\ta,b "c" | <d> & 'e'\\n\\\\f\\tg\t["x\\\\ny"]
            1\t12.00\t1.5\ttrue\t東京 😀 naïve\tnot json

            """
        ),
        (
            .json,
            #"""
            [
            {"id":9223372036854775807,"price":19.90,"ratio":1.0E20,"ok":true,"name":"plain","tags":["a","b"]},
            {"id":-2,"price":0.50,"ratio":"NaN","ok":false,"name":"","tags":[]},
            {"id":null,"price":null,"ratio":"-Infinity","ok":null,"name":"NULL","tags":null},
            {"id":0,"price":-1.00,"ratio":-0.0,"ok":true,"name":"a,b \"c\" | <d> & 'e'\n\\f\tg","tags":["x\ny"]},
            {"id":1,"price":12.00,"ratio":1.5,"ok":true,"name":"東京 😀 naïve","tags":"not json"}
            ]

            """#
        ),
        (
            .jsonl,
            #"""
            {"id":9223372036854775807,"price":19.90,"ratio":1.0E20,"ok":true,"name":"plain","tags":["a","b"]}
            {"id":-2,"price":0.50,"ratio":"NaN","ok":false,"name":"","tags":[]}
            {"id":null,"price":null,"ratio":"-Infinity","ok":null,"name":"NULL","tags":null}
            {"id":0,"price":-1.00,"ratio":-0.0,"ok":true,"name":"a,b \"c\" | <d> & 'e'\n\\f\tg","tags":["x\ny"]}
            {"id":1,"price":12.00,"ratio":1.5,"ok":true,"name":"東京 😀 naïve","tags":"not json"}

            """#
        ),
        (
            .html,
            """
            <table>
            <thead>
            <tr><th>id</th><th>price</th><th>ratio</th><th>ok</th><th>name</th><th>tags</th></tr>
            </thead>
            <tbody>
            <tr><td class="number">9223372036854775807</td><td class="number">19.90</td><td class="number">1.0E20</td>\
            <td>true</td><td>plain</td><td>[&quot;a&quot;,&quot;b&quot;]</td></tr>
            <tr><td class="number">-2</td><td class="number">0.50</td><td class="number">NaN</td><td>false</td>\
            <td></td><td>[]</td></tr>
            <tr><td class="null">NULL</td><td class="null">NULL</td><td class="number">-Infinity</td>\
            <td class="null">NULL</td><td>NULL</td><td class="null">NULL</td></tr>
            <tr><td class="number">0</td><td class="number">-1.00</td><td class="number">-0.0</td><td>true</td>\
            <td>a,b &quot;c&quot; | &lt;d&gt; &amp; &#39;e&#39;
            \\f\tg</td><td>[&quot;x\\ny&quot;]</td></tr>
            <tr><td class="number">1</td><td class="number">12.00</td><td class="number">1.5</td><td>true</td>\
            <td>東京 😀 naïve</td><td>not json</td></tr>
            </tbody>
            </table>

            """
        ),
        (
            .insert,
            #"""
            INSERT INTO results VALUES (9223372036854775807, 19.90, 1.0E20, true, 'plain', from_json('["a","b"]', 'ARRAY<STRING>'));
            INSERT INTO results VALUES (-2, 0.50, CAST('NaN' AS DOUBLE), false, '', from_json('[]', 'ARRAY<STRING>'));
            INSERT INTO results VALUES (NULL, NULL, CAST('-Infinity' AS DOUBLE), NULL, 'NULL', NULL);
            INSERT INTO results VALUES (0, -1.00, -0.0, true, 'a,b "c" | <d> & \'e\'\n\\f\tg', from_json('["x\\ny"]', 'ARRAY<STRING>'));
            INSERT INTO results VALUES (1, 12.00, 1.5, true, '東京 😀 naïve', from_json('not json', 'ARRAY<STRING>'));

            """#
        ),
    ]

    @Test("render the sample exactly, however it arrives", arguments: 0..<Format.allCases.count, [1, 2, 5])
    func golden(_ index: Int, _ batches: Int) throws {
        let (format, expected) = Self.golden[index]
        #expect(format == Format.allCases[index])
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

    @Test("without columns", arguments: Format.allCases)
    func noColumns(_ format: Format) throws {
        let empty = "<table>\n<thead>\n<tr></tr>\n</thead>\n<tbody>\n"
        let expected: (String, String) =
            switch format {
            case .json: ("[]\n", "[\n{},\n{}\n]\n")
            case .jsonl: ("", "{}\n{}\n")
            case .html:
                (empty + "</tbody>\n</table>\n", empty + "<tr></tr>\n<tr></tr>\n</tbody>\n</table>\n")
            case .box, .table, .markdown, .vertical, .csv, .tsv, .insert: ("", "")
            }
        #expect(try render(format, [], []) == expected.0)
        #expect(try render(format, [], [[], []]) == expected.1)
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
