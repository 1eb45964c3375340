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

    /// `YYYY-MM-DDTHH:MM:SS`
    private static let wholeSeconds = 19
    private static let fractionDigits = 9

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
    mutating func add(_ cell: UnsafeBufferPointer<UInt8>, otherwise: () -> Int) {
        guard let parts = Parts(cell) else {
            widestOther = max(widestOther, otherwise())
            return
        }
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
        guard let parts = Parts(cell) else { return nil }
        let start = cursor
        cursor.put(UnsafeBufferPointer(rebasing: cell[..<Self.wholeSeconds]))
        start.storeBytes(of: 0x20, toByteOffset: 10, as: UInt8.self)
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

    /// Where the parts of a cell stand that has the usual form.
    private struct Parts {
        let zoneStart: Int
        /// Digits of the fraction up to the last that is not 0.
        let digits: Int

        private static let separators = SIMD16<UInt8>(
            0, 0, 0, 0, 0x2D, 0, 0, 0x2D, 0, 0, 0x54, 0, 0, 0x3A, 0, 0)

        /// Cells lie in a store, whose slack allows the wide load.
        @inline(__always)
        init?(_ cell: UnsafeBufferPointer<UInt8>) {
            guard cell.count >= wholeSeconds, cell.count <= wholeSeconds + 1 + fractionDigits + 6,
                let start = UnsafeRawPointer(cell.baseAddress)
            else { return nil }
            let head = start.loadUnaligned(as: SIMD16<UInt8>.self)
            let isDigit = (head &- SIMD16(repeating: 0x30)) .< SIMD16(repeating: 10)
            let isSeparator = (head .== Self.separators)
            guard all(isDigit .| isSeparator), cell[4] == 0x2D, cell[7] == 0x2D, cell[10] == 0x54, cell[13] == 0x3A,
                cell[16] == 0x3A, Self.isDigit(cell[17]), Self.isDigit(cell[18])
            else { return nil }
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
        @inline(__always)
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

        @inline(__always)
        private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

        @inline(__always)
        func zone(of cell: UnsafeBufferPointer<UInt8>) -> UInt64 {
            var zone: UInt64 = 0
            for index in zoneStart..<cell.count { zone = zone << 8 | UInt64(cell[index]) }
            return zone
        }
    }
}
