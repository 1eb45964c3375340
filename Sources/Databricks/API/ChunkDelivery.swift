import Results
import System

/// Passes rows on; when a download starts again from its beginning, without those that were passed on before.
final class RowDelivery: Sendable {
    private let give: @Sendable (ResultStore) async throws -> Void
    private let columns: Int?
    /// Rows passed on, with those before.
    private let given: Locked<Int>
    private let before: Int

    /// - Parameters:
    ///   - columns: of the result; nil when not known.
    ///   - skipping: rows at the start that nobody needs from this object.
    init(
        columns: Int? = nil, skipping: Int = 0, _ give: @escaping @Sendable (ResultStore) async throws -> Void
    ) {
        self.give = give
        self.columns = columns
        before = skipping
        given = Locked(skipping)
    }

    /// Rows passed on by this object.
    var count: Int { given.withLock { $0 } - before }

    /// A download starts: reads past the rows that are not to be passed on.
    func scanner(of document: StatementResponseScanner.Document) -> StatementResponseScanner {
        StatementResponseScanner(
            document, columns: columns, batchBytes: Statements.batchBytes, skipping: given.withLock { $0 })
    }

    func pass(_ store: ResultStore) async throws {
        guard store.rowCount > 0 else { return }
        try await give(store)
        given.withLock { $0 += store.rowCount }
    }
}

/// Reads a document of rows and passes them on in batches, without ever holding it whole.
final class RowReader: ObjectReader {
    private let document: StatementResponseScanner.Document
    private let delivery: RowDelivery?
    private let scanner: Locked<StatementResponseScanner>

    /// - Parameter delivery: gets the rows; nil reads past them.
    init(_ document: StatementResponseScanner.Document, into delivery: RowDelivery?) {
        self.document = document
        self.delivery = delivery
        scanner = Locked(Self.scanner(document, delivery))
    }

    private static func scanner(
        _ document: StatementResponseScanner.Document, _ delivery: RowDelivery?
    ) -> StatementResponseScanner {
        delivery?.scanner(of: document) ?? StatementResponseScanner(document, batchBytes: Statements.batchBytes)
    }

    func restart() {
        scanner.withLock { $0 = Self.scanner(document, delivery) }
    }

    /// - Throws: `ScanError`, and what the delivery throws.
    func read(_ piece: [UInt8]) async throws {
        let stores = try scanner.withLock { scanner in
            try piece.withUnsafeBytes { try scanner.feed($0) }
            return scanner.takeBatches()
        }
        for store in stores { try await delivery?.pass(store) }
    }

    /// - Throws: as `finish`.
    func end() async throws { _ = try await finish() }

    /// Passes on what is left of the rows.
    /// - Returns: the document without its rows.
    /// - Throws: `ScanError`: truncated when the document is not whole, and then more of it can still be read.
    func finish() async throws -> [UInt8] {
        let (envelope, store) = try scanner.withLock { scanner in
            guard scanner.isComplete else { throw ScanError.truncated(byteCount: scanner.byteCount) }
            var ended = Self.scanner(document, nil)
            swap(&ended, &scanner)
            return try ended.finish()
        }
        try await delivery?.pass(store)
        return envelope
    }
}

/// Passes bytes on; when a download starts again from its beginning, without those that were passed on before.
package final class ByteReader: ObjectReader {
    private let give: @Sendable ([UInt8]) async throws -> Void
    private let bytes = Locked((given: 0, seen: 0))

    package init(_ give: @escaping @Sendable ([UInt8]) async throws -> Void) { self.give = give }

    package func restart() { bytes.withLock { $0.seen = 0 } }

    package func read(_ piece: [UInt8]) async throws {
        let known = bytes.withLock { bytes in
            let known = min(max(bytes.given - bytes.seen, 0), piece.count)
            bytes.seen += piece.count
            return known
        }
        guard known < piece.count else { return }
        try await give(known == 0 ? piece : Array(piece[known...]))
        bytes.withLock { $0.given = $0.seen }
    }

    package func end() {}
}
