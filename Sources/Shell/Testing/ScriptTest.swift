import Databricks
import Glibc
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

    /// Runs it to its end. What it writes is kept apart; it reads nothing.
    func run() async -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let captured = try CapturedOutput(in: environment["TMPDIR"] ?? "/tmp")
            let (failure, code) = try await run(writingTo: captured)
            return Outcome(
                path: path, failure: failure, exitCode: code, output: captured.take(), elapsed: clock.now - start)
        } catch {
            return Outcome(
                path: path, failure: "\(path): error: \(error)", exitCode: .cellFailed, output: "",
                elapsed: clock.now - start)
        }
    }

    private func run(writingTo captured: CapturedOutput) async throws -> (failure: String?, code: Report.ExitCode) {
        let nothing = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(nothing) }
        var environment = environment
        environment.standardInput = nothing
        environment.standardOutput = captured.descriptor
        environment.standardError = captured.descriptor
        // Ctrl-C belongs to the whole run, which cancels this session's work with its task.
        let session = maker.session(
            environment, Console(environment: environment, color: .never), interrupts: Interrupts(hearsProcess: false))
        defer { withExtendedLifetime(session) {} }
        var failure: String?
        var code = Report.ExitCode.success
        do {
            let outcome = try await ScriptRunner(session: session).run(file: path)
            failure = outcome.firstFailure
            code = outcome.exitCode
        } catch {
            let report = Report(error, session)
            failure = report.text(color: false, location: path)
            code = report.exitCode
        }
        await session.workspace.close()
        try await session.console.finish()
        return (failure, code)
    }
}
