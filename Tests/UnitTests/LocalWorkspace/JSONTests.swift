import Testing

@testable import LocalWorkspace

/// The server's own JSON (RFC 8259).
@Suite struct LocalWorkspaceJSONTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "0", "-0", "-1.50e+10", "12345678901234567890123456789", #""""#, #""a\"b\\c\n""#,
        #"{"b":1,"a":[{"x":null},false]}"#, #""é漢😀""#,
    ])
    func compactTextComesBackAsItIs(text: String) throws {
        #expect(String(decoding: try JSON(parsing: Array(text.utf8)).bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        (#" { "a" : [ 1 , 2 ] } "#, #"{"a":[1,2]}"#),
        (#""\u00e9\uD83D\ude00\/\b\f\r\t""#, "\"é😀/\\u0008\\u000c\\r\\t\""),
        (#""\uD83D""#, "\"\u{FFFD}\""), (#""\uD83Dx""#, "\"\u{FFFD}x\""),
    ])
    func otherSpellingsAreUnderstood(text: String, compact: String) throws {
        #expect(String(decoding: try JSON(parsing: Array(text.utf8)).bytes, as: UTF8.self) == compact)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{a:1}", "{\"a\":1,}", "01", "-", "1.", ".5",
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

    @Test func rawMembersPassUntouched() throws {
        let text = #"{"id":"1","rows":[["a]\"}", null],{"b":[1]}] ,"n":1}"#
        let json = try JSON(parsing: Array(text.utf8), keepingRaw: ["rows"])
        guard case .raw(let rows) = json["rows"] else {
            Issue.record("rows were parsed")
            return
        }
        #expect(String(decoding: rows, as: UTF8.self) == #"[["a]\"}", null],{"b":[1]}] "#)
        #expect(json["n"] == 1)
    }

    @Test func rawIsForTheOutermostObjectOnly() throws {
        let json = try JSON(parsing: Array(#"{"a":{"rows":[1]}}"#.utf8), keepingRaw: ["rows"])
        #expect(json["a"]?["rows"] == [1])
    }

    @Test func absentAndNullAreLeftOut() {
        let object: JSON = ["a": 1]
        #expect(object.adding(["b": nil, "c": "x"]) == ["a": 1, "c": "x"])
    }
}
