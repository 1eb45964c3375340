import Databricks
import Glibc
import Results
import Terminal

/// `dbsh verify FILE.dbsh`: runs a script and compares with the transcript recorded beside it.
struct VerifyProgram {
    private let environment: ShellEnvironment
    private let startLocal: LocalEndpoint.Starter

    static let usage = """
        usage: dbsh verify [OPTIONS] FILE.dbsh…    run scripts and compare with the transcripts beside them (FILE.out)

          --update        write the transcripts instead
          other options   as of dbsh itself (--local, --profile, -P, …); rc.dbsh is not run

        Ids and times are made the same before comparing.
        Exit codes: 0 as recorded, 1 different, 2 bad usage or no transcript, 3 workspace not reached, 130 interrupted.
        """

    init(_ environment: ShellEnvironment, _ startLocal: @escaping LocalEndpoint.Starter) {
        self.environment = environment
        self.startLocal = startLocal
    }

    /// Runs what the arguments (behind `verify`) ask for and returns the exit code.
    func run(_ arguments: [String]) async -> Int32 {
        let console = Console(environment: environment, color: .auto)
        let workspace = SharedWorkspace(startLocal)
        let code: Report.ExitCode
        do {
            let updates = arguments.contains("--update")
            let invocation = try Invocation(arguments: arguments.filter { $0 != "--update" })
            if invocation.action == .help {
                try console.result(text: Self.usage)
                return 0
            }
            let maker = SessionMaker(invocation, environment) { request in try await workspace.start(request) }
            let paths = try invocation.steps.map { step in
                guard case .file(let path) = step else { throw UsageError("dbsh verify takes files") }
                return path
            }
            if paths.isEmpty { throw UsageError("dbsh verify needs a FILE.dbsh", hint: "dbsh verify --help says more") }
            code = try await Interrupts.shared.cancelling {
                var code = Report.ExitCode.success
                for path in paths where try await !verify(path, maker, updates: updates, console) { code = .cellFailed }
                return code
            }
        } catch {
            code = TestProgram.report(error, console)
        }
        await workspace.stop()
        return Interrupts.shared.termination?.exitStatus ?? code.rawValue
    }

    /// Whether the script does what is recorded; with `updates` it is recorded now.
    private func verify(
        _ path: String, _ maker: SessionMaker, updates: Bool, _ console: Console
    ) async throws -> Bool {
        let record = (path.hasSuffix(".dbsh") ? String(path.dropLast(5)) : path) + ".out"
        if !updates, access(record, F_OK) != 0 {
            throw UsageError(
                "there is no transcript \(record)", hint: "dbsh verify --update \(Words.quote(path)) records it")
        }
        let text = try await transcript(of: path, maker)
        if updates {
            try AtomicFile.write(text, to: record)
            try console.result(text: "recorded \(record)")
            return true
        }
        let expected = try Self.contents(of: record)
        if expected == text {
            try console.result(text: "ok    \(path)")
            return true
        }
        try console.result(text: "FAIL  \(path)\n" + Self.difference(from: expected, to: text))
        return false
    }

    private func transcript(of path: String, _ maker: SessionMaker) async throws -> String {
        let directory = environment["TMPDIR"] ?? "/tmp"
        let output = try CapturedOutput(in: directory)
        let errors = try CapturedOutput(in: directory)
        let transcript = ScriptTranscript(output, errors)
        let code = try await maker.withSession(environment, writingTo: output.descriptor, errors.descriptor) {
            session in
            try await run(path, in: session, transcript)
        }
        return transcript.text(path: path, exitCode: code.rawValue)
    }

    private func run(
        _ path: String, in session: Session, _ transcript: ScriptTranscript
    ) async throws -> Report.ExitCode {
        session.observer = transcript
        var code = Report.ExitCode.success
        do { code = try await ScriptRunner(session: session).run(file: path).exitCode } catch {
            await session.workspace.close()
            if Report.isCancellation(error) { throw error }
            let report = session.report(error)
            session.console.say(styled: report.text(color: false))
            code = report.exitCode
        }
        await session.workspace.close()
        try await session.console.finish()
        return code
    }

    private static func contents(of path: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &piece, piece.count)
            if count <= 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece[..<count]
        }
    }

    /// The lines that differ, `-` as recorded and `+` as they are now, with their numbers.
    private static func difference(from expected: String, to found: String) -> String {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = found.split(separator: "\n", omittingEmptySubsequences: false)
        var lines: [(line: Int, text: String)] = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, let text, _): lines.append((offset, "      -\(offset + 1): \(text)"))
            case .insert(let offset, let text, _): lines.append((offset, "      +\(offset + 1): \(text)"))
            }
        }
        return lines.sorted { ($0.line, $1.text) < ($1.line, $0.text) }.map(\.text).joined(separator: "\n")
    }
}
