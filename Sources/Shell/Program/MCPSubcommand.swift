import Databricks
import Results
import Terminal

/// `dbsh mcp` — a server of the Model Context Protocol on standard input and output.
struct MCPSubcommand: Subcommand {
    let allowWrites = Flag(
        "--allow-writes", "run SQL that writes, and code on clusters; otherwise the session is read-only")
    let maxBytes = Flag<Int?>(
        "--max-bytes", value: "N", within: 1_000...100_000_000,
        "cut the text of an answer after N bytes (default 50000)")

    private static let defaultRows = 100

    var spec: ProgramSpec {
        ProgramSpec(
            "mcp", "serve the Model Context Protocol over standard input and output", flags: [allowWrites, maxBytes],
            sharing: Options.session + [Options.keptSession, Options.newIfLost],
            details: """
                Tools: \(Tool.all.map(\.name).joined(separator: ", ")).
                Each call is a cell of one session, with --session NAME of one that outlives the server. Without --allow-writes nothing \
                that changes the workspace is sent. Results are JSON lines, cut after --max-rows (default \(Self.defaultRows)) and \
                --max-bytes, which the answer says; text from the workspace is marked as data.
                """,
            examples: [
                .init("dbsh mcp --profile dev", "read-only, on the warehouse of the profile"),
                .init("dbsh mcp --session agent --allow-writes --timeout 5m", "with Python and a session that lasts"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        let maker = try SessionMaker(
            call, program.environment, connect: program.connect, startLocal: program.startLocal)
        let directory = program.environment["TMPDIR"] ?? "/tmp"
        let output = try CapturedOutput(in: directory)
        let errors = try CapturedOutput(in: directory)
        return try await maker.withSession(program.environment, writingTo: output.descriptor, errors.descriptor) {
            session in
            prepare(session, call)
            let runner = ToolRunner(
                session: session, output: output, errors: errors, allowsWrites: call[allowWrites],
                maxBytes: call[maxBytes] ?? 50_000)
            var failure: (any Error)?
            do {
                try await reuse(session, call)
                try await ContextServer(runner, output: program.environment.standardOutput)
                    .serve(program.environment.standardInput, .shared)
            } catch { failure = error }
            await session.jobs.cancelAll()
            session.kept?.save()
            await session.workspace.close()
            if let failure { throw failure }
            return 0
        }
    }

    private func prepare(_ session: Session, _ call: Call) {
        if !call[allowWrites] { session.workspace.gate.fixReadOnly() }
        session.settings.isQuiet = true
        session.settings.mode = call.has(Options.mode) ? session.settings.mode : .jsonl
        session.settings.maxRows = session.settings.maxRows ?? Self.defaultRows
    }

    private func reuse(_ session: Session, _ call: Call) async throws {
        guard let name = call[Options.keptSession] else {
            if call[Options.newIfLost] { throw UsageError("--new-if-lost is about --session NAME") }
            return
        }
        try await SessionReuse(session: session).begin(
            name, isRenewed: call[Options.newIfLost], isInteractive: false, given: SessionReuse.Given(call))
    }
}

extension SessionReuse.Given {
    /// What a command line says.
    init(_ call: Call) {
        self.init(
            language: call.has(Options.language),
            cluster: call.has(Options.cluster) || call.has(Options.serverless), warehouse: call.has(Options.warehouse),
            place: call.has(Options.catalog) || call.has(Options.schema))
    }
}
