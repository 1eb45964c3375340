import Testing

@testable import LocalWorkspace

/// JSON (RFC 8259) as the server reads and writes it.
@Suite struct LocalWorkspaceJSONTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "0", "-7", "1.5", "9223372036854775807", #""""#, #""a\"b\\c\n""#,
        #"{"a":[{"x":null},false],"b":1}"#, #""é漢😀""#,
    ])
    func compactTextComesBackAsItIs(text: String) throws {
        #expect(String(decoding: try JSON(parsing: Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        (#" { "a" : [ 1 , 2 ] } "#, #"{"a":[1,2]}"#),
        (#""\u00e9\uD83D\ude00\/\b\f\r\t""#, "\"é😀/\\u0008\\u000c\\r\\t\""),
        ("-1.50e+3", "-1500"), ("12345678901234567890", "1.2345678901234567e+19"),
    ])
    func otherSpellingsAreUnderstood(text: String, compact: String) throws {
        #expect(String(decoding: try JSON(parsing: Array(text.utf8)).bytes, as: UTF8.self) == compact)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "01", "-", "1.", ".5",
        "1e", "+1", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u+123\"", "\"a\nb\"", "1 2", "[", "{", "\"\\uD83D\\u0041\"",
    ])
    func whatIsNotJSONIsRefused(text: String) {
        #expect(throws: JSON.ParsingError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func whatIsNotUTF8IsRefused() {
        #expect(throws: JSON.ParsingError.self) { try JSON(parsing: [0x22, 0xFF, 0x22]) }
    }

    @Test func depthIsBounded() throws {
        let depth = 100_000
        let text = [UInt8](repeating: UInt8(ascii: "["), count: depth)
        #expect(throws: JSON.ParsingError.self) { try JSON(parsing: text) }
    }

    /// Rows are not read: their text goes to the client as it is.
    @Test func rowsPassUntouched() throws {
        let rows = #"[["a]\"}", null,"\"rows\":"],{"b":1.50}]"#
        let line = #"{"ev":"done","id":"1,\"rows\":","columns":[{"name":"x"}],"row_count":2,"rows":\#(rows)}"#
        guard case .statementDone(_, let output) = EngineEvent(line: Array(line.utf8)) else {
            Issue.record("not understood")
            return
        }
        #expect(output.chunks.map(\.source) == [.rows(Array(rows.utf8))])
        #expect(output.columns == [["name": "x"]])
    }

    @Test func absentAndNullAreLeftOut() {
        let object: JSON = ["a": 1]
        #expect(object.adding(["b": nil, "c": "x"]) == ["a": 1, "c": "x"])
    }
}
