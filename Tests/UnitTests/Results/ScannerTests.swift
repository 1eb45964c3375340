import FoundationEssentials
import Testing

@testable import Results

/// Feeds a document in pieces of `size` bytes, each in memory of its own, so that reading past one would be noticed.
func scan(
    _ document: [UInt8], pieces size: Int = 1 << 20, as kind: StatementResponseScanner.Document = .response,
    limit: Int = ResultStore.mostBytes
) throws -> (envelope: [UInt8], store: ResultStore) {
    var scanner = StatementResponseScanner(kind, limit: limit)
    for start in stride(from: 0, to: document.count, by: size) {
        let piece = Array(document[start..<min(start + size, document.count)])
        try piece.withUnsafeBytes { (bytes) throws(any Error) in try scanner.feed(bytes) }
    }
    return try scanner.finish()
}

func cells(_ store: ResultStore) -> [[String?]] {
    (0..<store.rowCount).map { row in (0..<store.columnCount).map { store.text(row, $0) } }
}

private let pieceSizes = [1, 2, 3, 5, 7, 16, 61, 100_000]

@Suite("Statement response scanner")
struct ScannerTests {
    private struct Response: Codable, Equatable {
        struct Rows: Codable, Equatable { var data_array: [[String?]] }
        var note = #"{"data_array":[["no"]]} "data_array":["#
        var result: Rows
        var tail = [[1, 2], [3]]
    }

    private static func rows(count: Int) -> [[String?]] {
        let samples = [
            "", "1", "a\"b\\c/\n\t\u{1}\u{7F}", "naïve 東京 😀 \u{10FFFF}", "[,]\"", "data_array", "null",
            "long long long long long long text without any escape in it", #"{"a":["1",null]}"#, "\\", "\"",
            String(repeating: "é", count: 33), String(repeating: "x", count: 200),
        ]
        return (0..<count).map { row in
            [
                "\(row)", String(repeating: "k", count: row % 50), row % 3 == 0 ? nil : "z\(row)",
                samples[row % samples.count], row % 7 == 0 ? nil : samples[(row * 5 + 3) % samples.count],
            ]
        }
    }

    @Test("equals JSONDecoder, wherever the bytes are cut", arguments: pieceSizes)
    func equalsDecoder(_ size: Int) throws {
        let expected = Response(result: .init(data_array: Self.rows(count: 120)))
        for style: JSONEncoder.OutputFormatting in [[], .prettyPrinted, .sortedKeys, .withoutEscapingSlashes] {
            let encoder = JSONEncoder()
            encoder.outputFormatting = style
            let plain = String(decoding: try encoder.encode(expected), as: UTF8.self)
            let escaped = String(
                plain.unicodeScalars.flatMap { scalar -> [Character] in
                    guard scalar.value >= 0x80 else { return [Character(scalar)] }
                    return Array(
                        String(scalar).utf16.map { "\\u" + String(0x10000 + UInt32($0), radix: 16).dropFirst() }
                            .joined())
                })
            for text in [plain, escaped] {
                let document = Array(text.utf8)
                #expect(try JSONDecoder().decode(Response.self, from: Data(document)) == expected)
                let result = try scan(document, pieces: size)
                #expect(cells(result.store) == expected.result.data_array)
                let envelope = try JSONDecoder().decode(Response.self, from: Data(result.envelope))
                #expect(envelope == Response(result: .init(data_array: [])))
            }
        }
    }

