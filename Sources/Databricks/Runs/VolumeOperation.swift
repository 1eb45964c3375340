import Results

/// What the service asks for in answer to `PUT`, `GET` or `REMOVE`: the bytes go to, or come from, a presigned link. Nothing of it
/// is shown: the link lets its holder in, and the file that it names is the service's word, not the user's.
package struct VolumeOperation: Sendable {
    /// `PUT`, `GET` or `REMOVE`.
    package let operation: String
    private let link: StatementChunk.Link
    private let statementID: String

    /// - Throws: `ResultError` when the row is not as documented.
    init(_ row: [String: String?], of id: String) throws {
        let headers = row["headers"].flatMap { $0 }.flatMap { try? JSONValue.parse($0) }?.members
        guard let operation = row["operation"].flatMap({ $0 }), let url = row["presignedUrl"].flatMap({ $0 }) else {
            throw ResultError(statementID: id, chunk: nil, reason: .malformed("it names no operation and link"))
        }
        self.operation = operation.uppercased()
        statementID = id
        link = StatementChunk.Link(
            url: Secret(url),
            headers: (headers ?? []).compactMap { member in member.value.text.map { (member.key, $0) } })
    }

    /// Sends a file.
    /// - Throws: `ResultError` when the storage refuses; `TransportError`; `CancellationError`.
    package func put(_ file: String, _ client: Client) async throws {
        var request = request("PUT")
        request.body = .file(path: file)
        // The same bytes at the same place: again does no harm.
        request.repetition = .freely
        try await send(request, client)
    }

    /// Fetches the file.
    /// - Throws: as `put`, and what the reader throws.
    package func get(into reader: any ObjectReader, _ client: Client) async throws {
        do { try await client.download(link, into: LinkedObject(reader)) } catch let error as LinkUnreachable {
            throw error.cause
        } catch let error as LinkRefused {
            throw refused(error)
        }
    }

    /// Removes the file.
    /// - Throws: as `put`.
    package func remove(_ client: Client) async throws {
        var request = request("DELETE")
        request.repetition = .freely
        try await send(request, client)
    }

    private func request(_ method: String) -> HTTPRequest {
        var request = HTTPRequest(method, link.url.reveal())
        request.isSecretURL = true
        // Exactly those that were signed.
        request.headers = link.headers
        return request
    }

    @concurrent
    private func send(_ request: HTTPRequest, _ client: Client) async throws {
        do {
            try await client.retrier.run(request) {
                let response = try await client.transport.send(request)
                guard response.head.isSuccess else { throw ErrorBody.error(response, request: request) }
            }
        } catch let error as APIError {
            throw refused(LinkRefused(api: error, host: HostURL.authority(of: request.url)))
        }
    }

    private func refused(_ error: LinkRefused) -> ResultError {
        ResultError(
            statementID: statementID, chunk: nil,
            reason: .refused(status: error.api.status, message: error.storageMessage))
    }
}

extension StatementResult {
    /// The answer to a statement about a file of a volume, whose row is for programs only. Nil for any other.
    /// - Throws: `ResultError`; else as `Client.json`.
    package func volumeOperation() async throws -> VolumeOperation? {
        guard isVolumeOperation else { return nil }
        var row: [String: String?] = [:]
        for try await store in hiddenBatches() where store.rowCount > 0 {
            for (index, column) in columns.enumerated() { row[column.name] = store.text(0, index) }
            break
        }
        return try VolumeOperation(row, of: id)
    }
}
