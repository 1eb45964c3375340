import Results

/// A table or view as the Unity Catalog API describes it.
package struct CatalogTable: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var fullName: String { json.string("full_name") ?? json.string("name") ?? "" }
    /// Such as `MANAGED`, `EXTERNAL`, `VIEW`, `MATERIALIZED_VIEW`, `STREAMING_TABLE`.
    package var type: String? { json.string("table_type") }
    /// Such as `DELTA`.
    package var format: String? { json.string("data_source_format") }
    package var owner: String? { json.string("owner") }
    package var comment: String? { json.string("comment") }
    /// Milliseconds since 1970.
    package var created: Int? { json.integer("created_at") }
    package var updated: Int? { json.integer("updated_at") }

    package struct Column: Sendable, Equatable {
        package let name: String
        package let type: String
        package let comment: String?
        package let isNullable: Bool
        /// Where it stands among the partition columns.
        package let partition: Int?

        init(_ json: JSONValue) {
            name = json.string("name") ?? ""
            type = json.string("type_text") ?? json.string("type_name") ?? ""
            comment = json.string("comment")
            isNullable = json["nullable"] != .bool(false)
            partition = json.integer("partition_index")
        }
    }

    /// In the table's order.
    package var columns: [Column] {
        json.elements("columns").enumerated()
            .sorted { ($0.element.integer("position") ?? $0.offset) < ($1.element.integer("position") ?? $1.offset) }
            .map { Column($0.element) }
    }

    package var partitions: [String] {
        columns.filter { $0.partition != nil }.sorted { ($0.partition ?? 0) < ($1.partition ?? 0) }.map(\.name)
    }

    /// Columns of liquid clustering: a property holds them as JSON, `[["a"],["b","c"]]`, a list of parts each.
    package var clustering: [String] {
        guard let text = property("clusteringColumns"), let list = try? JSONValue.parse(Array(text.utf8)) else {
            return []
        }
        return (list.elements ?? []).compactMap { column in
            column.elements.map { $0.compactMap(\.scalarText).joined(separator: ".") } ?? column.scalarText
        }
    }

    /// Primary and foreign keys in SQL's words, and CHECK constraints, which are properties.
    package var constraints: [String] {
        let keys = json.elements("table_constraints").compactMap(Self.constraint)
        let prefix = "delta.constraints."
        let checks = properties.filter { $0.name.hasPrefix(prefix) }
            .map { "CHECK \($0.name.dropFirst(prefix.count)) (\($0.value))" }
        return keys + checks
    }

    /// Columns that declared foreign keys of one column hold, each with the path of the column that it refers to.
    package var references: [String: [String]] {
        var found: [String: [String]] = [:]
        for key in json.elements("table_constraints").compactMap({ $0["foreign_key_constraint"] }) {
            let own = key.elements("child_columns").compactMap(\.scalarText)
            let other = key.elements("parent_columns").compactMap(\.scalarText)
            guard own.count == 1, other.count == 1, let table = key.string("parent_table") else { continue }
            found[own[0]] = table.split(separator: ".").map(String.init) + other
        }
        return found
    }

    private static func constraint(_ json: JSONValue) -> String? {
        func names(_ json: JSONValue, _ key: String) -> String {
            "(" + json.elements(key).compactMap(\.scalarText).joined(separator: ", ") + ")"
        }
        if let key = json["primary_key_constraint"] { return "PRIMARY KEY " + names(key, "child_columns") }
        if let key = json["foreign_key_constraint"] {
            return "FOREIGN KEY \(names(key, "child_columns")) REFERENCES "
                + "\(key.string("parent_table") ?? "?") \(names(key, "parent_columns"))"
        }
        return json["named_table_constraint"]?.string("name")
    }

    /// Rows and bytes when the last ANALYZE counted them.
    package var rowCount: Int? { property("spark.sql.statistics.numRows").flatMap { Int($0) } }
    package var byteCount: Int? { property("spark.sql.statistics.totalSize").flatMap { Int($0) } }

    package var properties: [(name: String, value: String)] {
        guard case .object(let members) = json["properties"] else { return [] }
        return members.compactMap { member in member.value.scalarText.map { (member.key, $0) } }
    }

    private func property(_ name: String) -> String? { json["properties"]?.string(name) }
}
