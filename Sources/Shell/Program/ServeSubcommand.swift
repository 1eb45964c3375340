/// `dbsh serve` — the local workspace in the foreground, for any Databricks client.
struct ServeSubcommand: Subcommand {
    let port = Flag<Int?>(
        "--port", value: "N", within: 0...65535, "the port on 127.0.0.1 (default: a free one)")
    let ephemeral = Flag("--ephemeral", "keep nothing afterwards")
    let tokenFile = Flag<FilePath?>(
        "--token-file", value: "FILE", "write the token to FILE, which only you can read, instead of showing it")
    let debug = Flag("--debug", "a line on stderr for every request")

    var spec: ProgramSpec {
        ProgramSpec(
            "serve", "run the local workspace alone, for any Databricks client",
            flags: [port, ephemeral, tokenFile, debug], sharing: [Options.local],
            details: """
                The token is made at the start; DBSH_SERVE_TOKEN sets it instead.
                Ctrl-C ends the workspace and every process it started.
                """,
            examples: [
                .init("dbsh serve --port 8443", "tables and files are kept in ~/.local/share/dbsh"),
                .init("dbsh serve --ephemeral --token-file token", "nothing is kept"),
            ], isLocal: true)
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        await program.serveLocal(
            .init(
                environment: program.environment, port: UInt16(call[port] ?? 0), isEphemeral: call[ephemeral],
                logsRequests: call[debug], tokenFile: call[tokenFile]?.path))
    }
}
