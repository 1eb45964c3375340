import System

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
    let submitted: WallTime
    private(set) var state = State.pending
    private(set) var started: WallTime?
    private(set) var ended: WallTime?
    /// As the engine said last; nil for a statement that was quick.
    private(set) var metrics: StatementMetrics?
    /// What it cost, once the engine has said it.
    private(set) var measures: JSON?

    /// The largest result with disposition INLINE, in bytes (API README).
    static let inlineLimit = 25 << 20

    init(id: String, request: StatementRequest, submitted: WallTime) {
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
    mutating func running(at now: WallTime) {
        guard state == .pending else { return }
        (state, started) = (.running, now)
    }

    /// The engine says how far it is.
    mutating func progressed(_ metrics: StatementMetrics) {
        if isOpen { self.metrics = metrics }
    }

    /// The engine says what the statement, which is over, has cost.
    mutating func measured(_ measures: JSON) { self.measures = measures }

    /// Whether nothing more will be known of it.
    var isSettled: Bool {
        if case .succeeded = state { return measures != nil }
        return !isOpen
    }

    /// The engine has rows. Too many for an inline result are a failure, as in the service. False when nobody wants
    /// them: the statement was over.
    mutating func succeeded(_ output: StatementOutput, at now: WallTime) -> Bool {
        guard isOpen else { return false }
        if request.disposition == .inline, output.byteCount > Self.inlineLimit {
            failed(.inlineLimit, at: now)
            return false
        }
        (state, ended) = (.succeeded(output), now)
        return true
    }

    /// The statement failed.
    mutating func failed(_ failure: StatementFailure, at now: WallTime) {
        if isOpen { (state, ended) = (.failed(failure), now) }
    }

    /// Cancels an open statement; whatever the engine says of it later is dropped. False when it was over.
    mutating func cancel(at now: WallTime) -> Bool {
        guard isOpen else { return false }
        (state, ended) = (.canceled, now)
        return true
    }

    /// Gives up the result.
    mutating func close(at now: WallTime) {
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
