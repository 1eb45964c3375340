import Results

/// Fetching the rows of a statement that has succeeded, chunk by chunk.
extension Statements {
    /// Bytes of cells that are passed on together.
    static let batchBytes = 1 << 20
    /// How often a chunk is asked for without getting any further: links expire, and downloads break off.
    private static let linkAttempts = 3

    /// Passes on the rows of one chunk, counted from 0, in batches; links are followed.
    /// - Parameters:
    ///   - columns: of the result; nil when not known.
    ///   - known: the chunk's reply, when it is here already; its link may have to be asked for again.
    ///   - skipping: rows at the start of the chunk that are not passed on.
    /// - Returns: the index of the chunk after it; nil at the end.
    /// - Throws: `ResultError`; else as `Client.json`, and what `give` throws.
    package func rows(
        ofChunk index: Int, of id: String, columns: Int? = nil, known: StatementChunk? = nil, skipping: Int = 0,
        give: @escaping @Sendable (ResultStore) async throws -> Void
    ) async throws -> Int? {
        let delivery = RowDelivery(columns: columns, skipping: skipping, give)
        let object = LinkedObject(RowReader(.rows, into: delivery))
        var known = known
        let chunk = try await linked(index, of: id, progress: { delivery.count + object.furthest }) {
            let chunk = if let known { known } else { try await ask(for: index, of: id, into: delivery) }
            // A link is good once.
            known = nil
            if let link = chunk.link { try await client.download(link, into: object) }
            return chunk
        }
        try check(chunk, index, of: id, delivered: skipping + delivery.count)
        return chunk.next
    }

    /// Passes on the bytes of one chunk as the storage has them, or the reply itself.
    /// - Parameter known: the chunk's reply, when it is here already; its link is not used, as it is good once.
    /// - Returns: the index of the chunk after it.
    /// - Throws: `ResultError`; else as `Client.json`, and what `give` throws.
    func bytes(
        ofChunk index: Int, of id: String, known: StatementChunk? = nil,
        give: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int? {
        if let known, let bytes = known.attachment {
            try await give(bytes)
            return known.next
        }
        let object = LinkedObject(ByteReader(give))
        let chunk = try await linked(index, of: id, progress: { object.furthest }) {
            // Rows in the reply are passed over.
            let chunk = try await ask(for: index, of: id, into: nil)
            if let link = chunk.link {
                try await client.download(link, into: object)
            } else if let bytes = chunk.attachment {
                try await give(bytes)
            } else {
                throw ResultError(statementID: id, chunk: index, reason: .notLinked)
            }
            return chunk
        }
        return chunk.next
    }

    /// The chunk's reply; rows in it go to `delivery`.
    private func ask(for index: Int, of id: String, into delivery: RowDelivery?) async throws -> StatementChunk {
        StatementChunk(
            json: try await client.stream(chunkCall(index, of: id)) { stream, request in
                let reader = RowReader(.response, into: delivery)
                do {
                    for try await piece in stream.body { try await reader.read(piece) }
                    return try JSONValue.parse(await reader.finish())
                } catch let error where error is ScanError || error is JSONValue.ParseError {
                    throw Self.unreadable(stream, request, error)
                }
            })
    }

    private func chunkCall(_ index: Int, of id: String) -> APICall {
        .get(Self.path(id) + "/result/chunks/\(index)")
    }

    /// Runs `fetch`, again when a fresh link may help, and says in terms of results what stays wrong. Attempts that
    /// get further do not count: a large part over a bad line takes as many as it takes.
    private func linked(
        _ index: Int, of id: String, progress: () -> Int, _ fetch: () async throws -> StatementChunk
    ) async throws -> StatementChunk {
        var attempts = 0
        var reached = progress()
        while true {
            do {
                return try await fetch()
            } catch let error {
                try Task.checkCancellation()
                attempts = progress() > reached ? 1 : attempts + 1
                reached = progress()
                if attempts < Self.linkAttempts, Self.isCuredByFreshLink(error) { continue }
                throw Self.explained(error, index, of: id, progress: reached)
            }
        }
    }

    /// Storage refuses expired links by 403, some by 400 or 410; a body that ends too early may be whole the next time.
    private static func isCuredByFreshLink(_ error: any Error) -> Bool {
        switch error {
        case let error as LinkRefused: [400, 403, 404, 410].contains(error.api.status)
        case let error as TransportError: [.dropped, .timeout].contains(error.kind)
        case let error as LinkUnreachable: [.dropped, .timeout].contains(error.cause.kind)
        case ScanError.truncated: true
        default: false
        }
    }

    private static func explained(_ error: any Error, _ index: Int, of id: String, progress: Int) -> any Error {
        func result(_ reason: ResultError.Reason) -> ResultError {
            ResultError(statementID: id, chunk: index, reason: reason)
        }
        switch error {
        // A line that breaks off has been open; where nothing ever came the way is closed.
        case let error as LinkUnreachable where progress == 0 && error.cause.kind != .file:
            return result(.blocked(host: error.cause.host, message: error.cause.message))
        case let error as LinkUnreachable: return error.cause
        case let error as LinkRefused where error.api.code == APIError.foreignPage:
            return result(.blocked(host: error.host, message: error.api.message))
        case let error as LinkRefused where (200..<300).contains(error.api.status):
            return result(.malformed(error.api.message))
        case let error as LinkRefused:
            return result(.refused(status: error.api.status, message: error.storageMessage))
        case ScanError.truncated:
            return result(.cut)
        case let error as ScanError:
            return result(.malformed("\(error)"))
        case let error as APIError where error.isNotFound || error.status == 410:
            return ResultError(statementID: id, chunk: nil, reason: .gone(error.message))
        default:
            return error
        }
    }

    /// A chunk with rows missing must not pass for whole.
    private func check(_ chunk: StatementChunk, _ index: Int, of id: String, delivered: Int) throws {
        guard let expected = chunk.rowCount, expected != delivered else { return }
        throw ResultError(statementID: id, chunk: index, reason: .rowCount(expected: expected, found: delivered))
    }

    static func unreadable(_ stream: HTTPStream, _ request: HTTPRequest, _ error: any Error) -> any Error {
        // That is a result, and not the page of somebody who answers in the service's place.
        if case ScanError.longRow = error { return error }
        return APIError(
            status: stream.head.status, code: APIError.notJSON, message: "\(error)",
            requestID: stream.head.requestID, method: request.method, path: ErrorBody.path(of: request.url))
    }
}
