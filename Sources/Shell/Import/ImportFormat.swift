/// What a file to be imported is written in.
nonisolated enum ImportFormat: String, WordChoice {
    case csv, tsv, json, jsonl, parquet

    var note: String {
        switch self {
        case .csv: "fields with commas (RFC 4180)"
        case .tsv: "fields with tabs, as PostgreSQL's COPY"
        case .json: "an array of objects"
        case .jsonl: "an object a line"
        case .parquet: "Parquet; it needs a staging volume"
        }
    }

    /// By the ending of a file's name, without that of its compression; nil when it does not say.
    init?(path: String) {
        var parts = (path.split(separator: "/").last ?? "").split(separator: ".").dropFirst().map { $0.lowercased() }
        if let last = parts.last, ["gz", "zst"].contains(last) { parts.removeLast() }
        switch parts.last {
        case "csv": self = .csv
        case "tsv", "tab": self = .tsv
        case "json": self = .json
        case "jsonl", "ndjson": self = .jsonl
        case "parquet": self = .parquet
        default: return nil
        }
    }

    /// A line is a record, or a part of one.
    var hasLines: Bool { isText || self == .jsonl }

    /// Values are text, which has to be cast.
    var isText: Bool { self == .csv || self == .tsv }
}
