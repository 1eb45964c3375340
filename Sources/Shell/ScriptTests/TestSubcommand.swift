import Databricks
import Glibc
import Results
import System
import Terminal

/// `dbsh test` — run scripts, each in a session of its own, and say which passed.
struct TestSubcommand: Subcommand {
    let paths = Argument<OneOrMore<FilePath>>("PATH", "a script, or a directory: every .dbsh file in it and below")
    let jobs = Flag<Int?>(
        "--jobs", value: "N", within: 1...64, "run N scripts in parallel, each in its own session (default 1)")
    let tap = Flag("--tap", "print TAP 14 instead of a summary")
    let junit = Flag<FilePath?>("--junit", value: "FILE", "also write JUnit XML to FILE")

    var spec: ProgramSpec {
        ProgramSpec(
            "test", "run scripts as tests (summary, TAP or JUnit)", takes: [paths], flags: [jobs, tap, junit],
            sharing: Options.session + [Options.report],
            details: """
                A script passes if all its cells succeed. .expect checks results (dbsh help .expect). rc.dbsh is not run.
                Exit codes: 0 all passed, 1 a script failed, 2 bad usage, 3 workspace not reached, 130 interrupted.
                """,
            examples: [
                .init("dbsh --local test checks/", "on the local workspace"),
                .init("dbsh test --profile dev --jobs 4 --junit report.xml checks/", "for a CI system"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        try await SharedWorkspace.shared(by: call, in: program) { maker in
            try await run(ScriptFiles.find(call[paths].values.map(\.path)), maker, call, program)
        }
    }

    private func run(
        _ paths: [String], _ maker: SessionMaker, _ call: Call, _ program: ProgramContext
    ) async throws -> Report.ExitCode {
        let console = program.console
        let clock = ContinuousClock()
        let start = clock.now
        let log = try call[Options.report].map { RunReport(try ReportFile($0)) }
        log?.begin(maker.session(program.environment, console).workspace)
        var totals = CellReports.Totals()
        let outcomes: [ScriptTest.Outcome] = try await Interrupts.shared.cancelling {
            try await self.outcomes(
                of: paths, jobs: call[jobs] ?? 1,
                running: { path in
                    ScriptTest(path: path, maker: maker, environment: program.environment, report: log?.file) {
                        totals = totals + $0
                    }
                }
            ) { outcome in
                log?.script(
                    outcome.path, exitCode: outcome.exitCode.rawValue, elapsed: outcome.elapsed,
                    failure: outcome.failure)
                if !call[tap] { try console.result(text: TestReport.line(outcome)) }
            }
        }
        let report = TestReport(outcomes: outcomes, elapsed: clock.now - start)
        try console.result(text: call[tap] ? report.tap : report.summary)
        if let path = call[junit]?.path { try AtomicFile.write(report.junit, to: path) }
        let code = Self.exitCode(of: outcomes)
        log?.end(totals, exitCode: code.rawValue)
        if let failure = log?.file.failure { throw failure }
        return code
    }

    private static func exitCode(of outcomes: [ScriptTest.Outcome]) -> Report.ExitCode {
        if outcomes.contains(where: { $0.exitCode == .unreachable }) { return .unreachable }
        return outcomes.allSatisfy(\.passed) ? .success : .cellFailed
    }

    /// Runs the scripts, `jobs` at a time; outcomes are told as they come and returned in the order of the paths.
    private func outcomes(
        of paths: [String], jobs: Int, running test: @escaping (String) -> ScriptTest,
        telling tell: @escaping (ScriptTest.Outcome) throws -> Void
    ) async throws -> [ScriptTest.Outcome] {
        var outcomes: [Int: ScriptTest.Outcome] = [:]
        var waiting = paths.enumerated().makeIterator()
        // Everything here is on the main actor: the sessions take turns while the workspace works.
        let workers = (0..<jobs).map { _ in
            Task {
                while !Task.isCancelled, let (index, path) = waiting.next() {
                    let outcome = await test(path).run()
                    try Task.checkCancellation()
                    outcomes[index] = outcome
                    try tell(outcome)
                }
            }
        }
        try await withTaskCancellationHandler {
            for worker in workers { try await worker.value }
        } onCancel: {
            for worker in workers { worker.cancel() }
        }
        try Task.checkCancellation()
        return outcomes.sorted { $0.key < $1.key }.map(\.value)
    }
}
