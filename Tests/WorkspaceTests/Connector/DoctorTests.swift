import LocalWorkspace
import Results
import Support
import Testing

/// `dbsh doctor`: ten checks, one line each, and what to do about it.
@Suite(.timeLimit(.minutes(10)))
struct DoctorTests: ConnectorSuite {
    private static let checks = [
        "version", "configuration", "profile", "network", "clock", "sign-in", "warehouse", "cluster", "local engine",
        "terminal",
    ]

    private func states(_ run: ShellCommand.Result) throws -> [String: String] {
        let document = try JSONValue.parse(run.output)
        let checks = document["checks"]?.elements ?? []
        #expect(checks.compactMap { $0["check"]?.text } == Self.checks)
        return Dictionary(uniqueKeysWithValues: checks.map { ($0["check"]?.text ?? "", $0["state"]?.text ?? "") })
    }

    @Test func allIsWell() async throws {
        try await withReplayWorkspace { workspace, _ in
            let scratch = try ScratchDirectory()
            let environment = [
                "DATABRICKS_TOKEN": workspace.token, "DATABRICKS_WAREHOUSE_ID": workspace.warehouseID,
                "DATABRICKS_CLUSTER_ID": workspace.clusterID,
            ]
            let run = try await dbsh("doctor", workspace.url, in: scratch, environment: environment, flags: "")
            #expect(run.status == 0, "\(run.errors)")
            let lines = run.output.split(separator: "\n").filter { !$0.hasPrefix("  →") }
            #expect(lines.count == Self.checks.count, "\(run.output)")
            #expect(run.output.contains("pat as me@local") && run.output.contains("agrees with the server's"))
            #expect(run.output.contains("✓ warehouse"))
            let json = try await dbsh("doctor --json", workspace.url, in: scratch, environment: environment, flags: "")
            let states = try states(json)
            #expect(states["sign-in"] == "ok" && states["network"] == "ok" && states["cluster"] == "ok")
        }
    }

    @Test func nothingIsConfigured() async throws {
        let run = try await dbsh(
            "doctor --json", "", in: try ScratchDirectory(), environment: ["DATABRICKS_TOKEN": ""], flags: "")
        #expect(run.status == 0, "\(run.output)")
        let states = try states(run)
        #expect(states["sign-in"] == "none" && states["network"] == "none" && states["version"] == "ok")
    }

    @Test func whatIsWrongIsSaidAndNoSecret() async throws {
        let server = try FaultServer()
        server.on(
            "GET", "/.well-known/databricks-config",
            .json("{}", headers: [("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]))
        server.on(
            "GET", "/api/2.0/preview/scim/v2/Me",
            .json(#"{"error_code":403,"message":"Invalid access token \#(Self.secret)"}"#, status: 403))
        let scratch = try ScratchDirectory()
        try scratch.write("[x]\nhost = https://x.example\ntoken = \(Self.secret)\n", to: ".databrickscfg")
        let run = try await dbsh("doctor", server.url, in: scratch, flags: "")
        #expect(run.status == 1)
        #expect(run.output.contains("ahead of the server's") && run.output.contains("set the clock"), "\(run.output)")
        #expect(run.output.contains("✗ sign-in") && run.output.contains("Invalid access token"))
        #expect(run.output.contains("others can read it: chmod 600"))
        // A host that nobody answers for.
        let gone = try await dbsh("doctor --json", "http://127.0.0.1:1", in: scratch, flags: "")
        #expect(gone.status == 1)
        #expect(try states(gone)["network"] == "error")
        #expect(gone.output.contains("cannot connect to 127.0.0.1:1"))
    }
}
