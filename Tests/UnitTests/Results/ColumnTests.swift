import Testing

@testable import Results

@Suite("Columns")
struct ColumnTests {
    @Test(
        "know the family of their type",
        arguments: [
            ("BIGINT", "LONG", .integer), ("INT", "", .integer), ("smallint", "", .integer),
            ("TINYINT", "BYTE", .integer),
            ("DECIMAL(10,2)", "DECIMAL", .decimal), ("DOUBLE", "DOUBLE", .float), ("FLOAT", "", .float),
            ("BOOLEAN", "BOOLEAN", .boolean), ("STRING", "STRING", .text), ("VARCHAR(5)", "", .text),
            ("STRING COLLATE UTF8_LCASE", "STRING", .text), ("DATE", "DATE", .date),
            ("TIMESTAMP", "TIMESTAMP", .timestamp),
            ("TIMESTAMP_NTZ", "TIMESTAMP_NTZ", .timestamp), ("INTERVAL DAY TO SECOND", "INTERVAL", .interval),
            ("INTERVAL YEAR", "", .interval), ("BINARY", "BINARY", .binary), ("ARRAY<INT>", "ARRAY", .array),
            ("MAP<STRING, INT>", "MAP", .map), ("STRUCT<a: INT>", "STRUCT", .structure),
            ("VARIANT", "VARIANT", .variant),
            ("VOID", "NULL", .null), ("TIME(6)", "TIME", .other), ("GEOGRAPHY(4326)", "GEOGRAPHY", .other),
            ("", "", .other),
            ("BIGINT", "SOMETHING_NEW", .integer), ("", "LONG", .integer), ("pointUDT", "USER_DEFINED_TYPE", .other),
        ] as [(String, String, Column.Kind)])
    func kinds(_ text: String, _ name: String, _ kind: Column.Kind) {
        let column = Column(name: "c", typeText: text, typeName: name)
        #expect(column.kind == kind)
        #expect(column.alignsRight == [.integer, .decimal, .float].contains(kind))
        #expect(column.typeText == text)
    }

    @Test("take the name of their type from its text")
    func typeName() {
        #expect(Column(name: "c", typeText: "decimal(10,2)").typeName == "DECIMAL")
        #expect(Column(name: "c", typeText: "BIGINT", typeName: "LONG").typeName == "LONG")
    }
}
