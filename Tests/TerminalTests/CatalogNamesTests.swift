import Support
import Testing

/// Names of the catalog, which Tab asks the warehouse for.
@Suite struct CatalogNamesTests {
    /// A service that keeps SQL sessions.
    private struct Sessions: Trouble {
        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            request.path.hasPrefix("/api/2.0/sql/sessions") ? .json(#"{"session_id":"s1"}"#) : answer(request)
        }
    }

    /// A statement in it would be part of an open transaction, and could meet a lock.
    @Test func namesAreAskedForOutsideTheUsersSession() async throws {
        let workspace = try ScriptedWorkspace(trouble: Sessions())
        let shell = try await ScriptedShell.open(at: workspace)
        for word in ["first", "second"] {
            shell.type("select \(word);")
            try await shell.prompt(below: "│ \(word)")
        }
        shell.pty.send("select * from \t")
        #expect(
            await workspace.received("POST /api/2.0/sql/statements") { $0.text.contains("SHOW TABLES IN `default`") })
        let statements = workspace.server.log.entries.filter { $0.path == "/api/2.0/sql/statements" }.map(\.text)
        #expect(statements.contains { $0.contains("select second") && $0.contains("\"session_id\"") })
        #expect(!statements.contains { $0.contains("SHOW ") && $0.contains("session_id") })
    }

    /// A service with Unity Catalog and a schema of ten thousand tables. Some lists have an empty page before the names.
    private struct Catalogs: Trouble {
        /// Holds the names of tables back.
        var gate: Gate?
        private static let base = "/api/2.1/unity-catalog/"
        private static let orders = (1..<10_000).map { "orders_\($0)" }

        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            guard request.path.hasPrefix(Self.base) else { return answer(request) }
            let query = request.query
            switch request.path.dropFirst(Self.base.count) {
            case "current-metastore-assignment": return .json(#"{"default_catalog_name":"main"}"#)
            case "catalogs":
                return .json(
                    query.contains("page_token")
                        ? #"{"catalogs":[{"name":"main"},{"name":"samples"}]}"# : #"{"next_page_token":"more"}"#)
            case "schemas": return .json(#"{"schemas":[{"name":"default"},{"name":"shop"}]}"#)
            case "schemas/main.shop", "schemas/main.default": return .json(#"{"name":"it"}"#)
            case "tables/main.default.customers":
                return .json(
                    #"{"name":"customers","columns":[{"name":"id","type_text":"bigint","comment":"the key"}]}"#)
            case "table-summaries":
                let names = query.contains("table_name_pattern=cust%25") ? ["customers"] : ["customers"] + Self.orders
                let tables = names.map { #"{"full_name":"main.default.\#($0)","table_type":"MANAGED"}"# }
                let text = query.contains("shop") ? "{}" : #"{"tables":[\#(tables.joined(separator: ","))]}"#
                guard let gate else { return .json(text) }
                return .steps([.until(gate), .text(text)], length: text.utf8.count)
            default: return .json(#"{"error_code":"NOT_FOUND","message":"no"}"#, status: 404)
            }
        }
    }

    /// Nothing is started and no statement is sent for a look at the catalog, and the first Tab completes.
    @Test func theCatalogAnswersWhileTheWarehouseIsStopped() async throws {
        let workspace = try ScriptedWorkspace(trouble: Catalogs())
        workspace.change { $0.warehouseState = "STOPPED" }
        let shell = try await ScriptedShell.open(at: workspace)
        shell.pty.send("select * from cust\t")
        try await shell.wait(for: "the table's name") {
            $0.cursorLine.hasPrefix("sql @starter> select * from customers")
        }
        #expect(await workspace.received("GET /api/2.1/unity-catalog/table-summaries") { $0.query.contains("cust%25") })
        shell.pty.send("\u{3}.tables samp\t")
        try await shell.wait(for: "the catalog's name") { $0.cursorLine == "sql @starter> .tables samples." }
        shell.pty.send("\u{3}.use samp\t")
        try await shell.wait(for: "a catalog to use") { $0.cursorLine == "sql @starter> .use samples" }
        shell.pty.send("\u{3}.use main.sh\t")
        try await shell.wait(for: "a schema to use") { $0.cursorLine == "sql @starter> .use main.shop" }
        shell.pty.send("\u{3}")
        for (line, shown) in [
            (".catalogs", "│ samples"), (".schemas", "│ main    │ shop"), (".tables cust*", "customers"),
            (".describe customers", "the key"), (".tables shop", "catalog"),
        ] {
            shell.type(line)
            try await shell.prompt(below: shown)
        }
        // What only SQL can answer is asked about first.
        shell.type(".tables hive_metastore.default")
        try await shell.wait(for: "the question") { $0.cursorLine.contains("Start it? [y/N]") }
        shell.type("n")
        try await shell.prompt(below: "only SQL can answer this, and warehouse starter is stopped")
        #expect(workspace.count("POST") == 0)
    }

    /// Keys never wait for names: those that come late are there at the next Tab.
    @Test func namesThatAreNotThereYetAreThereAtTheNextTab() async throws {
        let gate = Gate()
        let workspace = try ScriptedWorkspace(trouble: Catalogs(gate: gate))
        let shell = try await ScriptedShell.open(at: workspace)
        shell.pty.send("select * from cust\t")
        #expect(await workspace.received("GET /api/2.1/unity-catalog/table-summaries"))
        shell.pty.send("x")
        try await shell.wait(for: "the key after Tab, while the server is silent") {
            $0.cursorLine == "sql @starter> select * from custx"
        }
        shell.pty.send("\u{8}")
        gate.open()
        try await shell.wait(for: "the same line") { $0.cursorLine == "sql @starter> select * from cust" }
        // Each Tab that comes too early changes nothing. A key behind it shows that it has been answered.
        var isThere = false
        for _ in 0..<5000 where !isThere {
            shell.pty.send("\t!")
            try await shell.wait(for: "the key after Tab") { $0.cursorLine.hasSuffix("!") }
            isThere = shell.pty.screen.cursorLine.hasPrefix("sql @starter> select * from customers")
            shell.pty.send("\u{7F}")
            try await shell.wait(for: "the line without it") { !$0.cursorLine.hasSuffix("!") }
        }
        #expect(isThere)
    }
}
