import Results

/// The result of a statement that has succeeded. Its first rows are here, the others are fetched while they are read.
package struct StatementResult: Sendable {
    private let client: Client
    private let reply: StatementReply

    init(client: Client, reply: StatementReply) {
        self.client = client
        self.reply = reply
    }

    /// The result of any statement that has succeeded, from the API's reply about it.
    /// - Throws: `StatementError` when it has ended otherwise; nil is returned for one that has not ended.
    package static func of(_ reply: StatementReply, client: Client) throws -> StatementResult? {
        if let error = reply.error { throw error }
        return reply.state == .succeeded ? StatementResult(client: client, reply: reply) : nil
    }

    package var id: String { reply.id }
    /// Empty for statements that return no table, such as DDL.
    package var columns: [Column] { reply.columns }
    package var totalRowCount: Int? { reply.totalRowCount }
    /// A row or byte limit cut the result short.
    package var truncated: Bool { reply.isTruncated }

    /// Every chunk of rows, in order, each once; the next ones are fetched while one is used, two at most.
    package func batches() -> StatementBatches {
        StatementBatches(client: client, reply: reply)
    }
}

/// The chunks of a result, for one reader. Letting go of it ends the fetching.
package struct StatementBatches: AsyncSequence, Sendable {
    package typealias Element = ResultStore
    package typealias Failure = any Error

    fileprivate let client: Client
    fileprivate let reply: StatementReply

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(chunks: ChunkFetcher(client: client, reply: reply))
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let chunks: ChunkFetcher

        /// - Throws: as `Client.json`; `APIError` with code `INCOMPLETE_RESULT` at the end, when rows are missing.
        package mutating func next() async throws -> ResultStore? {
            try await chunks.next()
        }
    }
}

/// Fetches chunks ahead of the reader, a bounded number, and gives them out in order.
private final class ChunkFetcher {
    /// Chunks under way beside the one in use: enough to hide the round trip, few enough to bound memory (25 MiB a
    /// chunk).
    private static let ahead = 2

    private let client: Client
    private let reply: StatementReply
    /// Under way, in order.
    private var pending: [Task<StatementChunk, any Error>] = []
    /// Index of the next chunk to ask for; nil when there is none or it is not known yet.
    private var upcoming: Int?
    private var isStarted = false
    private var rows = 0

    init(client: Client, reply: StatementReply) {
        self.client = client
        self.reply = reply
    }

    deinit {
        pending.forEach { $0.cancel() }
    }

    func next() async throws -> ResultStore? {
        guard isStarted else {
            isStarted = true
            return try await first()
        }
        fetchAhead()
        guard !pending.isEmpty else {
            try checkCount()
            return nil
        }
        let task = pending.removeFirst()
        let chunk = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        took(chunk)
        return chunk.store
    }

    private func first() async throws -> ResultStore? {
        let chunk = try await client.statements.followingLink(of: reply.chunk)
        took(chunk)
        return chunk.store
    }

    private func took(_ chunk: StatementChunk) {
        rows += chunk.store.rowCount
        // With the number of chunks known, indices need not be learnt one by one.
        if pending.isEmpty { upcoming = upcoming ?? chunk.next }
        fetchAhead()
    }

    private func fetchAhead() {
        while let index = upcoming, pending.count < Self.ahead {
            let (statements, id) = (client.statements, reply.id)
            pending.append(Task { try await statements.chunk(index, of: id) })
            upcoming = reply.totalChunkCount.flatMap { index + 1 < $0 ? index + 1 : nil }
            if reply.totalChunkCount == nil { return }
        }
    }

    /// A result with rows missing must not pass for whole.
    private func checkCount() throws {
        guard let total = reply.totalRowCount, !reply.isTruncated, rows != total else { return }
        throw APIError(
            status: 200, code: "INCOMPLETE_RESULT", message: "the service sent \(rows) of \(total) rows", method: "GET",
            path: "/api/2.0/sql/statements/\(reply.id)")
    }
}
