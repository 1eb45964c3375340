import FoundationEssentials
import Results

/// Statement Execution API 2.0 (`/api/2.0/sql/statements`).
package struct Statements: Sendable {
    let client: Client

    /// Sends a statement to its warehouse. A stopped warehouse starts by itself; the statement is PENDING meanwhile.
    ///
    /// Never sent twice, whatever happens to the connection, unless it only reads: then once more at most.
    /// - Parameter page: the reply is not read further than this page needs.
    package func submit(
        _ request: StatementRequest, wait: StatementRequest.Wait = .none, mayRunAgain: Bool = false,
        page: FirstPage? = nil
    ) async throws -> StatementReply {
        var call = APICall.post(Self.path, .runsSQL(request.statement, warehouseID: request.warehouseID))
        call.body = request.json(wait: wait)
        if mayRunAgain { call.repetition = .once }
        return try await client.stream(call) { try await Self.reply($0, $1, page) }
    }

    /// State of a statement, with the first chunk of its rows once it has succeeded. The service keeps it for 12 h at
    /// least.
    /// - Parameter page: the reply is not read further than this page needs.
    package func get(
        _ id: String, retry: RetryPolicy = .standard, page: FirstPage? = nil
    ) async throws -> StatementReply {
        var call = APICall.get(Self.path(id))
        call.retry = retry
        return try await client.stream(call) { try await Self.reply($0, $1, page) }
    }

    /// Asks the service to stop a statement. Accepted does not mean stopped: ask for its state.
    package func cancel(_ id: String, of owner: WorkOwner) async throws {
        var call = APICall.post(Self.path(id) + "/cancel", owner.effect("cancelling statement \(id)"))
        call.repetition = .freely
        _ = try await client.json(call)
    }

    private static let path = "/api/2.0/sql/statements"

    static func path(_ id: String) -> String {
        path + "/" + PercentEncoding.component(id)
    }

    /// Reads the body straight into a store, without ever holding its JSON whole; no further than `page` needs.
    private static func reply(
        _ stream: HTTPStream, _ request: HTTPRequest, _ page: FirstPage?
    ) async throws -> StatementReply {
        var scanner = StatementResponseScanner()
        var page = page
        do {
            for try await piece in stream.body {
                try piece.withUnsafeBytes { try scanner.feed($0) }
                guard let wanted = page, scanner.rowCount >= wanted.rowsAtStart else { continue }
                // What stands before the rows decides, and that does not change.
                page = nil
                guard let envelope = scanner.openEnvelope else { continue }
                let reply = StatementReply(json: try JSONValue.parse(envelope), store: .empty, isCut: true)
                // Letting go of the stream ends the transfer.
                if wanted.isEnough(of: reply) {
                    return StatementReply(json: reply.json, store: try scanner.stop(), isCut: true)
                }
            }
            let (envelope, store) = try scanner.finish()
            return StatementReply(json: try JSONValue.parse(envelope), store: store)
        } catch let error where error is ScanError || error is JSONValue.ParseError {
            throw unreadable(stream, request, error)
        }
    }
}

extension Client {
    package var statements: Statements { Statements(client: self) }
}

/// State of a statement, such as `RUNNING`.
package struct StatementState: OpenEnum {
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
    /// The reply was not read to its end: `store` has only the first rows of the chunk, and what stands behind them is
    /// missing from `json`.
    var isCut = false

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

    /// The chunk in the reply; its rows are in `store`, or behind its link.
    var chunk: StatementChunk { StatementChunk(json: json["result"] ?? .object([])) }
    /// Where each chunk stands, when the manifest says so of all of them.
    var extents: [ChunkExtent] {
        let chunks = json["manifest"]?.elements("chunks") ?? []
        let extents = chunks.compactMap { chunk -> ChunkExtent? in
            guard let offset = chunk.integer("row_offset"), let count = chunk.integer("row_count") else { return nil }
            return ChunkExtent(rowOffset: offset, rowCount: count, byteCount: chunk.integer("byte_count"))
        }
        return extents.count == totalChunkCount ? extents : []
    }
    /// Bytes of the whole result.
    package var totalByteCount: Int? { json["manifest"]?.integer("total_byte_count") }
    /// What its chunks are written in, when it is not the JSON that dbsh asks for: such as `ARROW_STREAM`.
    package var otherFormat: StatementFormat? {
        guard let name = json["manifest"]?.string("format"), name != StatementRequest.Format.json.rawValue else {
            return nil
        }
        return StatementFormat(name: name, compression: json["manifest"]?.string("result_compression"))
    }

    /// The rows tell what to do with a file of a volume (databricks-sql-python, `is_volume_operation`).
    var isVolumeOperation: Bool { json["manifest"]?["is_volume_operation"] == .bool(true) }

    /// What went wrong, when the statement has ended without success.
    var error: StatementError? {
        guard state.isFinal, state != .succeeded else { return nil }
        let status = json["status"]
        let error = status?["error"]
        return StatementError(
            statementID: id, state: state,
            message: StatementError.message(
                error?["message"]?.text, state: state, code: error?.string("error_code")),
            sqlState: status?.string("sql_state") ?? error?.string("sql_state"), errorCode: error?.string("error_code"))
    }
}

/// What the chunks of somebody's result are written in.
package struct StatementFormat: Sendable, Equatable {
    /// `ARROW_STREAM` or `CSV`.
    package let name: String
    /// `LZ4_FRAME`; nil when the chunks are not compressed.
    package let compression: String?

    init(name: String, compression: String?) {
        self.name = name
        self.compression = compression == "NONE" ? nil : compression
    }

    /// The format as a request names it, when it is one whose bytes can be passed on.
    package var request: StatementRequest.Format? {
        compression == nil ? StatementRequest.Format(rawValue: name) : nil
    }

    /// For messages: `Arrow`, `Arrow compressed by LZ4_FRAME`.
    package var title: String {
        (name == StatementRequest.Format.arrow.rawValue ? "Arrow" : name)
            + (compression.map { " compressed by \($0)" } ?? "")
    }
}

/// What the API says about some consecutive rows of a result.
package struct StatementChunk: Sendable {
    /// Where rows are, when they are not in the reply. The URL lets its holder in.
    struct Link: Sendable {
        let url: Secret
        let headers: [(name: String, value: String)]
    }

    /// The fields around the rows.
    let json: JSONValue

    /// Index of the chunk after this one; nil at the end.
    var next: Int? { json.integer("next_chunk_index") ?? externalLink?.integer("next_chunk_index") }

    /// Rows that the service says it has.
    var rowCount: Int? { json.integer("row_count") ?? externalLink?.integer("row_count") }

    var link: Link? {
        guard let link = externalLink, let url = link["external_link"]?.text else { return nil }
        let headers = link["http_headers"]?.members?.compactMap { member in
            member.value.text.map { (name: member.key, value: $0) }
        }
        return Link(url: Secret(unlisted: url), headers: headers ?? [])
    }

    /// Its bytes, when drivers had asked for Arrow inside the reply (hybrid disposition; databricks-sql-python, `backend/sea`).
    var attachment: [UInt8]? {
        json.string("attachment").flatMap { Data(base64Encoded: $0) }.map { Array($0) }
    }

    private var externalLink: JSONValue? { json["external_links"]?[0] }
}

/// Where a chunk stands in its result (`BaseChunkInfo` of the manifest).
struct ChunkExtent: Sendable, Equatable {
    let rowOffset: Int
    let rowCount: Int
    let byteCount: Int?
}