    @Test("facts are those of the cells", arguments: pieceSizes)
    func facts(_ size: Int) throws {
        let rows = Self.rows(count: 100)
        let document = try JSONEncoder().encode(Response(result: .init(data_array: rows)))
        let store = try scan(Array(document), pieces: size).store
        for column in 0..<5 {
            let texts = rows.compactMap { $0[column] }
            let facts = store.columnFacts[column]
            #expect(facts.longest == texts.map(\.utf8.count).max())
            #expect(facts.nulls == rows.count - texts.count)
            #expect(facts.hasNonASCII == texts.contains { $0.utf8.contains { $0 >= 0x80 } })
            #expect(facts.hasQuotes == texts.contains { $0.utf8.contains { $0 == 0x22 || $0 == 0x5C } })
            #expect(facts.hasControls == texts.contains { $0.utf8.contains { $0 < 0x20 || $0 == 0x7F } })
        }
        // The store that is made from rows has the same facts.
        #expect(ResultStore(columnCount: 5, rows: rows).columnFacts.map(\.longest) == store.columnFacts.map(\.longest))
        let made = ResultStore(columnCount: 5, rows: rows).columnFacts
        #expect(made.map(\.isPlain) == store.columnFacts.map(\.isPlain))
        #expect(made.map(\.hasQuotes) == store.columnFacts.map(\.hasQuotes))
    }

