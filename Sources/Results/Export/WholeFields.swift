import CVector
import Text

/// The state of the loop that copies cells from JSON into a text format, in locals.
///
/// A cell without escapes is the same in both but for what stands around it. Sixty-four bytes at a time become bits that say
/// where strings end and whether anything in them needs a look; then cells are copied from quote to quote. What is unusual
/// in any way is left, from the start of its cell, to the state machine.
///
/// Unsafe pointers: a block of 64 bytes begins `margin` bytes before the end of the piece at the latest, which covers what
/// is read behind a quote in it. Room for a cell is checked before it is written; `RowText.slack` covers the rest of the last
/// vector.
struct WholeFields {
    private static let margin = 112

    /// Where the next cell begins.
    private(set) var source: UnsafeRawPointer
    private(set) var column: Int
    /// How much room the next cell needs, when that is why the loop has stopped.
    private(set) var missingRoom = 0
    private var target: UnsafeMutableRawPointer
    private var rowStart: UnsafeMutableRawPointer
    private var rows = 0
    private let base: UnsafeMutableRawPointer
    /// Behind it a cell may not end.
    private let fence: UnsafeMutableRawPointer
    private let paths: UnsafeMutablePointer<Transcript.Path>
    private let columns: Int
    private let null: ShortText
    private let tail: ShortText
    private let overhead: Int
    /// The block being read, and which of its bytes from `source` on are of interest.
    private var block: UnsafeRawPointer
    private var stops: UInt64 = 0
    private var specials: UInt64 = 0

    init(_ transcript: Transcript, column: Int, source: UnsafeRawPointer) {
        self.source = source
        self.column = column
        let text = transcript.text
        base = text.base
        target = base + text.byteCount
        rowStart = base + transcript.rowStart
        null = transcript.null
        tail = transcript.tail
        overhead = transcript.overhead
        fence = text.limit - overhead
        paths = transcript.paths
        columns = transcript.syntax.columnCount
        block = source
    }

    func store(in transcript: Transcript) {
        transcript.text.byteCount = target - base
        transcript.text.rowCount += rows
        transcript.rowStart = rowStart - base
    }

    /// Takes cells until one is unusual, the piece ends or there is no room. With `count` rows taken it stops too, and
    /// answers true.
    mutating func takeCells(before end: UnsafeRawPointer, rows count: Int) -> Bool {
        let last = end - Self.margin
        guard source <= last else { return false }
        let wanted = rows &+ count
        // A copy that nothing points to, so that it lives in registers.
        var fields = self
        fields.load(source)
        while fields.rows != wanted, fields.takeCell(last) {}
        self = fields
        return rows == wanted
    }

    /// Takes whole rows, 64 bytes at a time, from the start of a row until one has anything unusual in it; how many.
    mutating func takeRows(before end: UnsafeRawPointer, _ wide: Transcript.Wide) -> Int {
        var run = cvector_run(
            source: source.assumingMemoryBound(to: UInt8.self), target: target.assumingMemoryBound(to: UInt8.self),
            rows: 0)
        cvector_rows(
            &run, end.assumingMemoryBound(to: UInt8.self), fence.assumingMemoryBound(to: UInt8.self), Int64(columns),
            wide.separator, wide.keepsQuotes)
        source = UnsafeRawPointer(run.source)
        target = UnsafeMutableRawPointer(run.target)
        if run.rows > 0 { rowStart = target }
        rows += Int(run.rows)
        return Int(run.rows)
    }

    @inline(__always)
    private mutating func load(_ position: UnsafeRawPointer) {
        block = position
        let masks = cvector_json(position)
        stops = masks.stops
        specials = masks.specials
    }

    /// False, and nothing is taken, when what comes is not a whole, simple cell.
    @inline(__always)
    private mutating func takeCell(_ last: UnsafeRawPointer) -> Bool {
        if source.load(as: UInt8.self) == 0x22 { return takeString(last) }
        guard source <= last, source.loadUnaligned(as: UInt32.self) == 0x6C6C_756E, null.length >= 0,
            let next = next(behind: source + 3), hasRoom(for: 0)
        else { return false }
        putLead(paths + column)
        target.storeBytes(of: null.bytes, as: SIMD16<UInt8>.self)
        target += null.length
        endCell(next)
        return true
    }

