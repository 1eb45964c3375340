/// Makes one CSV file of the parts of a result, as the service writes them, with one header row.
///
/// The service says that only the first part has a header row (Statement Execution API, `format`). Should a part begin with
/// the same bytes all the same, it may be a header, or a row that looks like one: then the part's own count of rows decides,
/// and what it decides holds for all parts. Everything else passes through byte for byte as it comes.
package final class CSVJoiner: PartJoiner {
    private enum State {
        /// In the header row of the first part, all of which is held.
        case header
        /// At the start of a later part: what is held is the start of the header too.
        case comparing
        /// Behind that.
        case passing
    }

    private static let newline: UInt8 = 0x0A
    private static let mostHeader = 64 << 20

    private let output: any ByteOutput
    private let columns: [Column]
    private let hasOwnHeader: (_ part: Int) async throws -> Bool
    private var state = State.header
    private var part = 0
    /// Nothing of the part being read was passed on.
    private var isAtStart = true
    private var held: [UInt8] = []
    /// The header row without its line end, and that.
    private var header: [UInt8] = []
    private var lineEnd: [UInt8] = [newline]
    /// What was learnt about later parts.
    private var repeatsHeader: Bool?
    /// Of what was passed on.
    private var counter = CSVRecordCounter()

    /// - Parameters:
    ///   - columns: for the header of a result that has no part at all.
    ///   - hasOwnHeader: whether a part, counted from 0, which begins with the bytes of the header, has one more record than
    ///     rows. Asked once at most.
    package init(
        _ output: any ByteOutput, columns: [Column], hasOwnHeader: @escaping (_ part: Int) async throws -> Bool
    ) {
        self.output = output
        self.columns = columns
        self.hasOwnHeader = hasOwnHeader
    }

    package var rowCount: Int { max(counter.count - 1, 0) }

    /// - Throws: `CSVError.longHeader`, and what the output throws.
    package func feed(_ piece: [UInt8]) async throws {
        guard !piece.isEmpty else { return }
        switch state {
        case .passing: return try pass(piece)
        case .header, .comparing: held += piece
        }
        if case .header = state {
            guard let length = CSVRecordCounter.firstRecord(of: held) else {
                if held.count > Self.mostHeader { throw CSVError.longHeader }
                return
            }
            keepHeader(held[..<length])
            return try passHeld()
        }
        guard let rest = restBehindHeader(isWhole: false) else { return }
        try await passHeld(behind: rest)
    }

    /// - Throws: `CSVError.cut` within quotes, and what the output throws.
    package func endPart() async throws {
        switch state {
        case .passing: break
        case .header:
            keepHeader(held[...])
            try passHeld()
        case .comparing: try await passHeld(behind: restBehindHeader(isWhole: true) ?? 0)
        }
        if counter.isQuoted { throw CSVError.cut }
        part += 1
        isAtStart = true
        state = repeatsHeader == false ? .passing : .comparing
    }

    package func finish() throws {
        guard counter.count == 0 else { return }
        let writer = Format.csv.writer(options: FormatOptions(), output: output)
        try writer.begin(columns)
        try writer.end()
    }

    private func keepHeader(_ record: ArraySlice<UInt8>) {
        guard record.last == Self.newline else {
            header = Array(record)
            return
        }
        let end = record.dropLast().last == 0x0D ? 2 : 1
        header = Array(record.dropLast(end))
        lineEnd = Array(record.suffix(end))
    }

    /// How many bytes of what is held are a record that is the header once more; 0 when it is none, nil when that cannot be
    /// said yet.
    private func restBehindHeader(isWhole: Bool) -> Int? {
        let common = min(held.count, header.count)
        guard held[..<common] == header[..<common], !header.isEmpty else { return 0 }
        let end = held[common...].prefix(2)
        if end.first == Self.newline { return header.count + 1 }
        if Array(end) == [0x0D, Self.newline] { return header.count + 2 }
        if isWhole { return held.count == header.count ? held.count : 0 }
        return end.isEmpty || end.elementsEqual([0x0D]) ? nil : 0
    }

    /// Passes on what is held, without its first `length` bytes if those are a header.
    private func passHeld(behind length: Int) async throws {
        if length > 0 {
            if repeatsHeader == nil { repeatsHeader = try await hasOwnHeader(part) }
            if repeatsHeader == true { held.removeFirst(length) }
        }
        try passHeld()
    }

    private func passHeld() throws {
        state = .passing
        try pass(held)
        held = []
    }

    private func pass(_ bytes: [UInt8]) throws {
        guard !bytes.isEmpty else { return }
        // The line end at the end of a part may be left out (RFC 4180 §2.2).
        if part > 0, !counter.isAtEndOfRecord, isAtStart { try write(lineEnd) }
        isAtStart = false
        try write(bytes)
    }

    private func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes {
            counter.feed($0)
            try output.write($0)
        }
    }
}

/// Why parts make no CSV file.
package enum CSVError: Error, Equatable, CustomStringConvertible {
    /// A part ends in the middle of a field.
    case cut
    /// The first record does not come to an end.
    case longHeader

    package var description: String {
        switch self {
        case .cut: "a part of the service's CSV ended in the middle of a field"
        case .longHeader: "what the service sent as CSV has no end of its header row"
        }
    }
}
