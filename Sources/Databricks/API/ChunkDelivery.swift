import Results

/// Passes rows on; when a download starts again from its beginning, without those that were passed on before.
final class RowDelivery: Sendable {
    private let give: @Sendable (ResultBatch) async throws -> Void
    private let syntax: RowSyntax?
    private let storeFirst: Bool
    /// Rows passed on, with those before.
    private let given: Locked<Int>
    private let before: Int

    /// - Parameters:
    ///   - skipping: rows at the start that nobody needs from this object.
    ///   - syntax: rows are to come as text.
    ///   - storeFirst: the first batch is to come as a store all the same.
    init(
        skipping: Int = 0, as syntax: RowSyntax? = nil, storeFirst: Bool = false,
        _ give: @escaping @Sendable (ResultBatch) async throws -> Void
    ) {
        self.give = give
        self.syntax = syntax
        self.storeFirst = storeFirst
        before = skipping
        given = Locked(skipping)
    }

    /// Rows passed on by this object.
    var count: Int { given.withLock { $0 } - before }

    /// A download starts: reads past the rows that are not to be passed on.
    func scanner(of document: StatementResponseScanner.Document) -> StatementResponseScanner {
        let known = given.withLock { $0 }
        guard let syntax else {
            return StatementResponseScanner(document, batchBytes: Statements.batchBytes, skipping: known)
        }
        return StatementResponseScanner(
            document, writing: syntax, batchBytes: Statements.batchBytes, storeFirst: storeFirst, skipping: known)
    }

    func pass(_ batch: ResultBatch) async throws {
        guard batch.rowCount > 0 else { return }
        try await give(batch)
        given.withLock { $0 += batch.rowCount }
    }
}

/// The same for bytes.
final class ByteDelivery: Sendable {
    private let give: @Sendable ([UInt8]) async throws -> Void
    private let bytes = Locked((given: 0, seen: 0))

    /// Bytes passed on.
    var count: Int { bytes.withLock { $0.given } }

    init(_ give: @escaping @Sendable ([UInt8]) async throws -> Void) { self.give = give }

    func restart() { bytes.withLock { $0.seen = 0 } }

    func pass(_ piece: [UInt8]) async throws {
        let known = bytes.withLock { bytes in
            let known = min(max(bytes.given - bytes.seen, 0), piece.count)
            bytes.seen += piece.count
            return known
        }
        guard known < piece.count else { return }
        try await give(known == 0 ? piece : Array(piece[known...]))
        bytes.withLock { $0.given = $0.seen }
    }
}
