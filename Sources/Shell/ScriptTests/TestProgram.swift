import Databricks
import Glibc
import Results
import Terminal

/// `dbsh test PATH…`: runs scripts, each in a session of its own, and says which passed.
struct TestProgram {
    private let environment: ShellEnvironment
    private let workspace: SharedWorkspace

    static let usage = """
        usage: dbsh test [OPTIONS] PATH…    run scripts, and every .dbsh file of directories, as tests

          --jobs N        so many at a time (default 1), each in its own session
          --tap           write TAP 14 instead of the summary
          --junit FILE    write JUnit XML to FILE too
          other options   as of dbsh itself (--local, --profile, -P, …); rc.dbsh is not run

        A script passes when all its cells succeed; .expect makes it check (.help expect).
        Exit codes: 0 all passed, 1 a script failed, 2 bad usage, 3 workspace not reached, 130 interrupted.
        """

    private struct Options {
        var jobs = 1
        var isTAP = false
        var junit: String?
    }

    init(_ environment: ShellEnvironment, _ startLocal: @escaping LocalEndpoint.Starter) {
        self.environment = environment
        workspace = SharedWorkspace(startLocal)
    }

    /// Runs what the arguments (behind `test`) ask for and returns the exit code.
    func run(_ arguments: [String]) async -> Int32 {
        let console = Console(environment: environment, color: .auto)
        do {
            var options = Options()
            let invocation = try Invocation(arguments: try Self.take(&options, from: arguments))
            if invocation.action == .help {
                try console.result(text: Self.usage)
                return 0
            }
            let paths = try invocation.steps.map { step in
                guard case .file(let path) = step else { throw UsageError("dbsh test takes files and directories") }
                return path
            }
            if paths.isEmpty { throw UsageError("dbsh test needs a PATH", hint: "dbsh test --help says more") }
            let code = try await run(try ScriptFiles.find(paths), invocation, options, console)
            await workspace.stop()
            return Interrupts.shared.termination?.exitStatus ?? code.rawValue
        } catch {
            await workspace.stop()
            return Self.report(error, console).rawValue
        }
    }

    /// Words an error that no session has.
    static func report(_ error: any Error, _ console: Console) -> Report.ExitCode {
        let report = Report(error)
        console.tell(report)
        return report.exitCode
    }

    /// Takes the options that are the test command's own; the rest are dbsh's.
    private static func take(_ options: inout Options, from arguments: [String]) throws -> [String] {
        var others: [String] = []
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--tap": options.isTAP = true
            case "--junit":
                guard let file = rest.popFirst() else { throw UsageError("--junit needs FILE") }
                options.junit = file
            case "--jobs":
                guard let count = rest.popFirst().flatMap({ Int($0) }), (1...64).contains(count) else {
                    throw UsageError("--jobs needs a number from 1 to 64")
                }
                options.jobs = count
            default: others.append(word)
            }
        }
        return others
    }

    private func run(
        _ paths: [String], _ invocation: Invocation, _ options: Options, _ console: Console
    ) async throws -> Report.ExitCode {
        let workspace = workspace
        let maker = SessionMaker(invocation, environment) { request in try await workspace.start(request) }
        let clock = ContinuousClock()
        let start = clock.now
        let outcomes = try await Interrupts.shared.cancelling {
            try await run(paths, maker, jobs: options.jobs) { outcome in
                if !options.isTAP { try console.result(text: TestReport.line(outcome)) }
            }
        }
        let report = TestReport(outcomes: outcomes, elapsed: clock.now - start)
        if options.isTAP { try console.result(text: report.tap) } else { try console.result(text: report.summary) }
        if let path = options.junit { try AtomicFile.write(report.junit, to: path) }
        if outcomes.contains(where: { $0.exitCode == .unreachable }) { return .unreachable }
        return outcomes.allSatisfy(\.passed) ? .success : .cellFailed
    }

    /// Runs the scripts, `jobs` at a time; outcomes are told as they come and returned in the order of the paths.
    private func run(
        _ paths: [String], _ maker: SessionMaker, jobs: Int,
        telling tell: @escaping (ScriptTest.Outcome) throws -> Void
    ) async throws -> [ScriptTest.Outcome] {
        var outcomes: [Int: ScriptTest.Outcome] = [:]
        var waiting = paths.enumerated().makeIterator()
        let environment = environment
        // Everything here is on the main actor: the sessions take turns while the workspace works.
        let workers = (0..<jobs).map { _ in
            Task {
                while !Task.isCancelled, let (index, path) = waiting.next() {
                    let outcome = await ScriptTest(path: path, maker: maker, environment: environment).run()
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
