import Results
import Support
import Testing

/// `dbsh mcp` and clients that send what they should not.
@Suite(.timeLimit(.minutes(5)))
struct HostileMCPTests: ConnectorSuite {
    /// What it answers to lines, with the id and the error's code of each answer.
    private func answers(to lines: String, _ server: FaultServer) async throws -> [String] {
        let scratch = try ScratchDirectory()
        try scratch.write(lines, to: "lines")
        let result = try await dbsh("mcp --warehouse w <lines", server.url, in: scratch, flags: "")
        #expect(result.status == 0, "\(result.errors)")
        return try result.output.split(separator: "\n").map { line in
            let json = try JSONValue.parse(String(line))
            return "\(json["id"]?.serialized() ?? "none") \(json["error"]?["code"]?.serialized() ?? "ok")"
        }
    }

    @Test func whatIsNoRequestIsRefusedAndTheNextOneAnswered() async throws {
        let lines = [
            #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}"#,
            "this is no JSON", "\u{FFFD}\u{1}", "[]", "7", String(repeating: "[", count: 100_000),
            #"{"jsonrpc":"2.0","id":2}"#, #"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
            #"{"jsonrpc":"2.0","id":[1],"method":"ping"}"#, #"{"jsonrpc":"2.0","id":3,"method":"resources/list"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/whatever"}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
            #"{"jsonrpc":"2.0","id":4,"result":{}}"#, #"{"jsonrpc":"2.0","id":5,"method":"tools/call"}"#,
            #"{"jsonrpc":"2.0","id":6,"method":"tools/call","params":{"name":"nosuch","arguments":{}}}"#, "", "  ",
            #"[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":"eight","method":"ping"},9]"#,
            // No line end.
            #"{"jsonrpc":"2.0","id":10,"method":"tools/list"}"#,
        ]
        let found = try await answers(to: lines.joined(separator: "\n"), FaultServer())
        #expect(
            found == [
                "1 ok", "null -32700", "null -32700", "null -32600", "null -32600", "null -32700", "2 -32600",
                "null -32600", "null -32600", "3 -32601", "5 -32602", "6 -32602", "7 ok", #""eight" ok"#, "null -32600",
                "10 ok",
            ])
    }

    @Test func aMessageHasAnEnd() async throws {
        let ping = #"{"jsonrpc":"2.0","id":1,"method":"ping"}"#
        let huge = #"{"jsonrpc":"2.0","id":0,"method":""# + String(repeating: "x", count: 40 << 20) + "\"}"
        #expect(try await answers(to: "\(huge)\n\(ping)\n", FaultServer()) == ["null -32600", "1 ok"])
    }

    /// A call is cancelled by its id, so there is one of it.
    @Test func aCallUnderWayKeepsItsID() async throws {
        let server = try FaultServer()
        server.on("POST", "/api/2.0/sql/statements", .silence)
        let call = #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"run_cell","arguments":"#
        let calls = [1, 2].map { "\(call){\"code\":\"select \($0)\"}}}\n" }
        let found = try await answers(to: calls.joined(), server)
        #expect(found == ["1 -32600"])
    }

    /// When nobody reads the answers, requests that go on and on do not keep it alive.
    @Test func aClientThatHasGoneIsNotServed() async throws {
        let scratch = try ScratchDirectory()
        let line = #"yes '{"jsonrpc":"2.0","id":1,"method":"ping"}' | dbsh mcp --warehouse w | head -n 1 | wc -l"#
        let result = try await ShellCommand(
            line, in: scratch.path,
            environment: [
                "PATH": ServedWorkspace.binary.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 }
                    + ":/usr/bin:/bin", "DATABRICKS_HOST": FaultServer().url, "DATABRICKS_TOKEN": Self.secret,
            ]
        ).run()
        #expect(result.output.trimmingPrefix(" ") == "1\n", "\(result.errors)")
    }
}
