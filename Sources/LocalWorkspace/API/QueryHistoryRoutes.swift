import System

/// Query history: the statements of this workspace, newest first.
enum QueryHistoryRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        [
            .json("GET", "/api/2.0/sql/history/queries") { request in
                let hasMetrics = request.argument("include_metrics") == "true"
                let isWanted = try filter(request, workspace.facts)
                let all = await workspace.history().filter(isWanted)
                let page = try Page(
                    of: all, size: request.integerArgument("max_results", in: 1...1000) ?? 100,
                    token: request.argument("page_token"))
                let answer: JSON = [
                    "res": .array(page.elements.map { describe($0, workspace.facts, hasMetrics) }),
                    "has_next_page": .bool(page.next != nil),
                ]
                return answer.adding(["next_page_token": .optional(page.next)])
            }
        ]
    }

    /// The id of the one user, as the SCIM API has it.
    private static let userID = "1"

    /// What `filter_by` asks for.
    private static func filter(
        _ request: HTTPRequest, _ facts: Workspace.Facts
    ) throws -> (StatementLifeCycle) -> Bool {
        func fits(_ name: String, _ value: String) -> Bool {
            let wanted = request.arguments("filter_by." + name)
            return wanted.isEmpty || wanted.contains(value)
        }
        let range = "filter_by.query_start_time_range."
        let start = try request.integerArgument(range + "start_time_ms", in: 0...Int.max) ?? 0
        let end = try request.integerArgument(range + "end_time_ms", in: 0...Int.max) ?? Int.max
        let fitsAll = fits("user_ids", userID) && fits("warehouse_ids", facts.warehouseID)
        return { statement in
            fitsAll && (start...max(start, end)).contains(statement.submitted.milliseconds)
                && fits("statement_ids", statement.id) && fits("statuses", state(statement.state))
        }
    }

    /// The history's own names of states.
    private static func state(_ state: StatementLifeCycle.State) -> String {
        switch state {
        case .pending: "QUEUED"
        case .running: "RUNNING"
        case .succeeded, .closed: "FINISHED"
        case .failed: "FAILED"
        case .canceled: "CANCELED"
        }
    }

    private static func describe(
        _ statement: StatementLifeCycle, _ facts: Workspace.Facts, _ hasMetrics: Bool
    ) -> JSON {
        let end = statement.ended ?? .now
        let object: JSON = [
            "query_id": .string(statement.id), "status": .string(state(statement.state)),
            "query_text": .string(statement.request.sql), "warehouse_id": .string(facts.warehouseID),
            "user_name": .string(facts.userName), "user_id": .number(userID),
            "query_start_time_ms": .integer(statement.submitted.milliseconds),
            "duration": .integer(end.milliseconds - statement.submitted.milliseconds),
            "is_final": .bool(statement.isSettled),
        ]
        var rows: JSON = .null
        var error: JSON = .null
        if case .succeeded(let output) = statement.state { rows = .integer(output.rowCount) }
        if case .failed(let failure) = statement.state { error = .string(failure.message) }
        return object.adding([
            "query_end_time_ms": statement.ended.map { .integer($0.milliseconds) } ?? .null, "rows_produced": rows,
            "query_tags": statement.request.tags ?? .null, "error_message": error,
            "metrics": hasMetrics ? metrics(of: statement) : .null,
        ])
    }

    /// What the engine has said of its Spark jobs, while they run and in the end; the service's other metrics are not known here.
    private static func metrics(of statement: StatementLifeCycle) -> JSON {
        let object: JSON = [:]
        var produced: JSON = .null
        if case .succeeded(let output) = statement.state { produced = .integer(output.rowCount) }
        let left: JSON = statement.metrics.map { .integer(statement.isOpen ? $0.tasksLeft : 0) } ?? .null
        let compiled: JSON = statement.started.map { .integer($0.milliseconds) } ?? .null
        if let measures = statement.measures {
            return measures.adding([
                "rows_produced_count": produced, "remaining_task_count": left, "runnable_tasks": left,
                "query_compilation_start_timestamp": compiled,
            ])
        }
        return object.adding([
            "rows_read_count": statement.metrics.map { .integer($0.rowsRead) } ?? .null,
            "read_bytes": statement.metrics.map { .integer($0.bytesRead) } ?? .null, "rows_produced_count": produced,
            "remaining_task_count": left, "runnable_tasks": left,
        ])
    }
}