    @inline(__always)
    private mutating func takeString(_ last: UnsafeRawPointer) -> Bool {
        // The first stop is the opening quote: between `source` and the stops before it there are none.
        while stops == 0 {
            guard block + 64 <= last else { return false }
            load(block + 64)
        }
        var special = specials & (~1 &<< UInt64(stops.trailingZeroBitCount))
        stops &= stops &- 1
        var before: UInt64 = 0
        while stops == 0 {
            guard block + 64 <= last else { return false }
            before |= special
            load(block + 64)
            special = specials
        }
        let closing = stops.trailingZeroBitCount
        let end = block + closing
        special = special & ((1 &<< UInt64(closing)) &- 1) | before
        stops &= stops &- 1
        guard end.load(as: UInt8.self) == 0x22, let next = next(behind: end) else { return false }
        let path = paths + column
        var leftOut = path.pointee.quotesLeftOut
        let length = (end - source) &- 1
        if special != 0 || path.pointee.isChecked || length == 0 || length == null.length {
            let text = UnsafeBufferPointer(start: (source + 1).assumingMemoryBound(to: UInt8.self), count: length)
            guard let answer = Self.check(text, path.pointee.passage, null) else { return false }
            leftOut = answer
        }
        let count = length + 2 &- 2 &* leftOut
        guard hasRoom(for: count) else { return false }
        putLead(path)
        copy(source + leftOut, count)
        endCell(next)
        return true
    }

    /// Where the next cell begins, when nothing unusual stands between; `last` is the last byte of this one.
    @inline(__always)
    private func next(behind last: UnsafeRawPointer) -> UnsafeRawPointer? {
        let bytes = last.loadUnaligned(fromByteOffset: 1, as: UInt32.self)
        if column &+ 1 == columns {
            // `],["` or `],[n`
            return bytes == 0x225B_2C5D || bytes == 0x6E5B_2C5D ? last + 4 : nil
        }
        // `,"` or `,n`
        return bytes & 0xFFFF == 0x222C || bytes & 0xFFFF == 0x6E2C ? last + 2 : nil
    }

    @inline(__always)
    private mutating func hasRoom(for count: Int) -> Bool {
        if count <= fence - target { return true }
        missingRoom = count &+ overhead
        return false
    }

    @inline(__always)
    private mutating func putLead(_ path: UnsafeMutablePointer<Transcript.Path>) {
        let lead = path.pointee.lead
        if lead.length >= 0 {
            target.storeBytes(of: lead.bytes, as: SIMD16<UInt8>.self)
            target += lead.length
        } else {
            target.copyMemory(from: path.pointee.longLead, byteCount: path.pointee.longLeadLength)
            target += path.pointee.longLeadLength
        }
    }

    /// Copies in whole vectors, up to 31 bytes too many.
    @inline(__always)
    private mutating func copy(_ start: UnsafeRawPointer, _ count: Int) {
        var offset = 0
        repeat {
            target.storeBytes(
                of: start.loadUnaligned(fromByteOffset: offset, as: SIMD32<UInt8>.self), toByteOffset: offset,
                as: SIMD32<UInt8>.self)
            offset &+= 32
        } while offset < count
        target += count
    }

    @inline(__always)
    private mutating func endCell(_ next: UnsafeRawPointer) {
        source = next
        column &+= 1
        if column == columns {
            target.storeBytes(of: tail.bytes, as: SIMD16<UInt8>.self)
            target += tail.length
            column = 0
            rows &+= 1
            rowStart = target
        }
    }

    /// How many of its two quotes a cell does without in the format, 1 (both) or 0; nil when it cannot be copied.
    @inline(never)
    private static func check(
        _ text: UnsafeBufferPointer<UInt8>, _ passage: RowSyntax.Passage, _ null: ShortText
    ) -> Int? {
        guard passage != .none, text.isValidUTF8 else { return nil }
        switch passage {
        case .csv:
            // The quoted form of a field without quotes is that of JSON.
            return text.isEmpty || hasComma(text) || text.count == null.length && null.holds(text) ? 0 : 1
        case .plain: return 1
        case .quoted: return 0
        case .number: return JSONNumber.matches(text) ? 1 : nil
        case .none: return nil
        }
    }
}

/// Whether a comma is in it; up to seven bytes behind it may be read.
private func hasComma(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let base = UnsafeRawPointer(text.baseAddress) else { return false }
    let (ones, highs): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var index = 0
    while index < text.count {
        let zero = base.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ (0x2C &* ones)
        var found = (zero &- ones) & ~zero & highs
        let rest = text.count &- index
        // The lowest bit found is exact: borrows only travel upwards.
        if rest < 8 { found &= (1 &<< UInt64(rest &* 8)) &- 1 }
        if found != 0 { return true }
        index &+= 8
    }
    return false
}
