import Glibc

/// Stores put aside in a temporary file without a name, in the order they come, to be read again one at a time.
///
/// The file is the user's alone (mode 0600), has no name from the moment it is made, and is gone when this object is:
/// nothing of a result stays on the disk, however the process ends.
final class StoreFile {
    /// Where a store stands in the file, and its shape.
    struct Position {
        fileprivate let offset: off_t
        let rowCount: Int
        fileprivate let columnCount: Int
        fileprivate let byteCount: Int
        fileprivate let cellCount: Int
    }

    private let directory: String
    private let descriptor: Int32
    private var end: off_t = 0

    /// - Throws: `SpillError` when no file can be made in `directory`.
    init(directory: String) throws {
        self.directory = directory
        var template = Array((directory + "/dbsh-XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw SpillError(directory: directory, code: errno) }
        unlink(template)
        // (mkostemp(3) would do this at once, but is not in Swift's Glibc.)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    /// - Throws: `SpillError`, e.g. when the disk is full.
    func append(_ store: ResultStore) throws -> Position {
        let position = Position(
            offset: end, rowCount: store.rowCount, columnCount: store.columnCount, byteCount: store.byteCount,
            cellCount: store.cellCount)
        // Pointers into the store, which the caller holds; each covers just what the store has filled.
        try write(UnsafeRawBufferPointer(UnsafeBufferPointer(start: store.facts, count: store.columnCount)))
        try write(UnsafeRawBufferPointer(UnsafeBufferPointer(start: store.ends, count: store.cellCount + 1)))
        try write(UnsafeRawBufferPointer(start: store.bytes, count: store.byteCount))
        return position
    }

    /// - Throws: `SpillError`.
    func read(_ position: Position) throws -> ResultStore {
        let store = ResultStore()
        store.addColumns(position.columnCount)
        store.reserveCells(position.cellCount)
        store.reserveBytes(position.byteCount)
        var offset = position.offset
        // The store has just reserved what each of these may fill, and nobody else has it yet.
        try read(
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: store.facts, count: position.columnCount)),
            &offset)
        try read(
            UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: store.ends, count: position.cellCount + 1)),
            &offset)
        try read(UnsafeMutableRawBufferPointer(start: store.bytes, count: position.byteCount), &offset)
        store.rowCount = position.rowCount
        store.cellCount = position.cellCount
        store.byteCount = position.byteCount
        return store
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = pwrite(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count, end)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SpillError(directory: directory, code: errno) }
            end += off_t(count)
            rest = rest.dropFirst(count)
        }
    }

    private func read(_ bytes: UnsafeMutableRawBufferPointer, _ offset: inout off_t) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = pread(descriptor, UnsafeMutableRawBufferPointer(rebasing: rest).baseAddress, rest.count, offset)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SpillError(directory: directory, code: count < 0 ? errno : EIO) }
            offset += off_t(count)
            rest = rest.dropFirst(count)
        }
    }
}

/// A result that is larger than memory should hold could not be put aside.
package struct SpillError: Error, Equatable, CustomStringConvertible {
    /// Where temporary files go.
    package let directory: String
    /// errno(3).
    package let code: Int32

    package var description: String {
        "the result is too large for memory and cannot be put aside in \(directory): \(String(cString: strerror(code)))"
    }
}
