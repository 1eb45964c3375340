import Results

/// What a file's name says about what goes into it: `sales.csv.zst`.
nonisolated struct FileFormat: Equatable, Sendable {
    /// A program that compresses its standard input to its standard output. Programs and not libraries: they run beside
    /// dbsh on another core, so compressing does not slow the download, and add nothing to its memory or start-up.
    enum Compression: String, Sendable {
        case gzip, zstd

        var arguments: [String] {
            switch self {
            case .gzip: ["gzip", "--stdout"]
            case .zstd: ["zstd", "--quiet", "--stdout", "-T0"]
            }
        }
    }

    enum Content: Equatable, Sendable {
        case text(Format)
        /// The service's own Arrow IPC stream.
        case arrow
    }

    /// Nil when the name does not say.
    var content: Content?
    var compression: Compression?

    /// Endings of names and what they mean.
    private static let contents: [String: Content] = [
        "csv": .text(.csv), "tsv": .text(.tsv), "json": .text(.json), "jsonl": .text(.jsonl), "ndjson": .text(.jsonl),
        "md": .text(.markdown), "html": .text(.html), "sql": .text(.insert), "arrow": .arrow, "arrows": .arrow,
    ]
    private static let compressions: [String: Compression] = ["gz": .gzip, "zst": .zstd]

    init(path: String) {
        let name = path.split(separator: "/").last ?? ""
        var parts = name.split(separator: ".").dropFirst().map { $0.lowercased() }
        if let last = parts.last, let compression = Self.compressions[last] {
            self.compression = compression
            parts.removeLast()
        }
        content = parts.last.flatMap { Self.contents[$0] }
    }

    /// The text format that the name asks for.
    var format: Format? { if case .text(let format)? = content { format } else { nil } }

    /// For messages: what names may end in.
    static let endings = "csv, tsv, json, jsonl, arrow, each also with .gz or .zst"
}
