import Testing

@testable import Results

@Suite("JSON values")
struct JSONValueTests {
    @Test(
        "keep what was sent",
        arguments: [
            "null", "true", "false", "0", "-0", "9223372036854775807", "123456789012345678901234567890.10", "1E400",
            "1.50", "-2.5e-7", #""""#, #""a""#, "[]", "{}", "[[[]]]", #"{"b":1,"a":2,"b":3}"#,
            #"[1,"x",null,{"k":[]}]"#,
            #"{"":{"":""}}"#, #""naïve 東京 😀""#,
        ])
    func roundTrip(_ text: String) throws { #expect(try JSONValue.parse(text).serialized() == text) }

    @Test(
        "replace escapes",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u6771""#, "Aé東"),
            (#""\ud83d\ude00""#, "😀"), (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x\ud83d""#, "\u{FFFD}x\u{FFFD}"),
            (#""a\u0000b""#, "a\u{0}b"), (#""x\ud83d\n\ude00""#, "x\u{FFFD}\n\u{FFFD}"),
        ])
    func escapes(_ text: String, _ expected: String) throws { #expect(try JSONValue.parse(text).text == expected) }

    @Test(
        "refuse what RFC 8259 does not allow",
        arguments: [
            ("", 0), (" ", 1), ("nul", 0), ("True", 0), ("01", 0), ("1.", 0), (".5", 0), ("+1", 0), ("1e", 0),
            ("- 1", 0),
            ("0x1", 1), ("NaN", 0), ("[1,]", 3), ("[1 2]", 3), ("[", 1), ("[1", 2), ("{", 1), (#"{"a"}"#, 4),
            (#"{"a":1,}"#, 7), ("{a:1}", 1), (#"{"a":}"#, 5), ("'a'", 0), (#""a"#, 2), (#""\x""#, 1), (#""\u12""#, 1),
            ("\"\n\"", 1), ("\"\t\"", 1), ("1 2", 2), ("[]]", 2), ("// x", 0), ("\u{FEFF}1", 0), ("\u{A0}1", 0),
        ])
    func malformed(_ text: String, _ offset: Int) {
        let error = #expect(throws: JSONValue.ParseError.self) { try JSONValue.parse(text) }
        #expect(error?.offset == offset, "\(text.debugDescription): \(error?.description ?? "")")
        #expect(!Array(text.utf8).withUnsafeBufferPointer { JSONValue.isValid($0) })
    }

    @Test("refuse invalid UTF-8")
    func invalidUTF8() {
        #expect(throws: JSONValue.ParseError.self) { try JSONValue.parse([0x22, 0xFF, 0x22] as [UInt8]) }
        #expect(throws: JSONValue.ParseError.self) { try JSONValue.parse([0x22, 0xED, 0xA0, 0x80, 0x22] as [UInt8]) }
    }

    @Test("are bounded in depth")
    func depth() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONValue.parse(nested(JSONValue.depthLimit))
        let error = #expect(throws: JSONValue.ParseError.self) { try JSONValue.parse(nested(100_000)) }
        #expect(error == JSONValue.ParseError(offset: JSONValue.depthLimit, reason: "nested too deeply"))
    }

    @Test("are read by key, index and type")
    func access() throws {
        let value = try JSONValue.parse(
            #"{"id":9007199254740993,"name":"x","on":true,"list":[1,"2"],"n":null,"d":1.5,"id2":"42","k":1,"k":2}"#)
        #expect(value["id"]?.int == 9_007_199_254_740_993)
        #expect(value["id2"]?.int == 42)
        #expect(value["name"]?.text == "x")
        #expect(value["on"]?.bool == true)
        #expect(value["list"]?[1]?.text == "2")
        #expect(value["list"]?[2] == nil && value["list"]?[-1] == nil && value["missing"] == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value["d"]?.double == 1.5 && value["d"]?.int == nil)
        #expect(value["k"]?.int == 2)
        #expect(value.members?.map(\.key) == ["id", "name", "on", "list", "n", "d", "id2", "k", "k"])
    }

    @Test("are written as literals")
    func literals() {
        let name = "x"
        let value: JSONValue = ["b": 1, "a": [true, .null, "text", "\(name)y", -5], "b": [:], "c": .number("1.50")]
        #expect(value.serialized() == #"{"b":1,"a":[true,null,"text","xy",-5],"b":{},"c":1.50}"#)
    }

    @Test("are laid out for reading")
    func pretty() throws {
        let value = try JSONValue.parse(#"{"a":[1,{"b":"x"}],"c":[],"d":{}}"#)
        #expect(
            value.serialized(.pretty) == """
                {
                  "a": [
                    1,
                    {
                      "b": "x"
                    }
                  ],
                  "c": [],
                  "d": {}
                }
                """)
    }

    @Test("escape what JSON and terminals do not take")
    func sanitized() throws {
        let value = JSONValue.string("\u{1B}[2J\u{9B}\u{202E}\u{7F}é\n\"\\")
        #expect(value.serialized() == "\"\\u001b[2J\u{9B}\u{202E}\u{7F}é\\n\\\"\\\\\"")
        let safe = value.serialized(sanitize: true)
        #expect(safe == #""\u001b[2J\u009b\u202e\u007fé\n\"\\""#)
        #expect(try JSONValue.parse(safe) == value)
    }
}
