import Glibc

/// Where rendered bytes go: a file, a pager, a buffer.
package protocol ByteOutput: AnyObject {
    /// Takes all of `bytes`, which are only valid during the call.
    /// - Throws: `OutputError`, or whatever makes it stop (a cancellation).
    func write(_ bytes: UnsafeRawBufferPointer) throws
}

/// A write that failed.
package struct OutputError: Error, Equatable, CustomStringConvertible {
    /// The errno of write(2).
    package let code: Int32

    /// An error of write(2).
    package init(_ code: Int32) { self.code = code }

    /// The reader is gone (`| head`): no error to report, only a reason to stop.
    package var isBrokenPipe: Bool { code == EPIPE }

    package var description: String { "cannot write: \(String(cString: strerror(code)))" }
}

/// Gathers bytes in memory, for what is not written anywhere.
package final class CollectedOutput: ByteOutput {
    /// What was written.
    package private(set) var bytes: [UInt8] = []

    /// An empty one.
    package init() {}

    /// What was written, as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    package func write(_ bytes: UnsafeRawBufferPointer) { self.bytes.append(contentsOf: bytes) }
}

/// Writes to a file descriptor in large pieces.
///
/// Short writes and EINTR are continued; a non-blocking descriptor (a shared terminal can be one) is waited for. SIGPIPE
/// must be ignored by the process, so that a reader that went away is an error and not a death.
package final class BufferedOutput: ByteOutput {
    private let descriptor: Int32
    private let capacity: Int
    /// A piece of so many bytes is written as it is: gathering it would cost more than the call saves.
    private static let directBytes = 1 << 16
    /// The most that is given to one write(2). File systems with large folios (ext4 from Linux 6.16) take memory for the page
    /// cache in blocks of the size of the write; big ones are the rarest to be had, and on a virtual machine, whose free
    /// memory the host has taken back, cost a fault a page: 512 KiB were measured at a sixth of the speed of 128 KiB.
    private static let largestWrite = 1 << 17
    private var buffer: [UInt8] = []

    /// An output to `fileDescriptor`, which stays the caller's: it is neither closed nor changed.
    package init(fileDescriptor: Int32, capacity: Int = 1 << 16) {
        descriptor = fileDescriptor
        self.capacity = capacity
    }

    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        if buffer.count + bytes.count > capacity { try flush() }
        if bytes.count >= min(capacity, Self.directBytes) {
            try flush()
            try writeAll(bytes)
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    /// Writes what is still held. Must be called at the end: nothing is written when the object goes.
    package func flush() throws {
        // Emptied first: what cannot be written once must not be tried again by the next write.
        let held = buffer
        buffer.removeAll(keepingCapacity: true)
        if !held.isEmpty { try held.withUnsafeBytes(writeAll) }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(descriptor, piece.baseAddress, min(piece.count, Self.largestWrite))
            if count >= 0 {
                rest = rest.dropFirst(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN: try waitUntilWritable()
            default: throw OutputError(errno)
            }
        }
    }

    private func waitUntilWritable() throws {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while poll(&request, 1, -1) < 0 {
            if errno != EINTR { throw OutputError(errno) }
        }
    }
}
