import Testing

@testable import Results

@Suite("Command tables")
struct CommandTableTests {
    private func decode(schema: String?, data: String?, isJSON: Bool = true) throws -> (
        columns: [Column], rows: [[String?]]
    ) {
        let table = CommandTable.decode(
            schema: try schema.map { try JSONValue.parse($0) }, data: try data.map { try JSONValue.parse($0) },
            isJSONSchema: isJSON)
        return (table.columns, cells(table.store))
    }

    /// One field of a schema, its type a JSON document in a string.
    private func field(_ name: String, _ type: String) -> String {
        #"{"name":\#(JSONValue.string(name).serialized()),"type":\#(JSONValue.string(type).serialized()),"metadata":"{}"}"#
    }

    @Test("look like statement results")
    func sample() throws {
        let array = #"{"containsNull":true,"elementType":"string","type":"array"}"#
        let map = #"{"keyType":"string","type":"map","valueContainsNull":true,"valueType":"string"}"#
        let line = """
            {"fields":[{"metadata":{},"name":"sku","nullable":true,"type":"string"},\
            {"metadata":{},"name":"qty","nullable":true,"type":"integer"}],"type":"struct"}
            """
        let fields = [
            field("id", #""long""#), field("price", #""decimal(12,2)""#), field("at", #""timestamp""#),
            field("ok", #""boolean""#), field("tags", array), field("props", map), field("line", line),
        ]
        let (columns, rows) = try decode(
            schema: "[\(fields.joined(separator: ","))]",
            data: """
                [[9223372036854775807,"19.90","2026-08-01T10:15:00.000Z",true,["a","b"],{"k":"v","n":null},["P1",3]],
                 [2,null,null,null,null,null,null]]
                """)
        #expect(columns.map(\.name) == ["id", "price", "at", "ok", "tags", "props", "line"])
        #expect(
            columns.map(\.typeText) == [
                "BIGINT", "DECIMAL(12,2)", "TIMESTAMP", "BOOLEAN", "ARRAY<STRING>", "MAP<STRING, STRING>",
                "STRUCT<sku: STRING, qty: INT>",
            ])
        #expect(columns.map(\.typeName) == ["LONG", "DECIMAL", "TIMESTAMP", "BOOLEAN", "ARRAY", "MAP", "STRUCT"])
        #expect(columns.map(\.kind) == [.integer, .decimal, .timestamp, .boolean, .array, .map, .structure])
        #expect(
            rows == [
                [
                    "9223372036854775807", "19.90", "2026-08-01T10:15:00.000Z", "true", #"["a","b"]"#,
                    #"{"k":"v","n":null}"#, #"{"sku":"P1","qty":3}"#,
                ],
                ["2", nil, nil, nil, nil, nil, nil],
            ])
    }

