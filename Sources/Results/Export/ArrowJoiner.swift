/// Makes one Arrow IPC stream of several with the same schema: what a result's chunks are, each a stream of its own.
///
/// Messages pass through byte for byte as they come; left out are the schemas of all streams but the first, and all end
/// marks but the last. (Arrow Columnar Format, "IPC Streaming Format": a reader stops at the first end mark, so chunks
/// that are merely put behind each other would lose all rows after the first.)
package final class ArrowJoiner {
    private enum State {
        /// The eight bytes before a message: the mark FFFFFFFF and the length of its metadata.
        case prefix
        case metadata(length: Int)
        case body(left: Int, passes: Bool)
        /// Behind the end mark of a stream.
        case ended
    }

    private static let mark: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    private static let end = mark + [0, 0, 0, 0]
    /// A schema of 10,000 columns takes a few MB.
    private static let mostMetadata = 256 << 20

    private let output: any ByteOutput
    private var state = State.prefix
    private var held: [UInt8] = []
    private var schema: [UInt8]?
    /// The stream being read has brought its schema.
    private var hasSchema = false
    /// Rows of all record batches so far.
    package private(set) var rowCount = 0

    package init(_ output: any ByteOutput) { self.output = output }

    /// Takes the next bytes of the stream being read, cut anywhere.
    /// - Throws: `ArrowError`, and what the output throws.
    package func feed(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch state {
            case .prefix:
                guard fill(8, from: &rest) else { return }
                try readPrefix()
            case .metadata(let length):
                guard fill(8 + length, from: &rest) else { return }
                try readMetadata()
            case .body(let left, let passes):
                let part = rest.prefix(left)
                if passes { try output.write(UnsafeRawBufferPointer(rebasing: part)) }
                rest = rest.dropFirst(part.count)
                state = left > part.count ? .body(left: left - part.count, passes: passes) : .prefix
            case .ended:
                throw ArrowError.malformed("bytes after the end of a stream")
            }
        }
    }

    /// The stream being read is over; another may follow.
    /// - Throws: `ArrowError.cut` in the middle of a message.
    package func endStream() throws {
        switch state {
        case .ended: break
        // The end mark may be left out (the end of the bytes is an end too).
        case .prefix where held.isEmpty && hasSchema: break
        default: throw ArrowError.cut
        }
        (state, hasSchema, held) = (.prefix, false, [])
    }

    /// No stream follows.
    /// - Throws: what the output throws.
    package func finish() throws { try Self.end.withUnsafeBytes { try output.write($0) } }

    /// Moves bytes to `held` until there are `count`; false when there are not enough yet.
    private func fill(_ count: Int, from rest: inout Slice<UnsafeRawBufferPointer>) -> Bool {
        let part = rest.prefix(count - held.count)
        held.append(contentsOf: part)
        rest = rest.dropFirst(part.count)
        return held.count == count
    }

    private func readPrefix() throws {
        guard held.prefix(4).elementsEqual(Self.mark) else {
            throw ArrowError.malformed("no message where one should begin")
        }
        let length = held[4...].reversed().reduce(0) { $0 << 8 | Int($1) }
        if length == 0 {
            held = []
            state = .ended
        } else if length <= Self.mostMetadata {
            state = .metadata(length: length)
        } else {
            throw ArrowError.malformed("a message with \(length) bytes of metadata")
        }
    }

    private func readMetadata() throws {
        guard let message = ArrowMessage(metadata: Array(held[8...])) else {
            throw ArrowError.malformed("a message that cannot be read")
        }
        var passes = true
        switch message.kind {
        case .schema:
            if hasSchema { throw ArrowError.malformed("a second schema in a stream") }
            hasSchema = true
            if let schema {
                guard schema == held else { throw ArrowError.schemaChanged }
                passes = false
            }
            schema = held
        case .dictionary, .other: break
        case .rows(let count): rowCount += count
        }
        guard hasSchema else { throw ArrowError.malformed("a stream that does not begin with its schema") }
        if passes { try held.withUnsafeBytes { try output.write($0) } }
        held = []
        state = message.bodyLength > 0 ? .body(left: message.bodyLength, passes: passes) : .prefix
    }
}

/// Why bytes are no Arrow stream, or streams do not fit together.
package enum ArrowError: Error, Equatable, CustomStringConvertible {
    case malformed(String)
    /// It ends in the middle of a message.
    case cut
    /// A later stream has another schema than the first.
    case schemaChanged

    package var description: String {
        switch self {
        case .malformed(let what): "what the service sent is no Arrow stream: \(what)"
        case .cut: "an Arrow stream ended in the middle of a message"
        case .schemaChanged: "the parts of the result have different Arrow schemas"
        }
    }
}
