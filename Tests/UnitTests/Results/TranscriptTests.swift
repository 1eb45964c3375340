import Testing

@testable import Results

/// Rows that go from JSON straight into the text of a format, compared in every byte with rows that are kept and then
/// written.
@Suite("Rows written without being kept")
struct TranscriptTests {
    static let formats: [Format] = [.csv, .tsv, .json, .jsonl]

    /// What a document becomes, or why it is refused.
    private enum Outcome: Equatable {
        case written([UInt8])
        case refused(ScanError)
        case mismatch(ColumnMismatch)

        init(_ body: () throws -> [UInt8]) {
            do { self = .written(try body()) } catch let error as ScanError { self = .refused(error) } catch {
                self = (error as? ColumnMismatch).map(Outcome.mismatch) ?? .written(Array("\(error)".utf8))
            }
        }
    }

    private struct Case {
        var columns: [Column]
        var document: [UInt8]
        var options = FormatOptions()

        func kept(_ format: Format) -> Outcome {
            Outcome {
                var scanner = StatementResponseScanner(.rows)
                try document.withUnsafeBytes { try scanner.feed($0) }
                let store = try scanner.finish().store
                let output = CollectedOutput()
                let writer = format.writer(options: options, output: output)
                try writer.begin(columns)
                try writer.write(NestedCells(columns)?.typed(store) ?? store)
                try writer.end()
                return output.bytes
            }
        }

        /// - Parameters:
        ///   - ends: where the pieces of the document end, besides the last; each piece lies in memory of its own.
        ///   - batch: rows are taken when they are so many bytes; nil takes them at the end.
        func straight(
            _ format: Format, ends: [Int], batch: Int? = nil, storeFirst: Bool = false, isWide: Bool = true
        ) -> Outcome {
            Outcome {
                let output = CollectedOutput()
                let writer = format.writer(options: options, output: output)
                try writer.begin(columns)
                guard var syntax = writer.rowSyntax else { return Array("no syntax".utf8) }
                syntax.mayBeWide = isWide
                var scanner = StatementResponseScanner(
                    .rows, writing: syntax, batchBytes: batch ?? 1 << 20, storeFirst: storeFirst)
                let nested = NestedCells(columns)
                var start = 0
                for end in ends + [document.count] {
                    try Array(document[start..<end]).withUnsafeBytes { try scanner.feed($0) }
                    start = end
                    for store in scanner.takeBatches() { try writer.write(nested?.typed(store) ?? store) }
                    if let batch, let text = try scanner.takeText(atLeast: batch) { try writer.write(text) }
                }
                let text = Result { try scanner.takeText(atLeast: 0) }
                let store = try scanner.finish().store
                if let text = try text.get() { try writer.write(text) }
                try writer.write(nested?.typed(store) ?? store)
                try writer.end()
                return output.bytes
            }
        }
    }

    private static let types = [
        "STRING", "STRING", "BIGINT", "DECIMAL(38,10)", "DOUBLE", "BOOLEAN", "TIMESTAMP", "BINARY", "ARRAY<INT>",
        "MAP<STRING, INT>", "STRUCT<a: INT, b: ARRAY<STRING>>", "VARIANT", "GEOMETRY",
    ]

    private static let texts: [String] = [
        "", "a", "plain text", "2026-01-31T10:00:00.123Z", "1", "-1.5", "01", "9223372036854775807", "true", "NaN",
        "a,b",
        ",", "N", "NULL", "null", "é", "東京都庁", "👩‍🚀", "just over thirty-two bytes of text", "\u{7F}", "[]", "[1,2]", "{}",
        String(repeating: "sixty-four and more, ", count: 4), String(repeating: "é", count: 70),
        String(repeating: "x", count: 1500),
    ]

