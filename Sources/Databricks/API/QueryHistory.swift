import Results

/// Query History API 2.0 (`/api/2.0/sql/history/queries`): what the service knows of a statement besides its state.
package struct QueryHistory: Sendable {
    let client: Client
    private static let path = "/api/2.0/sql/history/queries"

    /// How far a statement is; nil when the history does not have it (yet). Tried once: nobody depends on the answer.
    /// - Throws: as `Client.json`; 403 where the caller may not see the history.
    package func metrics(ofStatement id: String) async throws -> QueryMetrics? {
        var call = Self.call(forStatement: id)
        call.retry = .none
        call.totalTimeout = .seconds(10)
        return try await record(call, id).map(QueryMetrics.init)
    }

    /// All that is known of a statement; nil when the history does not have it (yet).
    /// - Throws: as `Client.json`; 403 where the caller may not see the history.
    package func record(ofStatement id: String) async throws -> QueryRecord? {
        try await record(Self.call(forStatement: id), id)
    }

    private static func call(forStatement id: String) -> APICall {
        .get(path, [("filter_by.statement_ids", id), ("include_metrics", "true"), ("max_results", "1")])
    }

    private func record(_ call: APICall, _ id: String) async throws -> QueryRecord? {
        try await client.json(call).elements("res").map(QueryRecord.init).first { $0.id == id }
    }

    /// Which statements are wanted.
    package struct Filter: Sendable {
        /// The id of the user who ran them, as SCIM has it.
        package var userID: String?
        package var warehouseID: String?
        /// One of the history's states: it takes one at a time.
        package var status: String?
        /// Begun since then, in milliseconds since 1970; 30 days ago at most.
        package var since: Int?
        /// At most so many.
        package var limit = 100
        /// What is left out of the answer, by the statement's text.
        package var leavesOut: @Sendable (_ text: String) -> Bool = { _ in false }

        package init() {}
    }

    /// Statements that the user may see, the newest first.
    /// - Throws: as `Client.json`.
    package func list(_ filter: Filter) async throws -> [QueryRecord] {
        var found: [QueryRecord] = []
        var token: String?
        repeat {
            let page = try await client.json(
                .get(
                    Self.path,
                    [
                        ("filter_by.user_ids", filter.userID), ("filter_by.warehouse_ids", filter.warehouseID),
                        ("filter_by.statuses", filter.status),
                        ("filter_by.query_start_time_range.start_time_ms", filter.since.map(String.init)),
                        // Fewer than 1000 a page [GO].
                        ("max_results", String(min(filter.limit - found.count, 999))), ("page_token", token),
                    ]))
            found += page.elements("res").map(QueryRecord.init).filter { !filter.leavesOut($0.text ?? "") }
            let next = page["has_next_page"] == .bool(false) ? nil : page.string("next_page_token")
            token = next == token ? nil : next
        } while token != nil && found.count < filter.limit
        return Array(found.prefix(filter.limit))
    }
}

extension Client {
    package var queryHistory: QueryHistory { QueryHistory(client: self) }
}

/// A statement as the history has it.
package struct QueryRecord: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var id: String { json.string("query_id") ?? "" }
    /// `QUEUED`, `STARTED`, `COMPILING`, `RUNNING`, `FINISHED`, `FAILED`, `CANCELED` and the like.
    package var status: String { json.string("status") ?? "" }
    package var user: String? { json.string("user_name") }
    package var text: String? { json.string("query_text") }
    /// Milliseconds since 1970.
    package var started: Int? { json.integer("query_start_time_ms") }
    /// Milliseconds.
    package var duration: Int? { json.integer("duration") }
    package var rows: Int? { json.integer("rows_produced") }
    /// Whether the numbers stay as they are.
    package var isFinal: Bool { json["is_final"] != .bool(false) }

    /// A whole number of its metrics: times are milliseconds, sizes bytes.
    package func metric(_ name: String) -> Int? { json["metrics"]?.integer(name) }
    package var isFromCache: Bool? {
        json["metrics"]?["result_from_cache"].flatMap { $0 == .null ? nil : $0 == .bool(true) }
    }
    /// Milliseconds between its arrival and its compilation: it waited for the warehouse.
    package var queued: Int? {
        guard let started, let compiled = metric("query_compilation_start_timestamp") else { return nil }
        return max(0, compiled - started)
    }
    /// Every scalar field, with those of the metrics behind the others.
    package var fields: [(name: String, value: JSONValue)] {
        func scalars(_ json: JSONValue?) -> [(name: String, value: JSONValue)] {
            guard case .object(let members) = json else { return [] }
            return members.compactMap { member in
                switch member.value {
                case .string, .number, .bool: (member.key, member.value)
                case .null, .array, .object: nil
                }
            }
        }
        return scalars(json) + scalars(json["metrics"])
    }
}

/// Numbers of a statement that runs; each is nil when the service does not say it (API/README.md).
package struct QueryMetrics: Sendable, Equatable {
    package let rowsRead: Int?
    package let bytesRead: Int?
    /// Tasks that have not ended yet.
    package let tasksLeft: Int?

    init(_ record: QueryRecord) {
        rowsRead = record.metric("rows_read_count")
        bytesRead = record.metric("read_bytes")
        tasksLeft = record.metric("remaining_task_count")
    }
}
