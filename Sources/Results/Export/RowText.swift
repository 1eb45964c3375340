import Glibc

/// Rows of a result as the text of a format: what goes into a file and is not looked at again.
///
/// Once built it never changes, which is what makes it Sendable; whoever builds one is its only owner until then.
///
/// Unsafe memory: `base` has `slack` spare bytes behind what `reserve` promised, so that vectors may be stored whole.
package final class RowText: @unchecked Sendable {
    static let slack = 64

    /// Rows in it, all whole.
    package internal(set) var rowCount = 0
    /// Bytes of the rows.
    package internal(set) var byteCount = 0
    private(set) var base: UnsafeMutableRawPointer
    private var capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        base = Self.resized(nil, to: capacity)
    }

    deinit { free(base) }

    /// Bytes of memory held.
    package var memory: Int { capacity }

    /// The rows, valid during the call.
    package func withUnsafeBytes<T>(_ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try body(UnsafeRawBufferPointer(start: base, count: byteCount))
    }

    // MARK: Building

    /// Where nothing more may be written but the slack.
    var limit: UnsafeMutableRawPointer { base + capacity }

    /// Makes room for `count` bytes behind those that are there.
    func reserve(_ count: Int) {
        guard byteCount + count > capacity else { return }
        capacity = max(capacity + capacity / 2, byteCount + count)
        base = Self.resized(base, to: capacity)
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        reserve(bytes.count)
        if let start = bytes.baseAddress { memcpy(base + byteCount, start, bytes.count) }
        byteCount += bytes.count
    }

    /// Moves the bytes from `start` on, which are no whole row, to an object of their own with as much room.
    func splitOff(from start: Int) -> RowText {
        let rest = RowText(capacity: max(capacity, byteCount - start))
        rest.append(UnsafeRawBufferPointer(start: base + start, count: byteCount - start))
        byteCount = start
        return rest
    }

    private static func resized(_ pointer: UnsafeMutableRawPointer?, to capacity: Int) -> UnsafeMutableRawPointer {
        guard let moved = realloc(pointer, capacity + slack) else {
            fatalError("out of memory: \(capacity + slack) bytes")
        }
        return moved
    }
}
