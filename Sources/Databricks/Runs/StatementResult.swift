import Results
import System

/// The result of a statement that has succeeded. Its first rows may be here, the others are fetched while they are read.
package struct StatementResult: Sendable {
    private let client: Client
    /// The reply about it, without rows.
    private let reply: StatementReply
    private let firstRows: FirstRows

    init(client: Client, reply: StatementReply) {
        self.client = client
        self.reply = StatementReply(json: reply.json, store: .empty, isCut: reply.isCut)
        firstRows = FirstRows(reply.store)
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
    /// Bytes of the whole result, in the service's own count.
    package var totalByteCount: Int? { reply.totalByteCount }
    /// What it is written in, when that is not JSON: its rows cannot be read, but `parts` gives its bytes.
    package var otherFormat: StatementFormat? { reply.otherFormat }
    /// A row or byte limit cut the result short.
    package var truncated: Bool { reply.isTruncated }

    /// The row tells what to do with a file of a volume, and holds a link that lets its holder in: it is not to be read as rows,
    /// see `volumeOperation`.
    package var isVolumeOperation: Bool { reply.isVolumeOperation }

    /// The row that nobody is shown.
    func hiddenBatches() -> StatementHiddenRows {
        StatementHiddenRows(
            page: StatementPage(client: client, reply: reply, firstRows: firstRows, rows: nil, showsHidden: true))
    }

    /// Every row, in order, in batches; chunks ahead of the reader are fetched meanwhile, within bounded memory. Can be
    /// read again as long as the service keeps the result (an hour).
    package func batches() -> StatementBatches { StatementBatches(pages: page(showing: nil)) }

    /// The same for a reader who shows `rows` rows only, the first and the last ones: what lies between is not fetched
    /// where the manifest says enough to leave it out, just counted. Nil shows all.
    package func page(showing rows: Int?) -> StatementPage {
        StatementPage(client: client, reply: reply, firstRows: firstRows, rows: rows)
    }

    /// The bytes of the result as the storage has them, chunk after chunk. Not for JSON inside the replies.
    package func parts() -> StatementParts { StatementParts(client: client, reply: reply) }

    /// Rows of one part, counted from 0; nil when the manifest does not say.
    package func rowCount(ofPart part: Int) -> Int? {
        let extents = reply.extents
        return extents.indices.contains(part) ? extents[part].rowCount : nil
    }

    /// How many rows each chunk has, in order; nil when the manifest does not say so of all.
    package var rowsOfChunks: [Int]? {
        let counts = reply.extents.map(\.rowCount)
        return !counts.isEmpty && counts.count == reply.totalChunkCount ?? counts.count ? counts : nil
    }

    /// The rows of one chunk, counted from 0.
    /// - Throws: `ResultError`; else as `Client.json`.
    package func rows(ofChunk chunk: Int) async throws -> [ResultStore] {
        let gathered = Locked<[ResultStore]>([])
        let nested = NestedCells(columns)
        _ = try await client.statements.rows(ofChunk: chunk, of: id, columns: columns.count) { store in
            gathered.withLock { $0.append(nested?.typed(store) ?? store) }
        }
        return gathered.withLock { $0 }
    }

    /// The bytes of one part, as `parts` gives them.
    /// - Throws: `ResultError`; else as `Client.json`, and what `give` throws.
    package func bytes(ofPart part: Int, give: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        _ = try await client.statements.bytes(
            ofChunk: part, of: id, known: part == 0 ? reply.chunk : nil, give: give)
    }
}

/// Rows that came with the reply: the first reader gets them, and then they are not held any more.
private final class FirstRows: Sendable {
    private let store: Locked<ResultStore?>

    init(_ store: ResultStore) { self.store = Locked(store) }

    func take() -> ResultStore? {
        store.withLock { store in
            defer { store = nil }
            return store
        }
    }
}

/// The rows of a result, for one reader. Letting go of it ends the fetching.
package struct StatementBatches: AsyncSequence, Sendable {
    package typealias Element = ResultStore
    package typealias Failure = any Error

    fileprivate let pages: StatementPage

    package func makeAsyncIterator() -> AsyncIterator { AsyncIterator(pages: pages.makeAsyncIterator()) }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var pages: StatementPage.AsyncIterator

        /// - Throws: `ResultError` when something of the result is missing; else as `Client.json`.
        package mutating func next() async throws -> ResultStore? {
            guard case .rows(let store)? = try await pages.next() else { return nil }
            return store
        }
    }
}

/// The rows of a result that are for programs only.
struct StatementHiddenRows: AsyncSequence, Sendable {
    fileprivate let page: StatementPage

    func makeAsyncIterator() -> StatementBatches.AsyncIterator {
        StatementBatches.AsyncIterator(pages: page.makeAsyncIterator())
    }
}

