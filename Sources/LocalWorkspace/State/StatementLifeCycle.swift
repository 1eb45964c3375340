/// What a client asked for when it submitted a statement.
struct StatementRequest: Sendable, Equatable {
    /// A value for a marker in the statement: `:name`, or `?` when there is no name.
    struct Parameter: Sendable, Equatable {
        var name: String?
        /// SQL type; STRING when nil.
        var type: String?
        /// The value as text; nil is NULL.
        var value: String?

        /// The parameter as the engine's protocol has it.
        var json: JSON {
            let empty: JSON = [:]
            return empty.adding(["name": .optional(name), "type": .optional(type), "value": .optional(value)])
        }
    }

    enum Disposition: String, Sendable {
        case inline = "INLINE"
        case externalLinks = "EXTERNAL_LINKS"
    }

    /// What the rows are written in.
    enum Format: String, Sendable {
        case json = "JSON_ARRAY"
        /// Every chunk is an Arrow IPC stream.
        case arrow = "ARROW_STREAM"

        /// RFC 4180, with a header row in the first chunk only; NULL is the word `null` (api-contract 4.5).
        case csv = "CSV"

        /// The name in the engine's protocol.
        var engineName: String {
            switch self {
            case .json: "json"
            case .arrow: "arrow"
            case .csv: "csv"
            }
        }

        /// Media type of a chunk (IANA registry of media types).
        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .arrow: "application/vnd.apache.arrow.stream"
            case .csv: "text/csv"
            }
        }
    }

    var sql: String
    var sessionID: String?
    var catalog: String?
    var schema: String?
    var parameters: [Parameter] = []
    var rowLimit: Int?
    var byteLimit: Int?
    var disposition = Disposition.inline
    var format = Format.json
}

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

    /// Size of all chunks.
    var byteCount: Int { chunks.reduce(0) { $0 + $1.byteCount } }
}

/// How far the engine is with a statement: what its Spark jobs have read, and their tasks.
struct StatementMetrics: Sendable, Equatable {
    var rowsRead: Int
    var bytesRead: Int
    var tasks: Int
    var tasksLeft: Int
}

/// Why a statement failed: `status.error` and `status.sql_state` of the API.
struct StatementFailure: Sendable, Equatable {
    var code: String
    var message: String
    var sqlState: String?
}

/// One statement from submission to the end of its result.
struct StatementLifeCycle: Sendable {
    enum State: Sendable, Equatable {
        case pending, running
        case succeeded(StatementOutput)
        case failed(StatementFailure)
        case canceled
        /// The result was given up, by the client or because it grew old.
        case closed

        /// The API's name of the state.
        var name: String {
            switch self {
            case .pending: "PENDING"
            case .running: "RUNNING"
            case .succeeded: "SUCCEEDED"
            case .failed: "FAILED"
            case .canceled: "CANCELED"
            case .closed: "CLOSED"
            }
        }
    }

    let id: String
    let request: StatementRequest
    let submitted: Timestamp
    private(set) var state = State.pending
    private(set) var started: Timestamp?
    private(set) var ended: Timestamp?
    /// As the engine said last; nil for a statement that was quick.
    private(set) var metrics: StatementMetrics?

    /// The largest result with disposition INLINE, in bytes (api-contract 4.6).
    static let inlineLimit = 25 << 20

    init(id: String, request: StatementRequest, submitted: Timestamp) {
        self.id = id
        self.request = request
        self.submitted = submitted
    }

    /// The statement is not over.
    var isOpen: Bool { state == .pending || state == .running }

    /// The chunks that a client gets to see. Without rows there is nothing to fetch, but an Arrow stream has its schema
    /// and CSV its header.
    func chunks(of output: StatementOutput) -> [StatementOutput.Chunk] {
        output.rowCount > 0 || request.format != .json && !output.columns.isEmpty ? output.chunks : []
    }

    /// The engine runs the statement.
    mutating func running(at now: Timestamp) {
        guard state == .pending else { return }
        (state, started) = (.running, now)
    }

    /// The engine says how far it is.
    mutating func progressed(_ metrics: StatementMetrics) {
        if isOpen { self.metrics = metrics }
    }

    /// The engine has rows. Too many for an inline result are a failure, as in the service. False when nobody wants
    /// them: the statement was over.
    mutating func succeeded(_ output: StatementOutput, at now: Timestamp) -> Bool {
        guard isOpen else { return false }
        if request.disposition == .inline, output.byteCount > Self.inlineLimit {
            failed(.inlineLimit, at: now)
            return false
        }
        (state, ended) = (.succeeded(output), now)
        return true
    }

    /// The statement failed.
    mutating func failed(_ failure: StatementFailure, at now: Timestamp) {
        if isOpen { (state, ended) = (.failed(failure), now) }
    }

    /// Cancels an open statement; whatever the engine says of it later is dropped. False when it was over.
    mutating func cancel(at now: Timestamp) -> Bool {
        guard isOpen else { return false }
        (state, ended) = (.canceled, now)
        return true
    }

    /// Gives up the result.
    mutating func close(at now: Timestamp) {
        state = .closed
        ended = ended ?? now
    }
}

extension StatementFailure {
    /// A result that INLINE cannot carry.
    static let inlineLimit = StatementFailure(
        code: "BAD_REQUEST",
        message: """
            Inline byte limit exceeded. Statements executed with disposition=INLINE can have a result size of at most \
            \(StatementLifeCycle.inlineLimit) bytes. Please execute the statement with disposition=EXTERNAL_LINKS.
            """,
        sqlState: nil)
}
