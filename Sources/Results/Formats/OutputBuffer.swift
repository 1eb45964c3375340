import Glibc

/// Gathers what a writer renders and hands it on in large pieces.
///
/// `room(n)` promises n bytes; the `put…` that follow take them without checks, and may scribble up to `slack` bytes
/// behind what they write. `append…` check by themselves. The memory belongs to this object alone, and every pointer
/// into it stays here.
final class OutputBuffer {
    static let slack = 64
    private let output: any ByteOutput
    private let capacity: Int
    private let base: UnsafeMutableRawPointer
    private var used = 0

    init(_ output: any ByteOutput, capacity: Int = 1 << 17) {
        self.output = output
        self.capacity = capacity
        base = .allocate(byteCount: capacity + Self.slack, alignment: 64)
    }

    deinit { base.deallocate() }

    /// The most that `room` can promise.
    static let mostRoom = 1 << 16

    @inline(__always)
    func room(_ count: Int) throws {
        assert(count <= Self.mostRoom, "more room than the buffer is sure to have")
        if used &+ count > capacity { try flush() }
    }

    func flush() throws {
        let count = used
        used = 0
        if count > 0 { try output.write(UnsafeRawBufferPointer(start: base, count: count)) }
    }

    // MARK: With room

    /// A copy of the cursor for a hot loop, to be given back by `advance(to:)`: class properties cost a reload each.
    @inline(__always)
    var cursor: UnsafeMutableRawPointer { base + used }

    /// The cursor may be used without checks for `count` bytes as long as it is not behind this.
    func fence(for count: Int) -> UnsafeMutableRawPointer { base + (capacity - count) }

    /// Hands on what stands before `cursor`; the cursor to go on with.
    func flushed(at cursor: UnsafeMutableRawPointer) throws -> UnsafeMutableRawPointer {
        advance(to: cursor)
        try flush()
        return self.cursor
    }

    @inline(__always)
    func advance(to cursor: UnsafeMutableRawPointer) { used = cursor - base }

    @inline(__always)
    func put(_ byte: UInt8) {
        base.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
        used &+= 1
    }

    // MARK: Checked

    func append(_ byte: UInt8) throws {
        try room(1)
        put(byte)
    }

    func append(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        guard let start = bytes.baseAddress else { return }
        if bytes.count > Self.mostRoom {
            try flush()
            return try output.write(UnsafeRawBufferPointer(bytes))
        }
        try room(bytes.count)
        memcpy(base + used, start, bytes.count)
        used += bytes.count
    }

    /// A cell of a store between double quotes.
    @inline(__always)
    func append(quoted cell: UnsafeBufferPointer<UInt8>) throws {
        guard cell.count <= Self.slack else {
            try append(0x22)
            try append(cell)
            return try append(0x22)
        }
        try room(cell.count + 2)
        var cursor = self.cursor
        cursor.put(0x22)
        cursor.put(cell)
        cursor.put(0x22)
        advance(to: cursor)
    }

    func append(_ bytes: [UInt8]) throws { try bytes.withUnsafeBufferPointer { try append($0) } }

    func append(_ text: String) throws {
        var text = text
        try text.withUTF8 { try append($0) }
    }

    func append(_ text: StaticString) throws {
        try append(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    func append(spaces count: Int) throws {
        var rest = count
        while rest > 0 {
            let part = min(rest, Self.mostRoom)
            try room(part)
            memset(base + used, 0x20, part)
            used += part
            rest -= part
        }
    }
}

extension UnsafeMutableRawPointer {
    /// Copies bytes to the cursor and moves it on. Short ones are copied in whole vectors: both sides have slack.
    @inline(__always)
    mutating func put(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = UnsafeRawPointer(bytes.baseAddress) else { return }
        if bytes.count <= 16 {
            storeBytes(of: start.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        } else if bytes.count <= 32 {
            storeBytes(of: start.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
        } else {
            memcpy(self, start, bytes.count)
        }
        self += bytes.count
    }

    /// Writes blanks, sixteen at a time.
    @inline(__always)
    mutating func put(spaces count: Int) {
        var written = 0
        repeat {
            storeBytes(
                of: SIMD16<UInt8>(repeating: 0x20), toByteOffset: written, as: SIMD16<UInt8>.self)
            written &+= 16
        } while written < count
        self += count
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        storeBytes(of: byte, as: UInt8.self)
        self += 1
    }
}