/// The rows of a result that a page shows, for one reader. Letting go of it ends the fetching.
package struct StatementPage: AsyncSequence, Sendable {
    package typealias Element = ResultBatch
    package typealias Failure = any Error

    fileprivate let client: Client
    fileprivate let reply: StatementReply
    fileprivate let firstRows: FirstRows
    fileprivate let rows: Int?
    fileprivate var showsHidden = false

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(reader: PageReader(self, first: firstRows.take()))
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let reader: PageReader

        /// - Throws: `ResultError` when something of the result is missing; else as `Client.json`.
        package mutating func next() async throws -> ResultBatch? { try await reader.next() }
    }
}

/// Reads chunk after chunk, leaves out what a page does not show, and counts.
private final class PageReader {
    private let reply: StatementReply
    private let chunks: OrderedChunks<ResultStore>
    private let nested: NestedCells?
    private let gap: PageGap?
    private let showsHidden: Bool
    /// Rows of the reply itself.
    private var first: ResultStore?
    private var rows = 0
    private var hasSkipped = false

    init(_ page: StatementPage, first: ResultStore?) {
        let (client, reply) = (page.client, page.reply)
        self.reply = reply
        showsHidden = page.showsHidden
        let (id, chunk, columns) = (reply.id, reply.chunk, reply.columns)
        let gap = page.rows.flatMap { PageGap(showing: $0, extents: reply.extents, total: reply.totalRowCount) }
        self.gap = gap
        // A reply that was not read to its end serves only a page that goes on behind a gap.
        let isWhole = !reply.isCut || gap.map { (first?.rowCount ?? 0) >= $0.shownBefore } ?? false
        let isHere = chunk.link == nil && first != nil && isWhole
        self.first = isHere ? first : nil
        // Nothing is fetched ahead of a gap.
        let plan = ChunkPlan(count: reply.totalChunkCount, extents: reply.extents, readsAhead: gap == nil)
        let nested = NestedCells(columns)
        self.nested = nested
        let start: Int? =
            if isHere { chunk.next } else if columns.isEmpty { nil } else { plan.count == 0 ? nil : 0 }
        // The link in the reply is good once; a later reader asks for the chunk.
        let link = isHere || first == nil || chunk.link == nil ? nil : chunk
        chunks = OrderedChunks(first: start, plan: plan, cost: \.memory) { index, give in
            // Typed where it arrives, which is not where it is read.
            let pass: @Sendable (ResultStore) async throws -> Void = { try await give(nested?.typed($0) ?? $0) }
            let skipping = gap?.chunk == index ? gap?.skippedInChunk ?? 0 : 0
            return try await client.statements.rows(
                ofChunk: index, of: id, columns: columns.count, known: index == 0 ? link : nil, skipping: skipping,
                give: pass)
        }
    }

    func next() async throws -> ResultBatch? {
        if reply.isVolumeOperation, !showsHidden {
            throw ResultError(statementID: reply.id, chunk: nil, reason: .volumeOperation)
        }
        if let format = reply.otherFormat {
            throw ResultError(statementID: reply.id, chunk: nil, reason: .otherFormat(format))
        }
        if let store = first {
            first = nil
            rows += store.rowCount
            if gap == nil { chunks.fetchAhead() }
            return .rows(nested?.typed(store) ?? store)
        }
        if let gap, !hasSkipped, rows >= gap.shownBefore, rows < gap.resume {
            hasSkipped = true
            let skipped = gap.resume - rows
            chunks.skip(to: gap.chunk)
            rows = gap.resume
            return .skipped(skipped)
        }
        while true {
            if let store = try await chunks.next() {
                rows += store.rowCount
                return .rows(store)
            }
            if chunks.isAtEnd { break }
        }
        if let total = reply.totalRowCount, !reply.isTruncated, rows != total {
            throw ResultError(statementID: reply.id, chunk: nil, reason: .rowCount(expected: total, found: rows))
        }
        return nil
    }
}

/// The bytes of a result's chunks, in order, for one reader.
package struct StatementParts: Sendable {
    /// Bytes of one chunk.
    package struct Part: Sendable {
        package let bytes: [UInt8]
        /// The chunk they belong to, counted from 0.
        package let chunk: Int
    }

    fileprivate let client: Client
    fileprivate let reply: StatementReply

    /// Calls `body` with all bytes, in order.
    /// - Throws: `ResultError`; else as `Client.json`, and what `body` throws.
    package func forEach(_ body: (Part) async throws -> Void) async throws {
        let (client, id, first) = (client, reply.id, reply.chunk)
        guard !reply.isVolumeOperation else { throw ResultError(statementID: id, chunk: nil, reason: .volumeOperation) }
        let plan = ChunkPlan(count: reply.totalChunkCount, extents: reply.extents)
        guard plan.count != 0, !reply.columns.isEmpty else { return }
        let chunks = OrderedChunks<[UInt8]>(first: 0, plan: plan, cost: \.count) { index, give in
            try await client.statements.bytes(ofChunk: index, of: id, known: index == 0 ? first : nil, give: give)
        }
        var index = 0
        while !chunks.isAtEnd || index == 0 {
            while let bytes = try await chunks.next() { try await body(Part(bytes: bytes, chunk: index)) }
            index += 1
        }
    }
}
