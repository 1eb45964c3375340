import System

/// Query history: the statements of this workspace, newest first.
enum QueryHistoryRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        [
            .json("GET", "/api/2.0/sql/history/queries") { request in
                let wanted = request.arguments("filter_by.statement_ids")
                let states = request.arguments("filter_by.statuses")
                let hasMetrics = request.argument("include_metrics") == "true"
                let all = await workspace.history().filter { statement in
                    (wanted.isEmpty || wanted.contains(statement.id))
                        && (states.isEmpty || states.contains(state(statement.state)))
                }
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
            "user_name": .string(facts.userName), "query_start_time_ms": .integer(statement.submitted.milliseconds),
            "duration": .integer(end.milliseconds - statement.submitted.milliseconds),
            "is_final": .bool(!statement.isOpen),
        ]
        var rows: JSON = .null
        var error: JSON = .null
        if case .succeeded(let output) = statement.state { rows = .integer(output.rowCount) }
        if case .failed(let failure) = statement.state { error = .string(failure.message) }
        return object.adding([
            "query_end_time_ms": statement.ended.map { .integer($0.milliseconds) } ?? .null, "rows_produced": rows,
            "error_message": error, "metrics": hasMetrics ? metrics(of: statement) : .null,
        ])
    }

    /// What the engine has said of its Spark jobs, and the rows of the result; the service's other metrics are not known here.
    private static func metrics(of statement: StatementLifeCycle) -> JSON {
        let object: JSON = [:]
        let known = statement.metrics
        var produced: JSON = .null
        if case .succeeded(let output) = statement.state { produced = .integer(output.rowCount) }
        return object.adding([
            "rows_read_count": known.map { .integer($0.rowsRead) } ?? .null,
            "read_bytes": known.map { .integer($0.bytesRead) } ?? .null, "rows_produced_count": produced,
            "remaining_task_count": known.map { .integer(statement.isOpen ? $0.tasksLeft : 0) } ?? .null,
            "runnable_tasks": known.map { .integer(statement.isOpen ? $0.tasksLeft : 0) } ?? .null,
        ])
    }
}
