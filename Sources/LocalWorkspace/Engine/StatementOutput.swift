/// The rows of a statement that succeeded.
struct StatementOutput: Sendable, Equatable {
    /// A part of the rows, as finished `data_array` text or an Arrow stream.
    struct Chunk: Sendable, Equatable {
        enum Source: Sendable, Equatable {
            case rows([UInt8])
            case file(String)
        }

        let index: Int
        let rowOffset: Int
        let rowCount: Int
        let byteCount: Int
        let source: Source
    }

    /// `manifest.schema.columns`, as the engine describes them.
    var columns: [JSON]
    var rowCount: Int
    /// Rows were cut off by `row_limit` or `byte_limit`.
    var truncated: Bool
    var chunks: [Chunk]
    /// The rows say what the client has to do with a file in a volume.
    var isVolumeOperation = false

    /// Size of all chunks.
    var byteCount: Int { chunks.reduce(0) { $0 + $1.byteCount } }
}

/// How far the engine is with a statement: what its Spark jobs have read, and their tasks.
struct StatementMetrics: Sendable, Equatable {
    var rowsRead: Int
    var bytesRead: Int
    var tasksLeft: Int
}

/// Why a statement failed: `status.error` and `status.sql_state` of the API.
struct StatementFailure: Sendable, Equatable {
    var code: String
    var message: String
    var sqlState: String?
}
