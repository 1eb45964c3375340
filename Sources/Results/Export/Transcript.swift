import CVector
import Text

/// The rows of one document on their way from JSON into the text of a format.
///
/// It gets single cells from the scanner's state machine, and whole stretches from `WholeFields`, which needs the columns
/// as `paths`: in memory of its own, so that the hot loop reads them without counting references.
final class Transcript {
    /// A column, as the hot loop needs it.
    struct Path: BitwiseCopyable {
        /// What stands before the cell; a longer one is at `longLead`.
        let lead: ShortText
        let longLead: UnsafeRawPointer
        let longLeadLength: Int
        let passage: RowSyntax.Passage
        /// Every cell is to be looked at.
        let isChecked: Bool
        /// The JSON's opening quote is left out, and so is the closing one.
        let quotesLeftOut: Int
    }

    let syntax: RowSyntax
    private(set) var text: RowText
    /// Where the row being read begins.
    var rowStart = 0
    let paths: UnsafeMutablePointer<Path>
    let null: ShortText
    let tail: ShortText
    /// Bytes of what stands around a cell, at most.
    let overhead: Int
    /// What `WholeFields.takeRows` needs to know; nil where it cannot be used.
    struct Wide {
        let separator: UInt8
        let keepsQuotes: Bool
    }

    let wide: Wide?
    /// Rows to be taken cell by cell before whole rows are tried again: more of them, the less came of it.
    var patience = 1
    private let leads: UnsafeMutableRawPointer
    private var scratch: [UInt8] = []

    init(_ syntax: RowSyntax) {
        self.syntax = syntax
        wide = Self.wide(syntax)
        text = RowText(capacity: 1 << 16)
        null = ShortText(syntax.null)
        tail = ShortText(syntax.tail)
        overhead = (syntax.leads.map(\.count).max() ?? 0) + syntax.null.count + syntax.tail.count
        leads = .allocate(byteCount: syntax.leads.reduce(0) { $0 + $1.count }, alignment: 1)
        paths = .allocate(capacity: syntax.columnCount)
        var lead = leads
        for column in 0..<syntax.columnCount {
            let bytes = syntax.leads[column]
            lead.copyMemory(from: bytes, byteCount: bytes.count)
            let passage = syntax.passages[column]
            (paths + column).initialize(
                to: Path(
                    lead: ShortText(bytes), longLead: UnsafeRawPointer(lead), longLeadLength: bytes.count,
                    passage: passage, isChecked: passage == .number || passage == .none,
                    quotesLeftOut: passage == .quoted ? 0 : 1))
            lead += bytes.count
        }
    }

    deinit {
        leads.deallocate()
        paths.deallocate()
    }

    /// In csv and tsv rows are those of JSON with some bytes left out, which is quicker than cell by cell.
    private static func wide(_ syntax: RowSyntax) -> Wide? {
        guard syntax.mayBeWide, cvector_has_rows(), !syntax.passages.contains(.none) else { return nil }
        return switch syntax.cells {
        case .csv(let null): null.isEmpty ? Wide(separator: 0x2C, keepsQuotes: true) : nil
        case .tsv: Wide(separator: 0x09, keepsQuotes: false)
        case .json: nil
        }
    }

    /// Adds the next cell of a row. One that no column is for is left out: such rows are refused before they are given
    /// out.
    func put(_ cell: UnsafeBufferPointer<UInt8>?, column: Int) {
        guard column < syntax.columnCount else { return }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: syntax.leads[column])
        if let cell, !cell.isValidUTF8 {
            Array(String(decoding: cell, as: UTF8.self).utf8).withUnsafeBufferPointer { append($0, column) }
        } else {
            append(cell, column)
        }
        scratch.withUnsafeBytes(text.append)
    }

    private func append(_ cell: UnsafeBufferPointer<UInt8>?, _ column: Int) {
        if let cell, let typed = syntax.nested?.typed(cell, column: column) {
            typed.withUnsafeBufferPointer { syntax.cells.append($0, syntax.kinds[column], to: &scratch) }
        } else {
            syntax.cells.append(cell, syntax.kinds[column], to: &scratch)
        }
    }

    func endRow() {
        syntax.tail.withUnsafeBytes(text.append)
        text.rowCount += 1
        rowStart = text.byteCount
    }

    /// The whole rows so far; what there is of another is kept.
    func take() -> RowText {
        let rest = text.splitOff(from: rowStart)
        defer { (text, rowStart) = (rest, 0) }
        return text
    }
}

extension StatementResponseScanner {
    /// The rows read whole since the last call, in the format that was asked for; nil while they are fewer than `count`
    /// bytes.
    /// - Throws: `ColumnMismatch`.
    package mutating func takeText(atLeast count: Int) throws -> RowText? {
        guard let transcript, transcript.text.rowCount > 0, transcript.rowStart >= count else { return nil }
        guard store.columnCount == transcript.syntax.columnCount else {
            throw ColumnMismatch(expected: transcript.syntax.columnCount, found: store.columnCount)
        }
        let text = transcript.take()
        rowsGiven += text.rowCount
        return text
    }

    /// Moves the cell just read from the store into the text.
    mutating func transcribeCell(null: Bool, _ transcript: Transcript) {
        let cell = UnsafeBufferPointer(start: store.bytes, count: store.byteCount)
        transcript.put(null ? nil : cell, column: column)
        store.removeCells(after: 0)
    }

    /// The hot loop: reads cells that lie whole in this piece, as `scanWholeCells` does, into the text.
    mutating func transcribeWholeCells(
        _ position: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ transcript: Transcript
    ) {
        guard state == .row, !expectsComma, columnsKnown, store.columnCount == transcript.syntax.columnCount else {
            return
        }
        while true {
            var fields = WholeFields(transcript, column: column, source: position)
            repeat {
                guard fields.column == 0, let wide = transcript.wide else { continue }
                let rows = fields.takeRows(before: end, wide)
                transcript.patience = rows > 3 ? 1 : min(transcript.patience * 2, 256)
            } while fields.takeCells(before: end, rows: transcript.wide == nil ? .max : transcript.patience)
            fields.store(in: transcript)
            (position, column, expectsItem) = (fields.source, fields.column, fields.column > 0)
            guard fields.missingRoom > 0 else { return }
            transcript.text.reserve(fields.missingRoom)
        }
    }
}