    @Test(
        "reads unusual documents",
        arguments: [
            (#"{"data_array":[["a"],[null]]}"#, [["a"], [nil]]),
            (#"{"result":{"data_array":[["a"]]}}"#, [["a"]]),
            (#"{"result" : { "data_array" : [ [ "a" , null ] , [ "b" , "c" ] ] } }"#, [["a", nil], ["b", "c"]]),
            (#"{"data_array":[]}"#, []), (#"{"data_array":null}"#, []), (#"{}"#, []), (#" {"a":[1,[2]]} "#, []),
            (#"{"data_array":[[],[],[]]}"#, [[], [], []]),
            (
                #"{"data_array":[[1,-2.50e+3,true],[false,[1, "x"],{"a":[null,"]\"}"]}]]}"#,
                [["1", "-2.50e+3", "true"], ["false", #"[1, "x"]"#, #"{"a":[null,"]\"}"]}"#]]
            ),
            (#"{"data_array":[[1 ],[ 2]]}"#, [["1"], ["2"]]),
            (#"{"data_array":[["\ud83d\ude00 \ud83d \ude00 \ud83dx\ude00"]]}"#, [["😀 � � �x�"]]),
            (#"{"data_array":[["\ud83d\n\ude00\ud83d\ud83d\ude00"]]}"#, [["�\n��😀"]]),
            (#"{"data\u005farray":[["a"]]}"#, [["a"]]),
            (#"{"manifest":{"data_array":[[1,2],[3]]},"data_array":[["a"]]}"#, [["a"]]),
            (#"{"result":{"x":{"data_array":[["no"]]},"data_array":[["a"]]},"z":{"data_array":[["no"]]}}"#, [["a"]]),
            (#"{"result":{},"x":["data_array",[["no"]]]}"#, []),
            (#"{"data_array":[["a"]],"data_array2":[["b","c"]]}"#, [["a"]]),
        ] as [(String, [[String?]])])
    func unusual(_ text: String, _ expected: [[String?]]) throws {
        for size in pieceSizes {
            let result = try scan(Array(text.utf8), pieces: size)
            #expect(cells(result.store) == expected)
            #expect(result.store.rowCount == expected.count)
            _ = try JSONValue.parse(result.envelope)
        }
    }

    /// The official CLI does so too.
    @Test(
        "rows with too few cells are filled up with NULL, and counted",
        arguments: [
            (#"{"data_array":[["a","b"],["a"],[],["c","d"]]}"#, nil),
            (
                #"{"manifest":{"schema":{"columns":[{},{}]}},"result":{"data_array":[["a","b"],["a"],[],["c","d"]]}}"#,
                nil
            ),
            (#"[["a","b"],["a"],[],["c","d"]]"#, 2), (#" [ [ "a" , "b" ] , ["a" ],[ ],["c","d"]]"#, 2),
        ])
    func shortRows(_ text: String, _ columns: Int?) throws {
        let document = Array(text.utf8)
        for size in pieceSizes {
            var scanner = StatementResponseScanner(text.hasPrefix("{") ? .response : .rows, columns: columns)
            for start in stride(from: 0, to: document.count, by: size) {
                try Array(document[start..<min(start + size, document.count)]).withUnsafeBytes { try scanner.feed($0) }
            }
            let store = try scanner.finish().store
            #expect(cells(store) == [["a", "b"], ["a", nil], [nil, nil], ["c", "d"]])
            #expect(store.shortRows == 2)
            #expect(store.columnFacts.map(\.nulls) == [1, 2])
        }
        // The first row has no more to say than the others, and many rows may need more room than their bytes.
        var scanner = StatementResponseScanner(.rows, columns: 500)
        try Array("[[]\(String(repeating: ",[]", count: 999))]".utf8).withUnsafeBytes { try scanner.feed($0) }
        let store = try scanner.finish().store
        #expect(store.rowCount == 1000 && store.shortRows == 1000 && store.cell(999, 499) == nil)
    }

    @Test("reads the bare rows behind an external link", arguments: pieceSizes)
    func bareRows(_ size: Int) throws {
        let result = try scan(Array(#" [["a",null],["b","data_array"]] "#.utf8), pieces: size, as: .rows)
        #expect(cells(result.store) == [["a", nil], ["b", "data_array"]])
        #expect(try scan(Array("[]".utf8), pieces: size, as: .rows).store.rowCount == 0)
        #expect(throws: ScanError.malformed(offset: 0, reason: "not a JSON array")) {
            try scan(Array("<?xml version='1.0'?>".utf8), pieces: size, as: .rows)
        }
    }

    @Test(
        "refuses malformed documents at the right byte",
        arguments: [
            (#"{"data_array":[["a"],["a","b"]]}"#, .longRow(row: 1, columns: 1)),
            (#"{"data_array":[[],["a"]]}"#, .longRow(row: 1, columns: 0)),
            (#"{"manifest":{"schema":{"columns":[{}]}},"data_array":[["a","b"]]}"#, .longRow(row: 0, columns: 1)),
            (#"{"data_array":[["a""#, .truncated(byteCount: 19)), (#"{"data_array":[["#, .truncated(byteCount: 16)),
            (#"{"data_array":[["a"]]"#, .truncated(byteCount: 21)), (#"{"a":"#, .truncated(byteCount: 5)),
            ("", .truncated(byteCount: 0)), ("   ", .truncated(byteCount: 3)),
            (#"{"data_array":[["a" "b"]]}"#, .malformed(offset: 20, reason: "expected a comma or the end of a row")),
            (#"{"data_array":[["a",]]}"#, .malformed(offset: 20, reason: "expected a cell")),
            (#"{"data_array":[["a"],]}"#, .malformed(offset: 21, reason: "expected a row")),
            (#"{"data_array":[,["a"]]}"#, .malformed(offset: 15, reason: "expected a row")),
            (#"{"data_array":[[,"a"]]}"#, .malformed(offset: 16, reason: "expected a cell")),
            (#"{"data_array":["a"]}"#, .malformed(offset: 15, reason: "expected a row")),
            (
                #"{"data_array":[["a"]["b"]]}"#,
                .malformed(offset: 20, reason: "expected a comma or the end of the rows")
            ),
            (#"{"data_array":[[nulk]]}"#, .malformed(offset: 19, reason: "expected null")),
            (#"{"data_array":[["\x"]]}"#, .malformed(offset: 18, reason: "an unknown escape in a string")),
            (#"{"data_array":[["\u12g4"]]}"#, .malformed(offset: 21, reason: "an incomplete \\u escape")),
            ("{\"data_array\":[[\"a\nb\"]]}", .malformed(offset: 18, reason: "a control character in a string")),
            (#"{"data_array":[[01]]}"#, .malformed(offset: 18, reason: "a cell that is not JSON ends")),
            (#"{"data_array":[[{"a"}]]}"#, .malformed(offset: 20, reason: "a cell that is not JSON ends")),
            (#"{"data_array":[["a"]]}x"#, .malformed(offset: 22, reason: "data after the end")),
            (#"{"a":1}{"b":2}"#, .malformed(offset: 7, reason: "data after the end")),
            ("<html>", .malformed(offset: 0, reason: "not a JSON object")),
            (#"{"data_array":[["a"]],"data_array":[["b"]]}"#, .malformed(offset: 35, reason: "a second data_array")),
        ] as [(String, ScanError)])
    func malformed(_ text: String, _ expected: ScanError) {
        for size in pieceSizes { #expect(throws: expected) { try scan(Array(text.utf8), pieces: size) } }
    }

    @Test("any prefix of a document is truncated, and nothing worse")
    func prefixes() throws {
        let document = Array(try JSONEncoder().encode(Response(result: .init(data_array: Self.rows(count: 30)))))
        for length in 0..<document.count {
            #expect(throws: ScanError.truncated(byteCount: length)) { try scan(Array(document[..<length])) }
        }
    }

    @Test("a document with one byte changed is read as JSONDecoder reads it, or refused")
    func changedBytes() throws {
        let document = Array(try JSONEncoder().encode(Response(result: .init(data_array: Self.rows(count: 7)))))
        var random = SystemRandomNumberGenerator()
        let telling = Array("\"\\[]{},:un0-".utf8)
        for place in document.indices {
            for byte in telling + [UInt8.random(in: 0...255, using: &random)] {
                var changed = document
                changed[place] = byte
                let result = try? scan(changed, pieces: Int.random(in: 1...80, using: &random))
                let note = "byte \(byte) at \(place)"
                if let decoded = try? JSONDecoder().decode(Response.self, from: Data(changed)) {
                    let rows = decoded.result.data_array
                    let width = rows.first?.count ?? 0
                    let filled = rows.map { $0 + Array(repeating: nil, count: max(0, width - $0.count)) }
                    let fits = rows.allSatisfy { $0.count <= width }
                    #expect(result.map { cells($0.store) } == (fits ? filled : nil), "\(note)")
                }
                guard let result, (try? JSONValue.parse(result.envelope)) != nil else { continue }
                // What is accepted is JSON, but for UTF-8 that was repaired.
                #expect((try? JSONValue.parse(String(decoding: changed, as: UTF8.self))) != nil, "\(note)")
            }
        }
    }

    @Test("invalid UTF-8 is repaired, also when only two cells together would be valid")
    func repairs() throws {
        let parts: [[UInt8]] = [
            Array(#"{"data_array":[["a"#.utf8), [0xFF], Array(#"b",""#.utf8), [0xE2], Array(#"",""#.utf8),
            [0x82, 0xAC],
            Array(#""]]}"#.utf8),
        ]
        let store = try scan(Array(parts.joined())).store
        #expect(cells(store) == [["a\u{FFFD}b", "\u{FFFD}", "\u{FFFD}\u{FFFD}"]])
        #expect(throws: ScanError.tooLarge(limit: 6)) { try scan(Array(parts.joined()), limit: 6) }
    }

    @Test("a store has a size limit, and says so", arguments: pieceSizes)
    func limit(_ size: Int) throws {
        let rows = Array(repeating: #"["0123456789"]"#, count: 100).joined(separator: ",")
        let document = Array(#"{"data_array":[\#(rows)]}"#.utf8)
        #expect(try scan(document, pieces: size, limit: 1000).store.rowCount == 100)
        #expect(throws: ScanError.tooLarge(limit: 999)) { try scan(document, pieces: size, limit: 999) }
    }

    @Test("many columns")
    func manyColumns() throws {
        let row = "[" + (0..<5000).map { #""\#($0)""# }.joined(separator: ",") + "]"
        let store = try scan(Array(#"{"data_array":[\#(row),\#(row)]}"#.utf8)).store
        #expect(store.columnCount == 5000 && store.rowCount == 2)
        #expect(store.text(1, 4999) == "4999")
    }
}
