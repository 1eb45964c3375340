import System

/// Takes the bytes of an object as they come.
package protocol ObjectReader: Sendable {
    /// The object comes from its beginning, the first time or again.
    func restart()
    /// The next bytes.
    func read(_ piece: [UInt8]) async throws
    /// That were all.
    /// - Throws: what is wrong with the object.
    func end() async throws
}

/// An object behind presigned links, read from its beginning to its end over as many connections and links as it takes.
///
/// After a break it goes on with the next byte where the storage can do that, and else from the beginning again, which
/// the reader is told.
final class LinkedObject: Sendable {
    private let reader: any ObjectReader
    private let state = Locked((point: ResumePoint(), furthest: 0))

    init(_ reader: any ObjectReader) { self.reader = reader }

    /// The most bytes of it that were ever read.
    var furthest: Int { state.withLock { $0.furthest } }

    /// Asks for what is missing, and reads it to its end.
    /// - Parameter request: asks for the whole object.
    /// - Throws: `APIError` when the storage refuses; `TransportError`; what the reader throws.
    func receive(_ request: HTTPRequest, over transport: any Transport) async throws {
        var reply: HTTPStream?
        if let range = state.withLock({ $0.point.rangeHeaders }) {
            var request = request
            request.headers += range
            // Bytes are counted as the storage has them.
            request.acceptsCompression = false
            let stream = try await transport.stream(request)
            switch state.withLock({ $0.point.take(stream.head) }) {
            case .rest: return try await read(stream, request)
            case .nothing: return try await end()
            case .whole: reply = stream
            case .useless: break
            }
        }
        let stream = if let reply { reply } else { try await transport.stream(request) }
        try await ErrorBody.checkSuccess(stream, request)
        state.withLock { $0.point.begin(stream.head) }
        reader.restart()
        try await read(stream, request)
    }

    private func read(_ stream: HTTPStream, _ request: HTTPRequest) async throws {
        for try await piece in stream.body {
            try await reader.read(piece)
            state.withLock { state in
                state.point.advance(by: piece.count)
                state.furthest = max(state.furthest, state.point.offset)
            }
        }
        // A server may send less of the rest than it was asked for (RFC 9110 §15.3.7).
        guard state.withLock({ $0.point.isComplete }) else {
            throw TransportError(.dropped, request, "the storage sent a part of the rest only", mayHaveArrived: true)
        }
        try await end()
    }

    private func end() async throws {
        do { try await reader.end() } catch {
            // Something is wrong with it although it is all there: no range of it can help.
            state.withLock { state in
                if state.point.isAtEnd { state.point.forget() }
            }
            throw error
        }
    }
}
