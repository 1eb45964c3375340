/// How the timestamps of a column read in a table for people: `2016-01-01 00:16:02`.
///
/// The service sends `2016-01-01T00:16:02.000Z`, or with the offset of the session's time zone (API README). What is the same in
/// every cell is said once, in the header, or not at all: the zone, and digits of the fraction that are zero. Nothing of
/// the value is lost. A cell of another form (a year of five digits) is shown as it came.
struct TimestampForm: BitwiseCopyable {
    /// Digits of the fraction, those that the cell with the finest fraction needs.
    private(set) var digits = 0
    /// The zone of the first cell as bytes in one word; 0 for none.
    private var zone: UInt64 = 0
    private var widestZone = 0
    private var isAny = false
    /// Cells have different zones, for instance on both sides of the start of summer time.
    private(set) var mixesZones = false
    private var widestOther = 0
    /// What stood behind the seconds of the last cell: mostly the same in all, and then looked at once.
    private var lastTail = Tail.none

    /// `YYYY-MM-DDTHH:MM:SS`
    private static let wholeSeconds = 19
    private static let fractionDigits = 9
    private static let longest = wholeSeconds + 1 + fractionDigits + 6

    /// Columns that the widest cell takes.
    var width: Int {
        guard isAny else { return widestOther }
        let fraction = digits > 0 ? digits + 1 : 0
        return max(widestOther, Self.wholeSeconds + fraction + (mixesZones ? widestZone : 0))
    }

