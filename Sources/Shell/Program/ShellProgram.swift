import Databricks
import Glibc
import Results
import Terminal
import Text

/// dbsh itself: the interactive shell, or the scripts of its command line.
struct ShellProgram: Subcommand {
    let scripts = Argument<[ScriptStep]>("SCRIPT", "a .dbsh file, a notebook as source, or .ipynb; - is standard input")

    var spec: ProgramSpec {
        ProgramSpec(
            "", "the shell for Databricks", takes: [scripts],
            groups: [Options.connection, Options.running, Options.results, Options.general],
            details: """
                Without a script and at a terminal dbsh is interactive; otherwise standard input is a script.
                A token is never an option: set DATABRICKS_HOST and DATABRICKS_TOKEN, or use a profile.
                dbsh help SUBCOMMAND explains a subcommand, dbsh help commands lists the commands of the prompt.
                Exit codes: \(Report.ExitCode.allCases.map { "\($0.rawValue) \($0.meaning)" }.joined(separator: ", ")).
                """,
            examples: [
                .init("dbsh --profile dev", "the interactive shell"),
                .init("dbsh -c 'select 1 as x' -c '%python print(spark.range(5).count())'", "two cells"),
                .init("dbsh -P day:DATE=2026-11-24 -o trips.csv.gz trips.dbsh", "a script, its result to a file"),
                .init("dbsh --local test --junit report.xml checks/", "scripts as tests"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        if call[Options.version] {
            try program.console.result(text: "dbsh \(Version.number)")
            return 0
        }
        if call[Options.specification] {
            let all = Specification(
                program: spec, subcommands: Subcommands.all.map(\.spec), commands: Registry.all.map(\.spec))
            try program.console.result(text: all.json.serialized(.pretty))
            return 0
        }
        if let kind = call[Options.generate] {
            let manual = ManualPage(program: spec, subcommands: Subcommands.all.map(\.spec))
            try program.console.result(text: kind.text(manual))
            return 0
        }
        try checkScripts(call)
        let report = try call[Options.report].map { RunReport(try ReportFile($0)) }
        let maker = try SessionMaker(
            call, program.environment, connect: program.connect, startLocal: program.startLocal)
        let session = maker.session(program.environment, program.console)
        guard let report else { return await run(call, session).rawValue }
        let cells = CellReports(report.file, log: session.log)
        session.reports = cells
        report.begin(session.workspace, session: call[Options.keptSession])
        var failure: Report?
        var code = await run(call, session) { failure = $0 }.rawValue
        cells.settle()
        code = session.interrupts.termination?.exitStatus ?? code
        report.end(cells.totals, exitCode: code, error: failure)
        guard let unwritten = report.file.failure else { return code }
        session.console.tell(session.report(unwritten))
        return code == 0 ? Report.ExitCode.cellFailed.rawValue : code
    }

    /// A word that is neither a script nor a subcommand was most likely meant as one of these.
    private func checkScripts(_ call: Call) throws {
        guard case .file(let name)? = call[scripts].first, access(name, F_OK) != 0 else { return }
        let near = Spelling.nearest(to: name, among: Subcommands.all.map(\.spec.name))
        guard !near.isEmpty else { return }
        let meant = near.map { "dbsh \($0)" }.joined(separator: " or ")
        throw UsageError("there is no script or subcommand \(name)", hint: "did you mean \(meant)?")
    }

    /// Runs the steps, or the interactive shell, and cleans up whatever way it ends.
    /// - Parameter failed: told what ended the run outside of any cell.
    private func run(
        _ call: Call, _ session: Session, failed: (Report) -> Void = { _ in }
    ) async -> Report.ExitCode {
        var code = Report.ExitCode.success
        do {
            if let path = call[Options.output]?.path {
                try await session.console.sendResults(to: .named(path, serviceCSV: call[Options.serviceCSV]))
            } else if call[Options.serviceCSV] {
                throw UsageError("--service-csv needs a file", hint: "-o FILE names it")
            }
            let steps = call.inOrder([Options.command, Options.file], and: scripts)
            let isInteractive = steps.isEmpty && session.environment.inputIsTerminal
            if let name = call[Options.keptSession] {
                try await reuse(name, call, session, isInteractive: isInteractive)
            } else if call[Options.newIfLost] {
                throw UsageError("--new-if-lost is about --session NAME")
            }
            if call[Options.resume] {
                try await session.interrupts.cancelling { try await Resumption(session: session).run() }
            }
            if !call[Options.noRC] { try await RCFile(session: session).run() }
            if !session.wantsToQuit, session.interrupts.termination == nil {
                if isInteractive {
                    if call.has(Options.deadline) {
                        throw UsageError("--deadline is for scripts", hint: "--timeout limits each cell at the prompt")
                    }
                    await REPL(session: session).run()
                } else {
                    code = try await run(steps.isEmpty ? [.standardInput] : steps, session)
                }
            }
        } catch {
            let report = session.report(error)
            if !report.wasShown {
                session.console.tell(report)
            }
            code = report.exitCode
            failed(report)
        }
        await session.jobs.cancelAll()
        session.kept?.save()
        await session.workspace.close()
        session.workspace.trace.send(to: .nowhere)
        do { try await session.console.finish() } catch {
            if !Report.isBrokenPipe(error) {
                session.console.tell(session.report(error))
            }
            if code == .success { code = .cellFailed }
        }
        return code
    }

    private func reuse(_ name: String, _ call: Call, _ session: Session, isInteractive: Bool) async throws {
        if call[Options.resume] { throw UsageError("--resume and --session contradict each other") }
        session.interrupts.start()
        try await session.interrupts.cancelling {
            try await SessionReuse(session: session).begin(
                name, isRenewed: call[Options.newIfLost], isInteractive: isInteractive, given: .init(call))
        }
    }

    private func run(_ steps: [ScriptStep], _ session: Session) async throws -> Report.ExitCode {
        let runner = ScriptRunner(session: session)
        var outcome = ScriptRunner.Outcome()
        let commands = steps.count { if case .command = $0 { true } else { false } }
        var command = 0
        for (index, step) in steps.enumerated() {
            let isLast = index == steps.count - 1
            switch step {
            case .command(let text):
                command += 1
                // Of several, an error names which one.
                outcome.add(
                    try await runner.run(text: text, name: commands > 1 ? "-c#\(command)" : "-c", isLast: isLast))
            case .file(let path): outcome.add(try await runner.run(file: path, isLast: isLast))
            case .standardInput:
                outcome.add(
                    try await runner.run(
                        descriptor: session.environment.standardInput, name: "standard input", isLast: isLast))
            }
            if outcome.failures > 0, session.settings.onError == .stop || session.limits.scriptIsOver { break }
            if session.wantsToQuit { break }
        }
        if session.workspace.sessions.isInTransaction, !session.settings.isQuiet || session.kept == nil {
            session.console.say(
                session.kept.map { "the transaction stays open in session \($0.name)" }
                    ?? "the transaction was not committed: the workspace rolls it back")
        }
        // What a script began in the background is part of it: its failure is the script's.
        guard !session.jobs.all.isEmpty else { return outcome.exitCode }
        let failed = try await session.interrupts.cancelling {
            try await session.limits.enforced(isCell: false) { try await session.jobs.waitForAll() }
        }
        for job in failed {
            guard let failure = job.failure else { continue }
            let report = session.report(failure)
            session.console.tell(report, location: "job \(job.number)")
            outcome.add(report, at: "job \(job.number)")
        }
        return outcome.exitCode
    }
}
