import Support
import Testing

/// Waiting for a warehouse or cluster that starts, and for a service that keeps its numbers to itself.
@Suite struct StartingTests {
    /// What the service is to say.
    private enum Phase { case pending, running, done }

    private static func shell(_ server: FaultServer, _ environment: [String: String]) throws -> PtySession {
        let variables = ["DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t"]
        return try PtySession(
            program: ServedWorkspace.binary, arguments: ["-q"],
            environment: variables.merging(environment) { $1 }, columns: 90)
    }

    private static func count(_ server: FaultServer, _ path: String) -> Int {
        server.log.entries.count { $0.path == path }
    }

    @Test func aStartingWarehouseIsNamedAndARefusingHistoryIsAskedOnce() async throws {
        let server = try FaultServer()
        let phase = Guarded(Phase.pending)
        server.on(
            "POST", "/api/2.0/sql/statements", .json(#"{"statement_id":"st-1","status":{"state":"PENDING"}}"#))
        server.respond("GET", "/api/2.0/sql/statements/st-1") { _, _ in
            switch phase.withLock({ $0 }) {
            case .pending: .json(#"{"statement_id":"st-1","status":{"state":"PENDING"}}"#)
            case .running: .json(#"{"statement_id":"st-1","status":{"state":"RUNNING"}}"#)
            case .done: .json(#"{"statement_id":"st-1","status":{"state":"SUCCEEDED"},"manifest":{},"result":{}}"#)
            }
        }
        server.on(
            "GET", "/api/2.0/sql/warehouses/00000000000010ab",
            .json(#"{"id":"00000000000010ab","name":"starter","state":"STARTING"}"#))
        let history = "/api/2.0/sql/history/queries"
        server.on("GET", history, .json(#"{"error_code":"PERMISSION_DENIED","message":"no"}"#, status: 403))
        let shell = try Self.shell(server, ["DATABRICKS_WAREHOUSE_ID": "00000000000010ab"])
        try await shell.wait(for: "the prompt") { $0.cursorLine.hasSuffix(">") }
        shell.send("select 1;\r")
        try await shell.wait(for: "the warehouse's state") {
            $0.cursorLine.hasSuffix("s · PENDING: warehouse starter is STARTING")
        }
        phase.withLock { $0 = .running }
        while Self.count(server, history) == 0 { await server.log.waitFor(server.log.entries.count + 1) }
        // Polls are 2 s apart at most, so that these are more than the 2.5 s between two questions.
        let polls = Self.count(server, "/api/2.0/sql/statements/st-1")
        while Self.count(server, "/api/2.0/sql/statements/st-1") < polls + 8 {
            await server.log.waitFor(server.log.entries.count + 1)
        }
        #expect(Self.count(server, history) == 1)
        #expect(shell.screen.cursorLine.hasSuffix("s · RUNNING"))
        phase.withLock { $0 = .done }
        try await shell.wait(for: "the end, and no status line") {
            $0.cursorLine.hasSuffix(">") && !$0.text.contains("RUNNING") && !$0.text.contains("403")
        }
    }

    @Test func aStartingClusterTellsItsNewestEvent() async throws {
        let server = try FaultServer()
        let phase = Guarded(Phase.pending)
        server.respond("GET", "/api/2.1/clusters/get") { _, _ in
            let state = phase.withLock { $0 == .pending ? "PENDING" : "TERMINATED" }
            return .json(#"{"cluster_id":"0101-000000-abcd1234","cluster_name":"dev","state":"\#(state)"}"#)
        }
        server.on(
            "POST", "/api/2.1/clusters/events",
            .json(
                #"{"events":[{"cluster_id":"0101-000000-abcd1234","timestamp":1,"type":"RESIZING","details":{"current_num_workers":1,"#
                    + #""target_num_workers":4}}]}"#),
            .json(#"{"events":[{"cluster_id":"0101-000000-abcd1234","timestamp":2,"type":"INIT_SCRIPTS_STARTED"}]}"#),
            .json(#"{"error_code":"PERMISSION_DENIED","message":"no"}"#, status: 403))
        let shell = try Self.shell(server, ["DATABRICKS_CLUSTER_ID": "0101-000000-abcd1234"])
        try await shell.wait(for: "the prompt") { $0.cursorLine.hasSuffix(">") }
        shell.send("%python 1\r")
        for words in ["adding nodes, 1 of 4 workers", "init scripts run"] {
            try await shell.wait(for: words) { $0.cursorLine.hasSuffix("s · cluster dev is PENDING · \(words)") }
        }
        // The third question is refused, and was the last.
        while Self.count(server, "/api/2.1/clusters/events") < 3 {
            await server.log.waitFor(server.log.entries.count + 1)
        }
        let looks = Self.count(server, "/api/2.1/clusters/get")
        while Self.count(server, "/api/2.1/clusters/get") < looks + 4 {
            await server.log.waitFor(server.log.entries.count + 1)
        }
        #expect(Self.count(server, "/api/2.1/clusters/events") == 3)
        shell.send("\u{3}")
        try await shell.wait(for: "the prompt, and no status line") {
            $0.cursorLine.hasSuffix(">") && $0.text.contains("cancelled") && !$0.text.contains("PENDING")
        }
    }
}