    @Test("name the fields of structs at any depth")
    func nested() throws {
        let inner =
            #"{"type":"struct","fields":[{"name":"x","type":"double"},{"name":"y","type":{"type":"array","elementType":"long"}}]}"#
        let type = """
            {"type":"array","elementType":{"type":"map","keyType":"string","valueType":\(inner)}}
            """
        let (columns, rows) = try decode(
            schema: "[\(field("deep", type))]",
            data: #"[[[{"a":[1.50,[1,2]],"b":null},{}]],[[{"a":[1]}]],[[{"a":{"x":1,"y":[]}}]],["as text"]]"#)
        #expect(columns[0].typeText == "ARRAY<MAP<STRING, STRUCT<x: DOUBLE, y: ARRAY<BIGINT>>>>")
        #expect(
            rows == [
                [#"[{"a":{"x":1.50,"y":[1,2]},"b":null},{}]"#],
                // A struct with another number of fields stays as it came.
                [#"[{"a":[1]}]"#], [#"[{"a":{"x":1,"y":[]}}]"#], ["as text"],
            ])
    }

    @Test(
        "read the types of Hive schemas too",
        arguments: [
            ("bigint", "BIGINT", "LONG"), ("int", "INT", "INT"), ("decimal(10,2)", "DECIMAL(10,2)", "DECIMAL"),
            ("array<struct<a:int,b:map<string,double>>>", "ARRAY<STRUCT<a: INT, b: MAP<STRING, DOUBLE>>>", "ARRAY"),
            ("struct<`a:b``c`:string>", "STRUCT<`a:b``c`: STRING>", "STRUCT"),
            // Spark itself quotes only some of them.
            ("struct<a b:int,c.d :string>", "STRUCT<`a b`: INT, `c.d`: STRING>", "STRUCT"),
            ("struct<c:d:int,e:struct<f:g: int>>", "STRUCT<`c:d`: INT, e: STRUCT<`f:g`: INT>>", "STRUCT"),
            (
                "struct<order:int,Select:int,_x1:int,1x:int,é:int>",
                "STRUCT<`order`: INT, `Select`: INT, _x1: INT, `1x`: INT, `é`: INT>", "STRUCT"
            ),
            ("struct<>", "STRUCT<>", "STRUCT"),
            ("STRUCT<a: INT NOT NULL COMMENT 'x, y>', b: STRING>", "STRUCT<a: INT, b: STRING>", "STRUCT"),
            ("interval day to second", "INTERVAL DAY TO SECOND", "INTERVAL"), ("void", "VOID", "NULL"),
            ("timestamp_ntz", "TIMESTAMP_NTZ", "TIMESTAMP_NTZ"), ("varchar(5)", "VARCHAR(5)", "VARCHAR"),
            (#""long""#, "BIGINT", "LONG"),
        ])
    func hive(_ type: String, _ text: String, _ name: String) throws {
        let (columns, _) = try decode(schema: "[\(field("c", type))]", data: "[]", isJSON: false)
        #expect(columns[0].typeText == text)
        #expect(columns[0].typeName == name)
        // What is written can be read again.
        var parser = TypeTextParser(text)
        #expect(parser.parse()?.text == text)
    }

    @Test("keep types they cannot read", arguments: ["array<int", "map<int>", "struct<a>", "<", "array<int> x", "a%b"])
    func unreadable(_ type: String) throws {
        #expect(try decode(schema: "[\(field("c", type))]", data: "[]", isJSON: false).columns[0].typeText == type)
    }

    @Test("a Hive struct names the fields of its cells")
    func hiveStruct() throws {
        let (_, rows) = try decode(
            schema: "[\(field("c", "array<struct<a:int,b:string>>"))]", data: #"[[[[1,"x"],null]]]"#, isJSON: false)
        #expect(rows == [[#"[{"a":1,"b":"x"},null]"#]])
    }

    @Test(
        "accept what is missing",
        arguments: [
            (nil, nil, 0, []), ("[]", "[]", 0, []), ("[]", #""""#, 0, []), ("null", "null", 0, []),
            (nil, "[[1,null],[2]]", 2, [["1", nil], ["2", nil]]), (nil, #"["a","b"]"#, 1, [["a"], ["b"]]),
            (#"[{"name":"x","type":"\"long\""}]"#, nil, 1, []), (#"[{"name":"x"}]"#, "[[1,2]]", 2, [["1", "2"]]),
            (#"[{"type":"\"long\""},{"name":"b","type":"long"}]"#, "[[1]]", 2, [["1", nil]]), ("{}", "{}", 0, []),
            (nil, "[[],[]]", 0, [[], []]),
        ] as [(String?, String?, Int, [[String?]])])
    func missing(_ schema: String?, _ data: String?, _ count: Int, _ expected: [[String?]]) throws {
        let (columns, rows) = try decode(schema: schema, data: data)
        #expect(columns.count == count)
        #expect(rows == expected)
    }

    @Test("types nested beyond reason do not crash")
    func deepTypes() throws {
        let deep = String(repeating: "array<", count: 100_000) + "int"
        #expect(try decode(schema: "[\(field("c", deep))]", data: "[]", isJSON: false).columns[0].kind == .array)
    }
}
