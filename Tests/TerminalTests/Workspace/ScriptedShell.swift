import Support

/// dbsh on a terminal at a scripted workspace.
struct ScriptedShell {
    let pty: PtySession
    let workspace: ScriptedWorkspace

    /// Both, and the first prompt.
    /// - Parameter arguments: besides `-q` and the choice of cluster and warehouse.
    static func open(
        _ arguments: [String] = [], at workspace: ScriptedWorkspace? = nil, environment: [String: String] = [:],
        columns: Int = 90, rows: Int = 24, prompt: String? = "sql @starter>"
    ) async throws -> ScriptedShell {
        let workspace = try workspace ?? ScriptedWorkspace()
        let pty = try PtySession(
            program: BuiltProduct.path("dbsh"),
            arguments: ["-q", "--cluster", "dev", "--warehouse", "starter"] + arguments,
            environment: variables(workspace).merging(environment) { $1 }, columns: columns, rows: rows)
        let shell = ScriptedShell(pty: pty, workspace: workspace)
        if let prompt { try await shell.wait(for: "the prompt") { $0.cursorLine == prompt } }
        return shell
    }

    static func variables(_ workspace: ScriptedWorkspace) -> [String: String] {
        ["DATABRICKS_HOST": workspace.server.url, "DATABRICKS_TOKEN": "t", "NO_COLOR": "1", "DBSH_PAGER": "cat"]
    }

    /// Types a line and Enter.
    func type(_ line: String) { pty.send(line + "\r") }

    func wait(for what: String, until isTrue: @escaping @Sendable (ScreenEmulator) -> Bool) async throws {
        try await pty.wait(for: what, until: isTrue)
    }

    /// Waits for an empty prompt, below `lines`.
    func prompt(below lines: String..., prompt: String = "sql @starter>") async throws {
        try await wait(for: "the prompt, and above it \(lines)") { screen in
            screen.cursorLine == prompt && lines.allSatisfy { line in screen.lines.contains { $0.contains(line) } }
        }
    }

    /// Waits for the status line to end so.
    func status(_ ending: String) async throws {
        try await wait(for: "the status line") { $0.cursorLine.uppercased().hasSuffix(ending.uppercased()) }
    }
}
