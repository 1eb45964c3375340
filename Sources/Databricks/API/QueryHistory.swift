import Results

/// Query History API 2.0 (`/api/2.0/sql/history/queries`): what the service knows of a statement besides its state.
package struct QueryHistory: Sendable {
    let client: Client

    /// How far a statement is; nil when the history does not have it (yet). Tried once: nobody depends on the answer.
    /// - Throws: as `Client.json`; 403 where the caller may not see the history.
    package func metrics(ofStatement id: String) async throws -> QueryMetrics? {
        var call = APICall.get(
            "/api/2.0/sql/history/queries",
            [("filter_by.statement_ids", id), ("include_metrics", "true"), ("max_results", "1")])
        call.retry = .none
        call.totalTimeout = .seconds(10)
        let entry = try await client.json(call).elements("res").first { $0.string("query_id") == id }
        return entry.map(QueryMetrics.init)
    }
}

extension Client {
    package var queryHistory: QueryHistory { QueryHistory(client: self) }
}

/// Numbers of a statement that runs; each is nil when the service does not say it (API/README.md).
package struct QueryMetrics: Sendable, Equatable {
    package let rowsRead: Int?
    package let bytesRead: Int?
    /// Tasks that have not ended yet.
    package let tasksLeft: Int?

    init(_ entry: JSONValue) {
        let metrics = entry["metrics"]
        rowsRead = metrics?.integer("rows_read_count")
        bytesRead = metrics?.integer("read_bytes")
        tasksLeft = metrics?.integer("remaining_task_count")
    }
}
