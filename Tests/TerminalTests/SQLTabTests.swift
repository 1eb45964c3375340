import Support
import Testing

/// Tab in SQL at a workspace with Unity Catalog, as the screen shows it.
@Suite struct SQLTabTests {
    /// Two tables, one of which refers to the other. The columns of one come when the test lets them.
    private final class Shop: Trouble {
        private static let base = "/api/2.1/unity-catalog/"
        let held: HeldReply

        init() { held = HeldReply(Self.base + "tables/main.default.customers") }

        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            guard request.path.hasPrefix(Self.base) else { return answer(request) }
            return held.reply(to: request) { request in
                switch request.path.dropFirst(Self.base.count) {
                case "current-metastore-assignment": .json(#"{"default_catalog_name":"main"}"#)
                case "catalogs": .json(#"{"catalogs":[{"name":"main"}]}"#)
                case "schemas": .json(#"{"schemas":[{"name":"default"}]}"#)
                case "table-summaries":
                    .json(
                        #"{"tables":[{"full_name":"main.default.customers","table_type":"MANAGED"},"#
                            + #"{"full_name":"main.default.orders","table_type":"MANAGED"}]}"#)
                case "tables/main.default.customers":
                    .json(#"{"name":"customers","columns":[\#(Self.column("id")),\#(Self.column("name"))]}"#)
                case "tables/main.default.orders":
                    .json(
                        #"{"name":"orders","columns":[\#(Self.column("order_id")),\#(Self.column("buyer")),"#
                            + #"\#(Self.column("customer_id"))],"table_constraints":[{"foreign_key_constraint":{"name":"k","#
                            + #""child_columns":["buyer"],"parent_table":"main.default.customers","#
                            + #""parent_columns":["id"]}}]}"#)
                default: .json(#"{"error_code":"NOT_FOUND","message":"no"}"#, status: 404)
                }
            }
        }

        private static func column(_ name: String) -> String { #"{"name":"\#(name)","type_text":"bigint"}"# }
    }

    /// The declared key comes first, then what is named like one; names that come late appear by themselves.
    @Test(arguments: [(80, 24), (120, 40)]) func joinsAreProposed(_ columns: Int, _ rows: Int) async throws {
        let shop = Shop()
        let workspace = try ScriptedWorkspace(trouble: shop)
        let shell = try await ScriptedShell.open(at: workspace, columns: columns, rows: rows)
        shell.pty.send("select * from orders o join customers c on \t")
        #expect(await shop.held.arrived())
        try await shell.wait(for: "the sign that names are on their way") { screen in
            screen.cursorLine.hasSuffix(" c on") && screen.lines[screen.row + 1] == "…"
        }
        shop.held.letGo()
        try await shell.wait(for: "the conditions, and below them the columns") { screen in
            screen.cursorLine.hasSuffix(" c on") && screen.lines[screen.row + 1].hasPrefix("o.buyer = c.id        -- ")
                && screen.lines[screen.row + 2].hasPrefix("o.customer_id = c.id  -- join")
                && screen.lines[screen.row + 3].hasPrefix("order_id              -- bigint")
        }
        shell.pty.send("\t where c.n\t")
        try await shell.wait(for: "the column, perhaps in the next row") {
            $0.text.replacing("\n", with: "").contains("on o.buyer = c.id where c.name")
        }
        shell.pty.send("\u{3}select * from orders order b\t")
        try await shell.wait(for: "the only word that can follow") { $0.cursorLine.hasSuffix("orders order by") }
        shell.pty.send("\u{3}select round(order_id, \t")
        try await shell.wait(for: "how the function is called") { screen in
            screen.cursorLine.hasSuffix("select round(order_id,")
                && screen.lines[screen.row + 1] == "round(expr[, scale])"
        }
        shell.pty.send("\u{3}select * from nowhere where \t!")
        try await shell.wait(for: "nothing put in for a table that is not there") {
            $0.cursorLine.hasSuffix("from nowhere where !")
        }
    }

    /// Nobody has to press Tab for them.
    @Test func columnsAreFetchedWhenATableIsNamed() async throws {
        let shop = Shop()
        shop.held.letGo()
        let workspace = try ScriptedWorkspace(trouble: shop)
        let shell = try await ScriptedShell.open(at: workspace)
        shell.pty.send("select * from customers ")
        #expect(await workspace.received("GET /api/2.1/unity-catalog/tables/main.default.customers"))
        #expect(workspace.count("GET /api/2.1/unity-catalog/tables/main.default.c") == 1)
    }

    /// A server with functions that dbsh does not know by itself.
    private struct Server: Trouble {
        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            guard request.method == "POST", request.path == "/api/2.0/sql/statements" else { return answer(request) }
            if request.text.contains("SHOW SYSTEM FUNCTIONS") { return rows(["!=", "frobnicate", "sum"]) }
            guard request.text.contains("DESCRIBE FUNCTION EXTENDED frobnicate") else { return answer(request) }
            return rows(["Function: frobnicate", #"Usage: \n  frobnicate(what[, how]) - Does it."#])
        }

        private func rows(_ cells: [String]) -> FaultServer.Reply {
            let rows = cells.map { #"["\#($0)"]"# }.joined(separator: ",")
            return .json(
                #"{"statement_id":"f","status":{"state":"SUCCEEDED"},"manifest":{"format":"JSON_ARRAY","schema":{"#
                    + #""column_count":1,"columns":[{"name":"function","type_text":"STRING","type_name":"STRING","#
                    + #""position":0}]},"chunks":[{"chunk_index":0,"row_offset":0,"row_count":\#(cells.count)}],"#
                    + #""total_chunk_count":1,"total_row_count":\#(cells.count)},"#
                    + #""result":{"chunk_index":0,"row_offset":0,"row_count":\#(cells.count),"data_array":[\#(rows)]}}"#
            )
        }
    }

    /// A warehouse that runs is asked once, and once again in no other session; one that is stopped stays so.
    @Test func functionsOfTheServerAreAskedForOnceAndStartNothing() async throws {
        let workspace = try ScriptedWorkspace(trouble: Server())
        workspace.change { $0.warehouseState = "STOPPED" }
        let cache = try ScratchDirectory()
        let asked = "POST /api/2.0/sql/statements"
        func open() async throws -> ScriptedShell {
            try await ScriptedShell.open(
                ["--start"], at: workspace, environment: ["XDG_CACHE_HOME": cache.path], columns: 80)
        }
        let first = try await open()
        first.pty.send("select frob\t!")
        #expect(await workspace.received("GET /api/2.0/sql/warehouses/" + ScriptedWorkspace.warehouse))
        try await first.wait(for: "nothing put in") { $0.cursorLine.hasSuffix("select frob!") }
        #expect(workspace.count("POST") == 0, "not even with --start is anything started for names")
        workspace.change { $0.warehouseState = "RUNNING" }
        for typed in ["select frobnicate(", "select frob\t"] {
            let shell = try await open()
            shell.pty.send(typed)
            try await shell.wait(for: "the name") { $0.cursorLine.hasSuffix("select frobnicate(") }
            try await shell.wait(for: "how it is called") { screen in
                screen.lines[screen.row + 1] == "frobnicate(what[, how])"
            }
        }
        let statements = workspace.server.log.entries.filter { "\($0.method) \($0.path)".hasPrefix(asked) }
        #expect(statements.count { $0.text.contains(" FUNCTION") && !$0.text.contains("USER") } == 2)
        #expect(statements.allSatisfy { $0.text.contains("/* dbsh: names for Tab */") })
    }
}
