import Databricks
import Results

/// The rows of a result for somebody who moves about in them: those that dbsh keeps, or, of a larger result of a statement, its
/// chunks, fetched when they are looked at. No more than about `LastResult.memoryLimit` is held; what was looked at longest
/// ago goes first, and is fetched again.
final class BrowsedRows {
    private struct Segment {
        let rows: Range<Int>
        /// Of the statement's result.
        let chunk: Int?
        /// All rows when they are here, else those from its beginning that are.
        var stores: [ResultStore]
        var isHere: Bool
        var lastUse = 0

        var memory: Int { stores.reduce(0) { $0 + $1.memory } }
    }

    let columns: [Column]
    /// Rows of the whole result.
    private(set) var count = 0
    private let statement: StatementResult?
    private var segments: [Segment] = []
    private var uses = 0

    /// - Throws: `UsageError` for a result that is neither kept nor can be fetched again.
    init(_ content: LastResult.Content) throws {
        columns = content.columns
        if let stores = content.rows {
            statement = nil
            for store in stores where store.rowCount > 0 { append(store.rowCount, chunk: nil, [store]) }
        } else if let statement = content.statement, let chunks = statement.rowsOfChunks {
            self.statement = statement
            for (index, rows) in chunks.enumerated() { append(rows, chunk: index, nil) }
            // What was drawn below the statement can be seen before anything has been fetched.
            if !segments.isEmpty { segments[0].stores = content.head }
        } else {
            throw UsageError("the rows of the last result are not here any more", hint: "run the statement again")
        }
    }

    private func append(_ rows: Int, chunk: Int?, _ stores: [ResultStore]?) {
        guard rows > 0 else { return }
        segments.append(
            Segment(rows: count..<count + rows, chunk: chunk, stores: stores ?? [], isHere: stores != nil))
        count += rows
    }

    /// Where a row lies; nil when it has to be fetched.
    func place(of row: Int) -> (store: ResultStore, row: Int)? {
        guard let index = segment(of: row), !segments[index].stores.isEmpty else { return nil }
        uses += 1
        segments[index].lastUse = uses
        var rest = row - segments[index].rows.lowerBound
        for store in segments[index].stores {
            if rest < store.rowCount { return (store, rest) }
            rest -= store.rowCount
        }
        return nil
    }

    private func segment(of row: Int) -> Int? {
        var (low, high) = (0, segments.count)
        while low < high {
            let middle = (low + high) / 2
            if segments[middle].rows.upperBound <= row { low = middle + 1 } else { high = middle }
        }
        return low < segments.count && segments[low].rows.contains(row) ? low : nil
    }

    /// The rows that come with this one, and whether they are here.
    func neighbours(of row: Int) -> (rows: Range<Int>, areHere: Bool)? {
        segment(of: row).map { (segments[$0].rows, segments[$0].isHere) }
    }

    /// Fetches the rows around this one.
    /// - Throws: what fetching throws.
    func fetch(around row: Int) async throws {
        guard let index = segment(of: row), !segments[index].isHere, let chunk = segments[index].chunk, let statement
        else { return }
        let stores = try await statement.rows(ofChunk: chunk)
        uses += 1
        (segments[index].stores, segments[index].isHere, segments[index].lastUse) = (stores, true, uses)
        evict(besides: index)
    }

    /// Two are always kept, whatever they take: a window can show the end of one and the start of the next.
    private func evict(besides kept: Int) {
        var memory = segments.reduce(0) { $0 + $1.memory }
        while memory > LastResult.memoryLimit {
            let others = segments.indices.filter { $0 != kept && segments[$0].isHere && segments[$0].chunk != nil }
            guard others.count > 1, let oldest = others.min(by: { segments[$0].lastUse < segments[$1].lastUse })
            else { return }
            memory -= segments[oldest].memory
            (segments[oldest].stores, segments[oldest].isHere) = ([], false)
        }
    }

    /// Every row that is here, in order, with its number.
    func here() -> [(number: Int, store: ResultStore, row: Int)] {
        var rows: [(number: Int, store: ResultStore, row: Int)] = []
        for segment in segments where segment.isHere {
            var number = segment.rows.lowerBound
            for store in segment.stores {
                for row in 0..<store.rowCount { rows.append((number + row, store, row)) }
                number += store.rowCount
            }
        }
        return rows
    }

    /// The next row from `start` on, backwards or forwards, that holds `pattern`, as far as rows are here without a gap.
    /// - Returns: the row, or nil and where to go on when that has to be fetched (nil: there is none).
    func find(_ pattern: BrowsePattern, from start: Int, backwards: Bool) -> (found: Int?, goOnAt: Int?) {
        var row = start
        while row >= 0, row < count {
            guard let index = segment(of: row), segments[index].isHere else { return (nil, row) }
            var first = segments[index].rows.lowerBound
            let parts = segments[index].stores.map { store in
                defer { first += store.rowCount }
                return (first, store)
            }
            for (first, store) in backwards ? parts.reversed() : parts {
                let all = 0..<store.rowCount
                let offset = row - first
                let inside = backwards ? 0..<max(0, offset + 1) : max(0, offset)..<max(0, offset, all.upperBound)
                let found = Self.find(pattern, in: inside.clamped(to: all), of: store, backwards)
                if let found { return (first + found, nil) }
            }
            row = backwards ? segments[index].rows.lowerBound - 1 : segments[index].rows.upperBound
        }
        return (nil, nil)
    }

    private static func find(
        _ pattern: BrowsePattern, in rows: Range<Int>, of store: ResultStore, _ backwards: Bool
    ) -> Int? {
        guard backwards else { return pattern.row(in: rows, of: store) }
        return rows.reversed().first { pattern.row(in: $0..<$0 + 1, of: store) != nil }
    }
}
