import Databricks
import Glibc
import Results
import System
import Terminal

/// `dbsh verify` — run scripts and compare with the transcripts recorded beside them.
struct VerifySubcommand: Subcommand {
    let scripts = Argument<OneOrMore<FilePath>>("FILE.dbsh", "a script; its transcript is FILE.out")
    let update = Flag("--update", "record the transcripts instead of comparing")

    var spec: ProgramSpec {
        ProgramSpec(
            "verify", "compare the output of scripts with recorded transcripts", takes: [scripts], flags: [update],
            sharing: Options.session,
            details: """
                Differences in ids and times are ignored. rc.dbsh is not run.
                Exit codes: 0 as recorded, 1 different, 2 bad usage or no transcript, 3 workspace not reached, 130 interrupted.
                """,
            examples: [
                .init("dbsh --local verify --update load.dbsh", "record load.out"),
                .init("dbsh --local verify load.dbsh", "compare with load.out"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        try await SharedWorkspace.shared(by: call, in: program) { maker in
            try await Interrupts.shared.cancelling {
                var code = Report.ExitCode.success
                for script in call[scripts].values
                where try await !verify(script.path, maker, updates: call[update], program) {
                    code = .cellFailed
                }
                return code
            }
        }
    }

    /// Whether the script does what is recorded; with `updates` it is recorded now.
    private func verify(
        _ path: String, _ maker: SessionMaker, updates: Bool, _ program: ProgramContext
    ) async throws -> Bool {
        let console = program.console
        let record = (path.hasSuffix(".dbsh") ? String(path.dropLast(5)) : path) + ".out"
        if !updates, access(record, F_OK) != 0 {
            throw UsageError(
                "there is no transcript \(record)", hint: "dbsh verify --update \(Words.quote(path)) records it")
        }
        let text = try await transcript(of: path, maker, program.environment)
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

    private func transcript(
        of path: String, _ maker: SessionMaker, _ environment: ShellEnvironment
    ) async throws -> String {
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
