/// What a reader shows of a large result: its first and last rows. Known before the statement runs, it saves reading the
/// rest of the first reply.
package struct FirstPage: Sendable, Equatable {
    /// Rows shown at most, half of them from the start of the result and half from its end.
    package let rows: Int
    /// Of a result of up to so many bytes, in the service's count, everything is read all the same.
    package let limit: Int

    package init(rows: Int, ofMoreBytesThan limit: Int) {
        self.rows = rows
        self.limit = limit
    }

    var rowsAtStart: Int { Self.rowsAtStart(of: rows) }

    static func rowsAtStart(of rows: Int) -> Int { (rows + 1) / 2 }

    /// Whether the first rows in a reply are all that is needed of it.
    func isEnough(of reply: StatementReply) -> Bool {
        reply.state == .succeeded && (reply.totalByteCount ?? 0) > limit
            && PageGap(showing: rows, extents: reply.extents, total: reply.totalRowCount) != nil
    }
}

/// The chunks that a page of first and last rows can leave out.
struct PageGap {
    /// Rows that are shown before the gap.
    let shownBefore: Int
    /// The chunk to go on with, and the rows of it that are left out too.
    let chunk: Int
    let skippedInChunk: Int
    /// The row to go on with.
    let resume: Int

    /// Nil when nothing can be left out, or not surely.
    init?(showing rows: Int, extents: [ChunkExtent], total: Int?) {
        guard let total, !extents.isEmpty, total > rows, extents.reduce(0, { $0 + $1.rowCount }) == total else {
            return nil
        }
        shownBefore = FirstPage.rowsAtStart(of: rows)
        // With no last rows to show, the very last one proves that the result is there to its end.
        resume = min(total - rows / 2, total - 1)
        let (resume, shownBefore) = (resume, shownBefore)
        let index = extents.lastIndex { $0.rowOffset <= resume }
        guard let index, extents[index].rowOffset > shownBefore else { return nil }
        chunk = index
        skippedInChunk = resume - extents[index].rowOffset
    }
}
