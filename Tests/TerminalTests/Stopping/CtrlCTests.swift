import Support
import Testing

/// Ctrl-C in every state, judged by the screen and by what the server was asked.
@Suite struct CtrlCTests {
    /// A state to be in, and what Ctrl-C must do to it.
    struct State: Sendable, CustomTestStringConvertible {
        var name: String
        /// How the workspace is before.
        var before: @Sendable (inout ScriptedWorkspace.State) -> Void = { _ in }
        /// What is typed, line by line; each but the last brings a prompt.
        var lines: [String]
        /// How the status line ends when the state is reached.
        var status: String?
        /// Or the request that is received then.
        var request: String?
        /// The request by which the remote work is stopped; nil when there is none to stop.
        var cancel: String?

        var testDescription: String { name }
    }

    private static let statement = "POST /api/2.0/sql/statements/"
    private static let command = "POST /api/1.2/commands/cancel"

    static let states = [
        State(name: "a pending statement", lines: ["queue a;"], status: "PENDING", cancel: statement),
        State(name: "a running statement", lines: ["hang a;"], status: "RUNNING", cancel: statement),
        State(
            name: "a statement that waits for its warehouse", before: { $0.warehouseState = "STARTING" },
            lines: ["select a;"], status: "warehouse starter is STARTING", cancel: statement),
        State(
            name: "the fetching of chunks", lines: ["chunks a;"],
            request: "GET /api/2.0/sql/statements/01ef-1/result"),
        State(
            name: "the download of links", lines: [".once x.arrow", "select a;"], request: "GET /storage/01ef-1"),
        State(name: "a command", lines: ["%python hang"], status: "RUNNING", cancel: command),
        State(name: "a queued command", lines: ["%python queue"], status: "QUEUED", cancel: command),
        State(
            name: "the making of a context", before: { $0.contextState = "Pending" }, lines: ["%python x"],
            request: "GET /api/1.2/contexts/status", cancel: "POST /api/1.2/contexts/destroy"),
        State(
            name: "the wait for a cluster that starts", before: { $0.clusterState = "PENDING" }, lines: ["%python x"],
            status: "cluster dev is PENDING"),
        State(
            name: ".cluster start --wait", before: { $0.clusterState = "TERMINATED" },
            lines: [".cluster start dev --wait"], status: "cluster dev is PENDING"),
        State(
            name: ".warehouse start --wait", before: { $0.warehouseState = "STOPPED" },
            lines: [".warehouse start starter --wait"], status: "warehouse starter is STARTING"),
        State(
            name: "the retries of .api", lines: [".api GET /2.0/busy --retries 9 --retry-delay 600000"],
            request: "GET /api/2.0/busy"),
        State(name: "a job that is waited for", lines: ["hang a;&", ".wait"], status: "job 1: hang a"),
        State(name: "a job whose result is waited for", lines: ["hang a;&", ".result"], status: "job 1: hang a"),
        State(name: ".read", lines: [".read s.dbsh"], status: "RUNNING", cancel: statement),
    ]

    @Test(arguments: states) func ctrlCStopsItAndTheSessionGoesOn(_ state: State) async throws {
        let workspace = try ScriptedWorkspace()
        workspace.server.on("GET", "/api/2.0/busy", .status(503))
        workspace.change(state.before)
        let shell = try await ScriptedShell.open(at: workspace)
        try shell.pty.home.write("select first;\nhang in script;\nselect never;\n", to: "s.dbsh")
        for line in state.lines.dropLast() {
            shell.type(line)
            try await shell.prompt(below: line)
        }
        shell.type(state.lines.last ?? "")
        try await reach(state, shell)
        shell.pty.send("\u{3}")
        try await shell.prompt(below: "cancelled")
        if let cancel = state.cancel {
            let isCancel: @Sendable (FaultServer.Request) -> Bool = {
                cancel != Self.statement || $0.path.hasSuffix("/cancel")
            }
            #expect(await workspace.received(cancel, where: isCancel))
            let cancels = workspace.server.log.entries.filter {
                "\($0.method) \($0.path)".hasPrefix(cancel) && isCancel($0)
            }
            #expect(cancels.count == 1)
        } else {
            let hasCancelled = workspace.server.log.entries.contains { $0.path.hasSuffix("/cancel") }
            #expect(!hasCancelled, "nothing was to be cancelled")
        }
        if state.request?.contains("/storage/") == true {
            #expect(await workspace.server.hangUps.wait { !$0.isEmpty }, "the transfer goes on")
            #expect(shell.pty.home.contents("x.arrow") == nil, "half a file is left")
        }
        // The next cell works, and the script that was stopped is not gone on with.
        workspace.change { ($0.clusterState, $0.warehouseState, $0.contextState) = ("RUNNING", "RUNNING", "Running") }
        shell.type("select next;")
        try await shell.prompt(below: "│ next   │")
        shell.type("%python afterwards")
        try await shell.prompt(below: "ran afterwards")
        #expect(!workspace.state.works.values.contains { $0.text.contains("never") })
    }

    /// Waits until the state is reached.
    private func reach(_ state: State, _ shell: ScriptedShell) async throws {
        if let status = state.status { try await shell.status(status) }
        guard let request = state.request else { return }
        #expect(await shell.workspace.received(request))
    }

    @Test func watchEndsInARun() async throws {
        let shell = try await ScriptedShell.open()
        shell.type("select a;")
        try await shell.prompt(below: "│ a      │")
        shell.workspace.change { $0.hangs = true }
        shell.type(".watch 0")
        try await shell.status("RUNNING")
        shell.pty.send("\u{3}")
        try await shell.prompt(below: "cancelling 01ef-")
        let watched = shell.workspace.state.works.values.filter { $0.text == "select a" && $0.hangs }
        #expect(watched.count == 1 && watched.allSatisfy(\.isCancelled))
    }

    @Test func watchEndsBetweenTwoRuns() async throws {
        let shell = try await ScriptedShell.open()
        shell.type("select a;")
        try await shell.prompt(below: "│ a      │")
        shell.type(".watch 600")
        try await shell.wait(for: "the first run") { screen in
            screen.lines.count { $0 == "│ a      │" } == 2 && screen.cursorLine == ""
        }
        shell.pty.send("\u{3}")
        try await shell.wait(for: "the prompt") { $0.cursorLine.hasSuffix("sql @starter>") }
        shell.type("select next;")
        try await shell.prompt(below: "│ next   │")
        #expect(shell.workspace.state.works.values.count { $0.text == "select a" } == 2)
    }

    /// A Ctrl-C that comes too late for a cell still ends what repeats the cell.
    @Test func lateCtrlCEndsTheScript() async throws {
        let workspace = try ScriptedWorkspace(trouble: HeldStatement())
        let shell = try await ScriptedShell.open(at: workspace)
        try shell.pty.home.write("select first;\nselect never;\n", to: "s.dbsh")
        shell.type(".read s.dbsh")
        #expect(await workspace.received("POST /api/2.0/sql/statements"))
        shell.pty.send("\u{3}")
        try await shell.prompt(below: "cancelled")
        #expect(!workspace.state.works.values.contains { $0.text.contains("never") })
    }

    /// Statements are through when their submission is answered, and that takes a second.
    private struct HeldStatement: Trouble {
        func reply(
            to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
        ) -> FaultServer.Reply {
            request.path == "/api/2.0/sql/statements" ? answer(request).after(.seconds(1)) : answer(request)
        }
    }
}
