import Testing

@testable import Results

@Suite("Order of cells")
struct CellOrderTests {
    private func sorted(_ cells: [String?], _ type: String, descending: Bool = false) -> [String?] {
        let store = ResultStore(columnCount: 1, rows: cells.map { [$0] })
        let rows = (0..<store.rowCount).map { (store: store, row: $0) }
        return CellOrder(Column(name: "c", typeText: type)).sorted(rows, by: 0, descending: descending).map {
            cells[$0]
        }
    }

    @Test("numbers by value, also where doubles are the same; NULLs last")
    func numbers() {
        #expect(sorted(["10", "9", nil, "-1", "-10"], "INT") == ["-10", "-1", "9", "10", nil])
        #expect(sorted(["10", "9", nil, "-1"], "INT", descending: true) == ["10", "9", "-1", nil])
        let large = ["9007199254740993", "9007199254740992", "-9007199254740992", "-9007199254740993"]
        #expect(sorted(large, "BIGINT") == [large[3], large[2], large[1], large[0]])
        #expect(sorted(["1.0E20", "NaN", "2.5", "-Infinity"], "DOUBLE") == ["-Infinity", "2.5", "1.0E20", "NaN"])
        #expect(sorted(["10", "9"], "STRING") == ["10", "9"])
        #expect(sorted(["b", "a", "", "é"], "STRING", descending: true) == ["é", "b", "a", ""])
    }
}