    /// The zone of all cells, for the header; nil when there is none, or more than one.
    var zoneText: String? {
        guard !mixesZones, zone != 0 else { return nil }
        var text = ""
        for shift in stride(from: 56, through: 0, by: -8) {
            let byte = UInt8(truncatingIfNeeded: zone >> UInt64(shift))
            if byte != 0 { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        }
        return text == "Z" || text == "+00:00" ? "UTC" : text
    }

    /// Takes a cell into account; one of another form, which needs `otherwise` columns, is left as it is.
    @inline(__always)
    mutating func add(_ cell: UnsafeBufferPointer<UInt8>, otherwise: () -> Int) {
        guard Self.hasHead(cell) else { return widestOther = max(widestOther, otherwise()) }
        let tail = Tail(cell)
        if tail == lastTail { return }
        guard let parts = Parts(cell) else { return widestOther = max(widestOther, otherwise()) }
        note(parts, of: cell)
        lastTail = tail
    }

    private mutating func note(_ parts: Parts, of cell: UnsafeBufferPointer<UInt8>) {
        digits = max(digits, parts.digits)
        let zone = parts.zone(of: cell)
        if isAny, zone != self.zone { mixesZones = true }
        (isAny, self.zone) = (true, isAny ? self.zone : zone)
        widestZone = max(widestZone, cell.count - parts.zoneStart)
    }

    /// Writes a cell in this form at `cursor`, which has room for 64 bytes, and moves it on.
    /// - Returns: its columns; nil, with nothing written, when the cell has another form.
    @inline(__always)
    func put(_ cell: UnsafeBufferPointer<UInt8>, at cursor: inout UnsafeMutableRawPointer) -> Int? {
        guard Self.hasHead(cell) else { return nil }
        let isBare = digits == 0 && !mixesZones
        if isBare, Tail(cell) == lastTail {
            putHead(cell, at: &cursor)
            return Self.wholeSeconds
        }
        return putParts(cell, at: &cursor)
    }

    @inline(__always)
    private func putHead(_ cell: UnsafeBufferPointer<UInt8>, at cursor: inout UnsafeMutableRawPointer) {
        let start = cursor
        cursor.put(UnsafeBufferPointer(rebasing: cell[..<Self.wholeSeconds]))
        start.storeBytes(of: 0x20, toByteOffset: 10, as: UInt8.self)
    }

    private func putParts(_ cell: UnsafeBufferPointer<UInt8>, at cursor: inout UnsafeMutableRawPointer) -> Int? {
        guard let parts = Parts(cell) else { return nil }
        let start = cursor
        putHead(cell, at: &cursor)
        if digits > 0 {
            cursor.put(0x2E)
            let sent = min(digits, max(0, parts.zoneStart - Self.wholeSeconds - 1))
            cursor.put(UnsafeBufferPointer(rebasing: cell[(Self.wholeSeconds + 1)..<(Self.wholeSeconds + 1 + sent)]))
            for _ in sent..<digits { cursor.put(0x30) }
        }
        if mixesZones { cursor.put(UnsafeBufferPointer(rebasing: cell[parts.zoneStart...])) }
        return cursor - start
    }

    /// The same as bytes of their own; nil when the cell has another form.
    func text(of cell: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        var length: Int?
        let bytes = [UInt8](unsafeUninitializedCapacity: 64 + OutputBuffer.slack) { buffer, count in
            // The buffer has been asked for above, and `put` writes 40 bytes at most.
            guard var cursor = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
            length = put(cell, at: &cursor)
            count = length ?? 0
        }
        return length == nil ? nil : bytes
    }

    // MARK: Looking at bytes

    /// Whether a cell begins with a date and a time, eight bytes at a time: what differs from `0000-00-00T00:00:00` is 9 at most
    /// in a digit's place, and nothing in the others'. Sums stay within their bytes as long as no byte has its highest bit.
    /// Cells lie in a store, whose slack allows the wide loads.
    @inline(__always)
    private static func hasHead(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
        guard cell.count >= wholeSeconds, cell.count <= longest, let start = UnsafeRawPointer(cell.baseAddress) else {
            return false
        }
        let date = start.loadUnaligned(as: UInt64.self).littleEndian ^ 0x2D30_302D_3030_3030
        let time = start.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian ^ 0x3030_3A30_3054_3030
        let seconds = (start.loadUnaligned(fromByteOffset: 16, as: UInt32.self).littleEndian & 0xFF_FFFF) ^ 0x30_303A
        let highest = date | time | (date &+ 0x7F76_767F_7676_7676) | (time &+ 0x7676_7F76_767F_7676)
        return highest & 0x8080_8080_8080_8080 == 0 && (seconds | (seconds &+ 0x76_767F)) & 0x80_8080 == 0
    }

    /// The bytes behind the seconds, 16 at most.
    private struct Tail: Equatable, BitwiseCopyable {
        var low: UInt64
        var high: UInt64
        var count: Int

        static let none = Tail(low: 0, high: 0, count: -1)

        init(low: UInt64, high: UInt64, count: Int) { (self.low, self.high, self.count) = (low, high, count) }

        /// Of a cell that has a head; the store's slack allows the wide loads.
        @inline(__always)
        init(_ cell: UnsafeBufferPointer<UInt8>) {
            count = cell.count &- wholeSeconds
            guard let start = UnsafeRawPointer(cell.baseAddress) else {
                (low, high) = (0, 0)
                return
            }
            low = start.loadUnaligned(fromByteOffset: wholeSeconds, as: UInt64.self).littleEndian
            high = start.loadUnaligned(fromByteOffset: wholeSeconds + 8, as: UInt64.self).littleEndian
            low &= Self.mask(count)
            high &= Self.mask(count &- 8)
        }

        @inline(__always)
        private static func mask(_ bytes: Int) -> UInt64 {
            bytes >= 8 ? ~0 : bytes <= 0 ? 0 : (1 &<< UInt64(truncatingIfNeeded: bytes &* 8)) &- 1
        }
    }

    /// Where the parts of a cell stand that has a head and the usual rest.
    private struct Parts {
        let zoneStart: Int
        /// Digits of the fraction up to the last that is not 0.
        let digits: Int

        init?(_ cell: UnsafeBufferPointer<UInt8>) {
            var index = wholeSeconds
            var digits = 0
            if index < cell.count, cell[index] == 0x2E {
                index += 1
                while index < cell.count, Self.isDigit(cell[index]) {
                    if cell[index] != 0x30 { digits = index - wholeSeconds }
                    index += 1
                }
                guard index - wholeSeconds - 1 <= fractionDigits else { return nil }
            }
            (zoneStart, self.digits) = (index, digits)
            guard Self.isZone(UnsafeBufferPointer(rebasing: cell[index...])) else { return nil }
        }

        /// Nothing, `Z`, or an offset such as `+01:00`.
        private static func isZone(_ zone: UnsafeBufferPointer<UInt8>) -> Bool {
            switch zone.count {
            case 0: true
            case 1: zone[0] == 0x5A
            case 6:
                (zone[0] == 0x2B || zone[0] == 0x2D) && isDigit(zone[1]) && isDigit(zone[2]) && zone[3] == 0x3A
                    && isDigit(zone[4]) && isDigit(zone[5])
            default: false
            }
        }

        private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

        func zone(of cell: UnsafeBufferPointer<UInt8>) -> UInt64 {
            var zone: UInt64 = 0
            for index in zoneStart..<cell.count { zone = zone << 8 | UInt64(cell[index]) }
            return zone
        }
    }
}
