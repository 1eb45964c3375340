import Testing

@testable import Results

/// Rows given out while the document still arrives, and rows put aside on the disk.
@Suite("Batches")
struct BatchTests {
    private static let document: [UInt8] = {
        let rows = (0..<200).map { row -> String in
            let cells = ["\(row)", String(repeating: "é\\n\\\"x", count: row % 7), row % 5 == 0 ? nil : "v\(row)"]
            return "[" + cells.map { $0.map { "\"\($0)\"" } ?? "null" }.joined(separator: ",") + "]"
        }
        return Array(#"{"chunk_index":0,"data_array":[\#(rows.joined(separator: " ,\n"))],"next_chunk_index":1}"#.utf8)
    }()

    private func rows(_ store: ResultStore) -> [[String?]] {
        (0..<store.rowCount).map { row in (0..<store.columnCount).map { store.text(row, $0) } }
    }

    @Test(
        "are the rows of the whole, wherever the bytes are cut", arguments: [1, 2, 3, 7, 64, 1000, 100_000],
        [1, 50, 1000, 1 << 20])
    func equalWhole(piece: Int, batch: Int) throws {
        let whole = try scan(Self.document, pieces: 100_000)
        var scanner = StatementResponseScanner(.response, batchBytes: batch)
        var batches: [ResultStore] = []
        for start in stride(from: 0, to: Self.document.count, by: piece) {
            try Self.document[start..<min(start + piece, Self.document.count)].withUnsafeBytes { try scanner.feed($0) }
            batches += scanner.takeBatches()
        }
        let (envelope, rest) = try scanner.finish()
        batches.append(rest)
        #expect(envelope == whole.envelope)
        #expect(batches.flatMap(rows) == rows(whole.store))
        #expect(batch > 10_000 || piece > 1000 || batches.count > 3)
        // What is known of a column holds for the batch alone.
        for store in batches {
            for column in 0..<store.columnCount {
                let cells = (0..<store.rowCount).map { store.cell($0, column) }
                #expect(store.columnFacts[column].nulls == cells.count { $0 == nil })
                #expect(store.columnFacts[column].longest == cells.compactMap { $0?.count }.max() ?? 0)
            }
        }
    }

    @Test(
        "rows that are skipped are read, counted and not kept", arguments: [0, 1, 99, 199, 200, 500],
        [1, 64, 1000, 100_000])
    func skipping(count: Int, piece: Int) throws {
        let whole = try scan(Self.document, pieces: 100_000)
        for batch in [nil, 1, 1000] {
            var scanner = StatementResponseScanner(.response, batchBytes: batch, skipping: count)
            var batches: [ResultStore] = []
            for start in stride(from: 0, to: Self.document.count, by: piece) {
                try Self.document[start..<min(start + piece, Self.document.count)]
                    .withUnsafeBytes { try scanner.feed($0) }
                batches += scanner.takeBatches()
            }
            let (envelope, rest) = try scanner.finish()
            #expect(envelope == whole.envelope)
            #expect((batches + [rest]).flatMap(rows) == Array(rows(whole.store).dropFirst(count)))
        }
    }

    @Test("many rows that are skipped are counted too")
    func skippingManyRows() throws {
        let document = Array("[\((0..<50_000).map { #"["\#($0)","some text"]"# }.joined(separator: ","))]".utf8)
        var scanner = StatementResponseScanner(.rows, batchBytes: 1 << 20, skipping: 49_998)
        try document.withUnsafeBytes { try scanner.feed($0) }
        #expect(scanner.takeBatches().isEmpty && scanner.rowCount < 50_000)
        let store = try scanner.finish().store
        #expect(rows(store) == [["49998", "some text"], ["49999", "some text"]])
    }

    @Test("reading can stop within the rows, wherever", arguments: [1, 7, 100, 3000])
    func stop(bytes: Int) throws {
        let whole = try scan(Self.document, pieces: 100_000)
        let head = Self.document.prefix(Self.document.count / 2 + bytes)
        var scanner = StatementResponseScanner()
        #expect(scanner.openEnvelope == nil)
        try Array(head).withUnsafeBytes { try scanner.feed($0) }
        #expect(scanner.openEnvelope == Array(#"{"chunk_index":0,"data_array":[]}"#.utf8))
        let count = scanner.rowCount
        #expect(count > 50)
        #expect(try rows(scanner.stop()) == Array(rows(whole.store).prefix(count)))
    }

    @Test("a row that is too long is counted from the start of the document")
    func longRow() throws {
        var scanner = StatementResponseScanner(.rows, batchBytes: 1)
        let error = #expect(throws: ScanError.self) {
            try Array(#"[["a"],["b"],["c","d"]]"#.utf8).withUnsafeBytes { try scanner.feed($0) }
        }
        #expect(error == .longRow(row: 2, columns: 1))
    }

    @Test("without the first rows")
    func suffix() throws {
        let store = ResultStore(columnCount: 2, rows: [["a", nil], [nil, "b"], ["", "c"]])
        #expect(rows(store.withoutFirst(1)) == [[nil, "b"], ["", "c"]])
        #expect(rows(store.withoutFirst(3)).isEmpty)
    }

    @Test("what waits on the disk is drawn like what is in memory", arguments: [Format.box, .table, .markdown])
    func spilled(_ format: Format) throws {
        let columns = [
            Column(name: "id", typeText: "INT"), Column(name: "text", typeText: "STRING"),
            Column(name: "n", typeText: "STRING"),
        ]
        let stores = (0..<40).map { batch in
            ResultStore(
                columnCount: 3,
                rows: (0..<50).map {
                    [
                        "\(batch * 50 + $0)",
                        ["東京", "", "a\u{1B}b", "x"][$0 % 4] + String(repeating: "y", count: batch),
                        $0 % 3 == 0 ? nil : "",
                    ]
                })
        }
        func drawn(memory: Int) throws -> String {
            var options = FormatOptions()
            options.spill = SpillOptions(memoryLimit: memory)
            let output = CollectedOutput()
            let writer = format.writer(options: options, output: output)
            try writer.begin(columns)
            for store in stores { try writer.write(store) }
            try writer.end()
            return output.text
        }
        #expect(try drawn(memory: 0) == drawn(memory: 1 << 30))
        #expect(try drawn(memory: 20_000) == drawn(memory: 1 << 30))
    }

    @Test("a directory that takes nothing is named")
    func noSpace() throws {
        var options = FormatOptions()
        options.spill = SpillOptions(memoryLimit: 0, directory: "/nonexistent")
        let writer = Format.box.writer(options: options, output: CollectedOutput())
        try writer.begin([Column(name: "a", typeText: "INT")])
        let error = #expect(throws: SpillError.self) { try writer.write(ResultStore(columnCount: 1, rows: [["1"]])) }
        #expect(error?.directory == "/nonexistent" && error?.code == 2)
    }

    @Test("auto is box when all fits, and vertical when something would be cut")
    func auto() throws {
        let columns = (0..<6).map { Column(name: "column\($0)", typeText: "STRING") }
        let rows: [[String?]] = [Array(repeating: "some words", count: 6)]
        for (width, expected) in [(200, Format.box), (40, .vertical)] {
            var options = FormatOptions(width: width)
            let plain = try render(expected, columns, rows, options)
            options.verticalWhenCut = true
            #expect(try render(.box, columns, rows, options) == plain)
        }
    }

    @Test("rows that were not fetched count as hidden")
    func skipped() throws {
        let writer = Format.box.writer(options: FormatOptions(rowLimit: 4), output: CollectedOutput())
        try writer.begin([Column(name: "a", typeText: "INT")])
        try writer.write(ResultStore(columnCount: 1, rows: [["1"], ["2"], ["3"]]))
        (writer as? any LimitedWriter)?.skip(1_000_000)
        try writer.write(ResultStore(columnCount: 1, rows: [["8"], ["9"]]))
        try writer.end()
        #expect(writer.omissions.hiddenRows == 1_000_001)
    }
}
