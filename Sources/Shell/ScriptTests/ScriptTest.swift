import Databricks
import Terminal

/// One script run as a test, in a session of its own.
struct ScriptTest {
    /// What came of it.
    struct Outcome {
        let path: String
        /// What failed first, with its place; nil when the script passed.
        let failure: String?
        let exitCode: Report.ExitCode
        /// Everything the script wrote.
        let output: String
        let elapsed: Duration

        var passed: Bool { failure == nil }
    }

    let path: String
    let maker: SessionMaker
    let environment: ShellEnvironment
    /// Where its cells are reported (`--report`).
    var report: ReportFile?
    /// Told how many cells ended in which way.
    var counted: (CellReports.Totals) -> Void = { _ in }

    /// Runs it to its end. What it writes is kept apart; it reads nothing.
    func run() async -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let captured = try CapturedOutput(in: environment["TMPDIR"] ?? "/tmp")
            let (failure, code) = try await maker.withSession(
                environment, writingTo: captured.descriptor, captured.descriptor
            ) {
                try await run(in: $0)
            }
            return Outcome(
                path: path, failure: failure, exitCode: code, output: captured.take(), elapsed: clock.now - start)
        } catch {
            return Outcome(
                path: path, failure: "\(path): error: \(error)", exitCode: .cellFailed, output: "",
                elapsed: clock.now - start)
        }
    }

    private func run(in session: Session) async throws -> (failure: String?, code: Report.ExitCode) {
        var failure: String?
        var code = Report.ExitCode.success
        let cells = report.map { CellReports($0, log: session.log) }
        session.reports = cells
        defer {
            cells?.settle()
            if let cells { counted(cells.totals) }
        }
        do {
            let outcome = try await ScriptRunner(session: session).run(file: path)
            failure = outcome.firstFailure
            code = outcome.exitCode
        } catch {
            let report = session.report(error)
            failure = report.text(color: false, location: path)
            code = report.exitCode
        }
        await session.workspace.close()
        try await session.console.finish()
        return (failure, code)
    }
}
