import Databricks
import Glibc
import Results
import Terminal

/// One run of dbsh, from its command line to its exit code.
package struct Program {
    private let environment: ShellEnvironment
    private let startLocal: LocalEndpoint.Starter

    /// - Parameter startLocal: starts the local workspace, for `--local`.
    package init(environment: ShellEnvironment, startLocal: @escaping LocalEndpoint.Starter) {
        self.environment = environment
        self.startLocal = startLocal
    }

    /// Runs what the arguments (without the program's name) ask for and returns the exit code.
    package func run(_ arguments: [String]) async -> Int32 {
        switch arguments.first {
        case "test": return await TestProgram(environment, startLocal).run(Array(arguments.dropFirst()))
        case "verify": return await VerifyProgram(environment, startLocal).run(Array(arguments.dropFirst()))
        default: return await runShell(arguments)
        }
    }

    private func runShell(_ arguments: [String]) async -> Int32 {
        let invocation: Invocation
        do { invocation = try Invocation(arguments: arguments) } catch {
            let console = Console(environment: environment, color: .auto)
            var report = Report(error)
            report.hint = report.hint ?? "dbsh --help lists the options"
            console.tell(report)
            return Report.ExitCode.usage.rawValue
        }
        let console = Console(environment: environment, color: invocation.color)
        switch invocation.action {
        case .version: return say("dbsh \(Version.number)", console)
        case .help: return say(Usage.text, console)
        case .shell: break
        }
        let maker = SessionMaker(invocation, environment, startLocal: startLocal)
        let session = maker.session(environment, console)
        let code = await run(invocation, session)
        if let termination = session.interrupts.termination {
            return termination.exitStatus
        }
        return code
    }

    private func say(_ text: String, _ console: Console) -> Int32 {
        do { try console.result(text: text) } catch {
            if !Report.isBrokenPipe(error) { console.tell(Report(error)) }
            return Report.ExitCode.cellFailed.rawValue
        }
        return 0
    }

    /// Runs the steps, or the interactive shell, and cleans up whatever way it ends.
    private func run(_ invocation: Invocation, _ session: Session) async -> Int32 {
        var code = Report.ExitCode.success
        do {
            if let path = invocation.output {
                try await session.console.sendResults(to: .named(path, serviceCSV: invocation.serviceCSV))
            } else if invocation.serviceCSV {
                throw UsageError("--service-csv needs a file", hint: "-o FILE names it")
            }
            if invocation.resumes {
                try await session.interrupts.cancelling { try await Resumption(session: session).run() }
            }
            if !invocation.skipsRC { try await RCFile(session: session).run() }
            if !session.wantsToQuit, session.interrupts.termination == nil {
                if invocation.steps.isEmpty, environment.inputIsTerminal {
                    await REPL(session: session).run()
                } else {
                    let steps = invocation.steps.isEmpty ? [.standardInput] : invocation.steps
                    code = try await run(steps, session)
                }
            }
        } catch {
            let report = session.report(error)
            if !report.wasShown {
                session.console.tell(report)
            }
            code = report.exitCode
        }
        await session.jobs.cancelAll()
        await session.workspace.close()
        session.workspace.trace.send(to: .nowhere)
        do { try await session.console.finish() } catch {
            if !Report.isBrokenPipe(error) {
                session.console.tell(session.report(error))
            }
            if code == .success { code = .cellFailed }
        }
        return code.rawValue
    }

    private func run(_ steps: [Invocation.Step], _ session: Session) async throws -> Report.ExitCode {
        let runner = ScriptRunner(session: session)
        var outcome = ScriptRunner.Outcome()
        let commands = steps.count { if case .command = $0 { true } else { false } }
        var command = 0
        for step in steps {
            switch step {
            case .command(let text):
                command += 1
                // Of several, an error names which one.
                outcome.add(try await runner.run(text: text, name: commands > 1 ? "-c#\(command)" : "-c"))
            case .file(let path): outcome.add(try await runner.run(file: path))
            case .standardInput:
                outcome.add(try await runner.run(descriptor: environment.standardInput, name: "standard input"))
            }
            if outcome.failures > 0, session.settings.onError == .stop { break }
            if session.wantsToQuit { break }
        }
        // What a script began in the background is part of it: its failure is the script's.
        guard !session.jobs.all.isEmpty else { return outcome.exitCode }
        for job in try await session.interrupts.cancelling({ try await session.jobs.waitForAll() }) {
            guard let failure = job.failure else { continue }
            let report = session.report(failure)
            session.console.say(
                styled: report.text(color: session.console.colorsErrors, location: "job \(job.number)"))
            outcome.add(report, at: "job \(job.number)")
        }
        return outcome.exitCode
    }
}
