/// `dbsh serve` — the local workspace in the foreground, for any Databricks client.
struct ServeSubcommand: Subcommand {
    let port = Flag<Int?>(
        "--port", value: "N", within: 0...65535, "the port on 127.0.0.1 (default: a free one)")
    let ephemeral = Flag("--ephemeral", "keep no data")
    let tokenFile = Flag<FilePath?>(
        "--token-file", value: "FILE", "write the token to FILE, readable only by you, instead of printing it")
    let tokenLifetime = Flag<Duration?>(
        "--token-lifetime", value: "TIME",
        "how long the service principal's access tokens are good for, such as 20s (default: 1h)")
    let debug = Flag("--debug", "log every request on stderr")

    var spec: ProgramSpec {
        ProgramSpec(
            "serve", "run the local workspace as a server for any Databricks client",
            flags: [port, ephemeral, tokenFile, tokenLifetime, debug], sharing: [Options.local],
            details: """
                A token is generated at startup, or taken from DBSH_SERVE_TOKEN.
                Ctrl-C stops the server and every process it started.
                """,
            examples: [
                .init("dbsh serve --port 8443", "keep tables and files in ~/.local/share/dbsh"),
                .init("dbsh serve --ephemeral --token-file token", "keep no data, hide the token"),
            ], isLocal: true)
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        await program.serveLocal(
            .init(
                environment: program.environment, port: UInt16(call[port] ?? 0), isEphemeral: call[ephemeral],
                logsRequests: call[debug], tokenFile: call[tokenFile]?.path, tokenLifetime: call[tokenLifetime]))
    }
}