    /// JSON of cells as a server might write them, with escapes, and as none should.
    private static let odd: [[UInt8]] = [
        Array(#""say \"hi\"""#.utf8), Array(#""\n""#.utf8), Array(#""\r\t\\\/\b\f""#.utf8), Array(#""\u00e9,""#.utf8),
        Array(#""\ud83d\ude00""#.utf8), Array(#""\ud83d|\udc00""#.utf8), Array(#""[\"1\",\"2\",null]""#.utf8),
        Array(#""{\"a\":\"1\",\"b\":[\"x\"]}""#.utf8), Array(#""{\n \"a\": 1}""#.utf8), Array("12.50".utf8),
        Array("true".utf8), Array(#"{"a":[1,"]"]}"#.utf8), Array(#"[null]"#.utf8), [0x22, 0xFF, 0x22],
        [0x22, 0x61, 0xE2, 0x82, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x2C, 0x22], Array(#" "blank before""#.utf8),
        Array(#""blank behind" "#.utf8), Array("\n\"line\"\t".utf8), Array(#""\\N""#.utf8),
    ]

    private static func random(_ seed: UInt64, rows: Int, odd share: Int) -> Case {
        var random = Generator(state: seed)
        let count = Int.random(in: 1...7, using: &random)
        let columns = (0..<count).map { index in
            let long = index == 2 ? " and a key of more than sixteen bytes" : ""
            return Column(
                name: ["id", "id", "", "a,b", "é\"\n"][index % 5] + long,
                typeText: types.randomElement(using: &random)!)
        }
        var document: [UInt8] = [0x5B]
        for row in 0..<rows {
            document += row == 0 ? [0x5B] : [0x2C, 0x5B]
            for column in 0..<count {
                if column > 0 { document.append(0x2C) }
                switch Int.random(in: 0..<100, using: &random) {
                case ..<share: document += odd.randomElement(using: &random)!
                case ..<(share + 15): document += Array("null".utf8)
                default: document += [0x22] + Array(texts.randomElement(using: &random)!.utf8) + [0x22]
                }
            }
            document.append(0x5D)
        }
        var options = FormatOptions()
        let long = "a longer text for NULL than fits, \"a vector\""
        options.nullText = [nil, nil, "NULL", "\u{2205}", long].randomElement(using: &random)!
        return Case(columns: columns, document: document + [0x5D], options: options)
    }

    @Test("as if they had been kept, wherever the bytes are cut", arguments: formats, 1...3 as ClosedRange<UInt64>)
    func cutEverywhere(_ format: Format, _ seed: UInt64) {
        let made = Self.random(seed, rows: 8, odd: Int(seed) * 6)
        let expected = made.kept(format)
        if case .written = expected {} else { Issue.record("\(expected)") }
        for end in 0...made.document.count {
            let outcome = made.straight(format, ends: [end], isWide: end % 3 != 0)
            #expect(outcome == expected, "cut at \(end)")
            if outcome != expected { break }
        }
    }

    @Test("in batches, and behind a first store", arguments: formats, 10...25 as ClosedRange<UInt64>)
    func batches(_ format: Format, _ seed: UInt64) {
        let made = Self.random(seed, rows: 300, odd: seed % 3 == 0 ? 0 : 5)
        let expected = made.kept(format)
        var random = Generator(state: seed)
        for storeFirst in [false, true] {
            for batch in [0, 500, 5000] {
                let ends = (0..<8).map { _ in Int.random(in: 0...made.document.count, using: &random) }.sorted()
                for isWide in [false, true] {
                    let outcome = made.straight(
                        format, ends: ends, batch: batch, storeFirst: storeFirst, isWide: isWide)
                    #expect(outcome == expected)
                }
            }
        }
    }

    @Test("a document with one byte changed has the same text, or the same error", arguments: formats)
    func changedBytes(_ format: Format) {
        var made = Self.random(UInt64(format.rawValue.count), rows: 9, odd: 5)
        let document = made.document
        var random = Generator(state: 5)
        let telling = Array("\"\\[]{},:un0- \n".utf8) + [0xC3, 0xFF, 0x01]
        for place in document.indices {
            made.document = document
            made.document[place] = telling.randomElement(using: &random)!
            let outcome = made.straight(format, ends: [Int.random(in: 0...document.count, using: &random)])
            let expected = made.kept(format)
            #expect(outcome == expected, "byte \(made.document[place]) at \(place)")
            if outcome != expected { break }
        }
    }

    @Test("rows of another width than the schema's are refused", arguments: formats)
    func mismatch(_ format: Format) {
        let row = #"["\#(String(repeating: "x", count: 90))","b"]"#
        var made = Case(
            columns: [Column(name: "a", typeText: "STRING")],
            document: Array("[\(Array(repeating: row, count: 20).joined(separator: ","))]".utf8))
        for columns in [1, 3] {
            made.columns = (0..<columns).map { Column(name: "\($0)", typeText: "STRING") }
            #expect(made.kept(format) == .mismatch(ColumnMismatch(expected: columns, found: 2)))
            #expect(made.straight(format, ends: [40]) == made.kept(format))
        }
        made.columns = (0..<2).map { Column(name: "\($0)", typeText: "STRING") }
        for extra in [#"["x"]"#, #"["x","y","z"]"#, "[]"] {
            let before = Array(repeating: row, count: 5).joined(separator: ",")
            made.document = Array("[\(before),\(extra),\(row),\(row)]".utf8)
            #expect(made.kept(format) == .refused(.ragged(row: 5, expected: 2)))
            #expect(made.straight(format, ends: []) == made.kept(format))
            #expect(made.straight(format, ends: [300, 500], batch: 0) == made.kept(format))
        }
    }

    @Test("cells of 10 MB, plain and with everything", arguments: formats)
    func large(_ format: Format) {
        for part in ["0123456789", "text, é and \\n\\\""] {
            let long = String(repeating: part, count: 10_000_000 / part.utf8.count)
            let made = Case(
                columns: [Column(name: "a", typeText: "STRING")], document: Array(#"[["x"],["\#(long)"],["y"]]"#.utf8))
            let ends = stride(from: 1 << 20, to: made.document.count, by: 1 << 20).map(\.self)
            let outcome = made.straight(format, ends: ends, batch: 0)
            #expect(outcome == made.kept(format))
        }
    }

    @Test("rows that are skipped come nowhere, and behind them comes a store")
    func skipping() throws {
        let made = Self.random(77, rows: 5000, odd: 3)
        let output = CollectedOutput()
        let writer = Format.tsv.writer(options: FormatOptions(), output: output)
        try writer.begin(made.columns)
        let syntax = try #require(writer.rowSyntax)
        var scanner = StatementResponseScanner(
            .rows, writing: syntax, batchBytes: 10_000, storeFirst: false, skipping: 1234)
        var rows = 0
        for start in stride(from: 0, to: made.document.count, by: 5000) {
            try made.document[start..<min(start + 5000, made.document.count)].withUnsafeBytes { try scanner.feed($0) }
            for store in scanner.takeBatches() { rows += store.rowCount }
            rows += try scanner.takeText(atLeast: 1)?.rowCount ?? 0
        }
        #expect(scanner.skippedRows == 1234)
        #expect(try rows + scanner.finish().store.rowCount == 5000 - 1234)
    }

    @Test("only the exact text formats can be written so")
    func others() throws {
        for format in Format.allCases {
            for sanitize in [false, true] {
                let writer = format.writer(options: FormatOptions(sanitize: sanitize), output: CollectedOutput())
                try writer.begin([Column(name: "a", typeText: "INT")])
                #expect((writer.rowSyntax != nil) == (!sanitize && Self.formats.contains(format)))
            }
        }
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
