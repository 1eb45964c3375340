import Testing

@testable import Results

/// CSV files of several parts made one.
@Suite("CSV parts")
struct CSVJoinerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let parts: [String]
        let joined: String
        let rows: Int
        /// What the count of rows says of a part that begins like the header; nil when nobody should ask.
        var hasOwnHeader: Bool?
    }

    static let cases: [Case] = [
        Case(testDescription: "one", parts: ["a,b\n1,2\n"], joined: "a,b\n1,2\n", rows: 1),
        Case(
            testDescription: "a header in the first only", parts: ["a,b\n1,2\n", "3,4\n", "5,6\n"],
            joined: "a,b\n1,2\n3,4\n5,6\n", rows: 3),
        Case(
            testDescription: "a header in each", parts: ["a,b\n1,2\n", "a,b\n3,4\n", "a,b\n5,6\n"],
            joined: "a,b\n1,2\n3,4\n5,6\n", rows: 3, hasOwnHeader: true),
        Case(
            testDescription: "rows that look like the header", parts: ["a,b\n1,2\n", "a,b\na,b\n", "a,b\n"],
            joined: "a,b\n1,2\na,b\na,b\na,b\n", rows: 4, hasOwnHeader: false),
        Case(
            testDescription: "a header in each, and rows like it", parts: ["a\na\n", "a\na\na\n", "a\nb\n"],
            joined: "a\na\na\na\nb\n", rows: 4, hasOwnHeader: true),
        Case(
            testDescription: "CRLF", parts: ["a,b\r\n1,2\r\n", "a,b\r\n3,4\r\n"], joined: "a,b\r\n1,2\r\n3,4\r\n",
            rows: 2,
            hasOwnHeader: true),
        Case(testDescription: "no line end at the ends", parts: ["a\n1", "2", "3"], joined: "a\n1\n2\n3", rows: 3),
        Case(testDescription: "the same with CRLF", parts: ["a\r\n1", "2"], joined: "a\r\n1\r\n2", rows: 2),
        Case(
            testDescription: "headers without a line end", parts: ["a", "a", "1"], joined: "a\n1", rows: 1,
            hasOwnHeader: true),
        Case(
            testDescription: "the start of a header", parts: ["abc\n1\n", "ab\n", "abcd\n", "ab"],
            joined: "abc\n1\nab\nabcd\nab", rows: 4),
        Case(
            testDescription: "the header and one byte more", parts: ["a\r\n1\r\n", "a\rb\r\n"],
            joined: "a\r\n1\r\na\rb\r\n", rows: 2),
        Case(
            testDescription: "line ends and quotes within quotes",
            parts: ["\"a\n\"\"b\",c\n\"1\n\n\",\"\"\"\"\n", "\"a\n\"\"b\",c\n\"\n\",x\n"],
            joined: "\"a\n\"\"b\",c\n\"1\n\n\",\"\"\"\"\n\"\n\",x\n", rows: 2, hasOwnHeader: true),
        Case(testDescription: "empty parts", parts: ["a\n", "", "1\n", ""], joined: "a\n1\n", rows: 1),
        Case(testDescription: "only a header", parts: ["a,b\r\n"], joined: "a,b\r\n", rows: 0),
        Case(testDescription: "nothing: the header is dbsh's", parts: [], joined: "x,\"y,z\"\n", rows: 0),
        Case(testDescription: "an empty part alone", parts: [""], joined: "x,\"y,z\"\n", rows: 0),
        Case(testDescription: "empty lines are records", parts: ["a\n\n\n", "\n"], joined: "a\n\n\n\n", rows: 3),
    ]

    private final class Asked {
        var parts: [Int] = []
    }

    @Test(arguments: cases, [1, 2, 3, 5, 1000])
    func joined(_ expected: Case, _ size: Int) async throws {
        let output = CollectedOutput()
        let asked = Asked()
        let columns = ["x", "y,z"].map { Column(name: $0, typeText: "STRING", typeName: "STRING") }
        let joiner = CSVJoiner(output, columns: columns) { part in
            asked.parts.append(part)
            return expected.hasOwnHeader == true
        }
        for part in expected.parts {
            let bytes = Array(part.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) {
                try await joiner.feed(Array(bytes[start..<min(start + size, bytes.count)]))
            }
            try await joiner.endPart()
        }
        try joiner.finish()
        #expect(output.text == expected.joined)
        #expect(joiner.rowCount == expected.rows)
        // One part decides for all.
        #expect(asked.parts == (expected.hasOwnHeader == nil ? [] : [1]))
    }

    @Test func aPartThatEndsWithinQuotesIsCut() async throws {
        let joiner = CSVJoiner(CollectedOutput(), columns: []) { _ in false }
        try await joiner.feed(Array("a\n\"1\n".utf8))
        await #expect(throws: CSVError.cut) { try await joiner.endPart() }
    }

    /// However the text is cut.
    @Test(arguments: [
        ("", 0), ("a", 1), ("a\n", 1), ("a\r\nb", 2), ("\"\n\"", 1), ("\"a\"\"\n\"\n\n", 2), ("\n\n\n", 3),
        ("\"\"\n\"\"", 2),
    ])
    func counting(_ text: String, _ count: Int) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var counter = CSVRecordCounter()
            for piece in [bytes[..<cut], bytes[cut...]] { piece.withUnsafeBytes { counter.feed($0) } }
            #expect(counter.count == count)
            #expect(!counter.isQuoted)
        }
    }
}
