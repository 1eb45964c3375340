import Results

/// What a file cannot say of a result's types, in words for the user.
enum ExportLoss {
    /// CSV, TSV and JSON.
    static func asText(_ columns: [Column]) -> [String] {
        var losses: [String] = []
        // The recordings of the service's JSON have three digits behind the second, in every zone.
        if columns.contains(where: { $0.kind == .timestamp || $0.has("TIMESTAMP") }) {
            losses.append(
                "timestamps are in milliseconds, as the service writes text; .arrow and .parquet keep microseconds")
        }
        if columns.contains(where: { $0.kind == .variant || $0.has("VARIANT") }) {
            losses.append("VARIANT is written as JSON, without the types of its values; .arrow and .parquet keep them")
        }
        return losses
    }

    static func asParquet(_ columns: [Column]) -> [String] {
        let names = columns.filter { $0.kind == .null }.map(\.name)
        guard !names.isEmpty else { return [] }
        return ["Parquet has no VOID: \(names.joined(separator: ", ")) became STRING"]
    }
}

extension Column {
    /// A type is in it somewhere, as in `ARRAY<TIMESTAMP>`.
    fileprivate func has(_ type: String) -> Bool { !typeText.isEmpty && typeText.uppercased().contains(type) }
}
