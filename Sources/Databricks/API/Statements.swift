import Results

/// Statement Execution API 2.0 (`/api/2.0/sql/statements`).
package struct Statements: Sendable {
    let client: Client

    /// Sends a statement to its warehouse. A stopped warehouse starts by itself; the statement is PENDING meanwhile.
    ///
    /// Never sent twice by itself: a statement that writes must not run twice.
    package func submit(_ request: StatementRequest, wait: StatementRequest.Wait = .none) async throws -> StatementReply
    {
        var call = APICall.post(Self.path)
        call.body = request.json(wait: wait)
        call.atMostOnce = true
        return try await client.stream(call, read: Self.reply)
    }

    /// State of a statement, with the first chunk of its rows once it has succeeded. The service keeps it for 12 h at
    /// least.
    package func get(_ id: String, retry: RetryPolicy = .standard) async throws -> StatementReply {
        var call = APICall.get(Self.path(id))
        call.retry = retry
        return try await client.stream(call, read: Self.reply)
    }

    /// Asks the service to stop a statement. Accepted does not mean stopped: ask for its state.
    package func cancel(_ id: String) async throws {
        _ = try await client.json(.post(Self.path(id) + "/cancel"))
    }

    /// One chunk of the rows of a statement that has succeeded, counted from 0. Links are followed.
    package func chunk(_ index: Int, of id: String) async throws -> StatementChunk {
        let call = APICall.get(Self.path(id) + "/result/chunks/\(index)")
        let (envelope, store) = try await client.stream(call, read: Self.scan)
        let chunk = StatementChunk(json: envelope, store: store)
        do {
            return try await followingLink(of: chunk)
        } catch let error as APIError where error.status == 403 {
            // Links live 15 minutes at most; asking for the chunk again gives a fresh one.
            let (envelope, store) = try await client.stream(call, read: Self.scan)
            return try await followingLink(of: StatementChunk(json: envelope, store: store))
        }
    }

    /// `chunk` itself when its rows are inline, else with the rows behind its link.
    func followingLink(of chunk: StatementChunk) async throws -> StatementChunk {
        guard let link = chunk.link else { return chunk }
        let store = try await client.download(link: link.url.reveal(), headers: link.headers) { stream, request in
            try await Self.scan(stream, request, as: .rows).store
        }
        return StatementChunk(json: chunk.json, store: store)
    }

    private static let path = "/api/2.0/sql/statements"

    private static func path(_ id: String) -> String {
        path + "/" + PercentEncoding.component(id)
    }

    private static func reply(_ stream: HTTPStream, _ request: HTTPRequest) async throws -> StatementReply {
        let (json, store) = try await scan(stream, request)
        return StatementReply(json: json, store: store)
    }

    private static func scan(
        _ stream: HTTPStream, _ request: HTTPRequest
    ) async throws -> (json: JSONValue, store: ResultStore) {
        try await scan(stream, request, as: .response)
    }

    /// Reads the body straight into a store, without ever holding it whole.
    private static func scan(
        _ stream: HTTPStream, _ request: HTTPRequest, as document: StatementResponseScanner.Document
    ) async throws -> (json: JSONValue, store: ResultStore) {
        var scanner = StatementResponseScanner(document)
        do {
            for try await piece in stream.body {
                try piece.withUnsafeBytes { try scanner.feed($0) }
            }
            let (envelope, store) = try scanner.finish()
            return (try JSONValue.parse(envelope), store)
        } catch let error where error is ScanError || error is JSONValue.ParseError {
            throw APIError(
                status: stream.head.status, code: APIError.notJSON, message: "\(error)",
                requestID: stream.head.requestID, method: request.method, path: ErrorBody.path(of: request.url))
        }
    }
}

/// State of a statement, such as `RUNNING`.
package struct StatementState: OpenText {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let pending = StatementState(rawValue: "PENDING")
    package static let running = StatementState(rawValue: "RUNNING")
    package static let succeeded = StatementState(rawValue: "SUCCEEDED")
    package static let failed = StatementState(rawValue: "FAILED")
    package static let canceled = StatementState(rawValue: "CANCELED")
    /// Succeeded, and the result is gone.
    package static let closed = StatementState(rawValue: "CLOSED")

    package var isFinal: Bool { [.succeeded, .failed, .canceled, .closed].contains(self) }
}

/// What the API says about a statement, with the rows that came along.
package struct StatementReply: Sendable {
    /// Every field the service sent, without the rows.
    package let json: JSONValue
    /// Rows of the chunk in the reply.
    package let store: ResultStore

    package var id: String { json.string("statement_id") ?? "" }
    package var state: StatementState {
        StatementState(reading: json["status"]?.string("state") ?? "UNKNOWN")
    }
    package var columns: [Column] {
        json["manifest"]?["schema"]?.elements("columns").map { column in
            Column(
                name: column["name"]?.text ?? "", typeText: column.string("type_text") ?? "",
                typeName: column.string("type_name") ?? "")
        } ?? []
    }
    /// Rows of the whole result.
    package var totalRowCount: Int? { json["manifest"]?.integer("total_row_count") }
    package var totalChunkCount: Int? { json["manifest"]?.integer("total_chunk_count") }
    /// A limit cut the result short.
    package var isTruncated: Bool { json["manifest"]?["truncated"] == .bool(true) }

    /// The chunk in the reply.
    var chunk: StatementChunk { StatementChunk(json: json["result"] ?? .object([]), store: store) }

    /// What went wrong, when the statement has ended without success.
    var error: StatementError? {
        guard state.isFinal, state != .succeeded else { return nil }
        let status = json["status"]
        let error = status?["error"]
        return StatementError(
            statementID: id, state: state, message: StatementError.message(error?["message"]?.text, state: state),
            sqlState: status?.string("sql_state") ?? error?.string("sql_state"), errorCode: error?.string("error_code"))
    }
}

/// Some consecutive rows of a result.
package struct StatementChunk: Sendable {
    /// The fields around the rows.
    package let json: JSONValue
    package let store: ResultStore

    /// Index of the chunk after this one; nil at the end.
    package var next: Int? {
        json.integer("next_chunk_index") ?? json["external_links"]?[0]?.integer("next_chunk_index")
    }

    /// Where the rows are, when they are not here. The URL lets its holder in.
    var link: (url: Secret, headers: [(name: String, value: String)])? {
        guard let link = json["external_links"]?[0], let url = link["external_link"]?.text else { return nil }
        let headers = link["http_headers"]?.members?.compactMap { member in
            member.value.text.map { (name: member.key, value: $0) }
        }
        return (Secret(url), headers ?? [])
    }
}
