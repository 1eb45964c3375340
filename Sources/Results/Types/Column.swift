/// One column of a result: its name and its SQL type.
///
/// `typeText` and `typeName` are the fields `type_text` and `type_name` of a statement's manifest (SQL Statement
/// Execution API, `ColumnInfo`), for instance `DECIMAL(10,2)` and `DECIMAL`. The kind is read from them leniently:
/// the service sends types its documented enum does not hold (VARIANT, TIMESTAMP_NTZ, …).
package struct Column: Sendable, Equatable {
    /// The families of types that the formats tell apart.
    package enum Kind: Sendable, Equatable {
        case integer, decimal, float, boolean, text, date, timestamp, interval, binary
        case array, map, structure, variant, null, other
    }

    /// As the server sent it; may be empty, and need not be unique.
    package let name: String
    /// The full SQL type, nested types included: `MAP<STRING, INT>`. Empty when unknown.
    package let typeText: String
    /// The type's name in the API's enum: `LONG` for `BIGINT`.
    package let typeName: String
    /// The family of the type.
    package let kind: Kind
    /// Of a list that dbsh makes itself: tables for people leave out the line of types, which is all but the same everywhere.
    package private(set) var isOwn = false
    /// Of a list that dbsh makes itself: its cells are shown whole or not at all, as ids are of no use otherwise.
    package private(set) var isWhole = false
    /// Of a list that dbsh makes itself: where there is no room for all columns, those with the highest number go first. Columns
    /// with 0 stay as long as there is any room.
    package private(set) var rank = 0

    /// A column of a type; with an empty `typeName` the type is known by its text alone.
    package init(name: String, typeText: String, typeName: String = "") {
        self.name = name
        self.typeText = typeText
        let head = Self.head(of: typeText)
        self.typeName = typeName.isEmpty ? head : typeName
        let kind = Self.kind(named: typeName.uppercased())
        self.kind = kind == .other ? Self.kind(named: head) : kind
    }

    /// Whether cells stand at the right edge of their column, digits under digits.
    package var alignsRight: Bool {
        switch kind {
        case .integer, .decimal, .float: true
        default: false
        }
    }

    /// Whether a cell that is cut would pass for another value: what begins `2016-01` or `12345678` is no date and no number.
    var isAllOrNothing: Bool {
        switch kind {
        case .integer, .decimal, .float, .boolean, .date, .timestamp, .interval: true
        default: isWhole
        }
    }

    /// Whether its type is written short: `DECIMAL(10,2)`, and not a structure of fields.
    var isScalar: Bool {
        switch kind {
        case .array, .map, .structure: false
        default: true
        }
    }

    /// The first word of a type: `INTERVAL DAY TO SECOND` → `INTERVAL`, `ARRAY<INT>` → `ARRAY`.
    private static func head(of typeText: String) -> String {
        String(typeText.prefix { $0.isLetter || $0 == "_" || $0.isNumber }).uppercased()
    }

    private static func kind(named name: String) -> Kind {
        switch name {
        case "BYTE", "SHORT", "INT", "LONG", "TINYINT", "SMALLINT", "INTEGER", "BIGINT": .integer
        case "DECIMAL", "DEC", "NUMERIC": .decimal
        case "FLOAT", "DOUBLE", "REAL": .float
        case "BOOLEAN", "BOOL": .boolean
        case "STRING", "CHAR", "VARCHAR": .text
        case "DATE": .date
        case "TIMESTAMP", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ": .timestamp
        case "INTERVAL": .interval
        case "BINARY": .binary
        case "ARRAY": .array
        case "MAP": .map
        case "STRUCT": .structure
        case "VARIANT": .variant
        case "NULL", "VOID": .null
        default: .other
        }
    }
}

extension Column {
    /// A column of a list that dbsh makes itself.
    package static func text(_ name: String) -> Column { own(name, "STRING") }
    package static func number(_ name: String) -> Column { own(name, "BIGINT") }

    private static func own(_ name: String, _ typeText: String) -> Column {
        var column = Column(name: name, typeText: typeText)
        column.isOwn = true
        return column
    }

    /// A column of ids, times and the like, whose cells are never shortened.
    package static func whole(_ name: String) -> Column {
        var column = text(name)
        column.isWhole = true
        return column
    }

    /// The same column, which goes before those of a lower rank where there is no room for all.
    package func leaving(_ rank: Int) -> Column {
        var column = self
        column.rank = rank
        return column
    }
}
