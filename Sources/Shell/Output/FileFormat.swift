import Databricks
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
        /// What the service itself writes.
        case service(ServiceFormat)
    }

    /// Nil when the name does not say.
    var content: Content?
    var compression: Compression?

    private static let arrowEndings = ["arrow", "arrows"]
    private static let compressions: [String: Compression] = ["gz": .gzip, "zst": .zstd]

    init(path: String) {
        let name = path.split(separator: "/").last ?? ""
        var parts = name.split(separator: ".").dropFirst().map { $0.lowercased() }
        if let last = parts.last, let compression = Self.compressions[last] {
            self.compression = compression
            parts.removeLast()
        }
        content = parts.last.flatMap(Self.content)
    }

    private static func content(ofEnding ending: String) -> Content? {
        if arrowEndings.contains(ending) { return .service(.arrow) }
        if ending == "parquet" { return .service(.parquet) }
        return Format.allCases.first { $0.fileEndings.contains(ending) }.map { .text($0) }
    }

    /// A file for the service's own CSV: its name has to say nothing, but may not say anything else.
    /// - Throws: `UsageError`.
    init(serviceCSV path: String) throws {
        self.init(path: path)
        guard content == nil || content == .text(.csv) else {
            throw UsageError("the service's CSV is asked for, and \(path) names another format", hint: "end it in csv")
        }
        content = .service(.csv)
    }

    /// What the service is asked for; nil for what dbsh writes.
    var service: ServiceFormat? { if case .service(let format)? = content { format } else { nil } }

    /// Whether bytes of the service's in that format can go into the file as they are.
    func takes(_ format: ServiceFormat) -> Bool {
        service?.request == format.request || content == .text(.csv) && format == .csv
    }

    /// The text format that the name asks for.
    var format: Format? { if case .text(let format)? = content { format } else { nil } }

    /// For messages: what names may end in.
    static let endings =
        (Format.allCases.compactMap(\.fileEndings.first) + arrowEndings.prefix(1)).joined(separator: ", ")
        + ", each also with .gz or .zst, and parquet"
}

/// A format that the service writes and dbsh passes on byte for byte.
nonisolated enum ServiceFormat: Equatable, Sendable {
    /// One Arrow IPC stream.
    case arrow
    /// CSV in which NULL and the text `null` look the same.
    case csv
    /// The Arrow stream, written as Parquet by Python.
    case parquet

    /// What a statement asks for.
    var request: StatementRequest.Format {
        switch self {
        case .arrow, .parquet: .arrow
        case .csv: .csv
        }
    }

    /// Such a result that is there already.
    init?(_ format: StatementFormat?) {
        switch format?.request {
        case .arrow: self = .arrow
        case .csv: self = .csv
        case .json, nil: return nil
        }
    }

    /// What the name of a file ends in, for messages.
    var ending: String {
        switch self {
        case .arrow: "arrow"
        case .csv: "csv"
        case .parquet: "parquet"
        }
    }

    /// For messages.
    var title: String {
        switch self {
        case .arrow: "Arrow"
        case .csv: "the service's own CSV"
        case .parquet: "Parquet"
        }
    }

    /// How to do without.
    var alternative: String {
        switch self {
        case .arrow, .parquet: "write it as csv, json or jsonl"
        case .csv: "leave out --service-csv: dbsh then writes the CSV"
        }
    }
}
