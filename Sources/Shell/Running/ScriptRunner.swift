import Databricks
import Glibc
import Terminal

/// Reads cells from a script and runs them one after another, until one fails.
struct ScriptRunner {
    let session: Session

    /// How a script ended.
    struct Outcome {
        var failures = 0
        /// The exit code of the first failure.
        var exitCode = Report.ExitCode.success

        mutating func add(_ report: Report) {
            failures += 1
            if exitCode == .success { exitCode = report.exitCode }
        }

        mutating func add(_ other: Outcome) {
            failures += other.failures
            if exitCode == .success { exitCode = other.exitCode }
        }
    }

    /// Runs text given on the command line.
    func run(text: String, name: String) async throws -> Outcome {
        var reader = CellReader(language: session.language, commands: Registry.names)
        reader.append(Array(text.utf8))
        reader.finish()
        var outcome = Outcome()
        try await drain(&reader, name, &outcome)
        return outcome
    }

    /// Runs a descriptor's bytes as they come, e.g. standard input: a cell runs as soon as it is whole.
    func run(descriptor: Int32, name: String) async throws -> Outcome {
        var reader = CellReader(language: session.language, commands: Registry.names)
        var outcome = Outcome()
        let input = ScriptInput(descriptor: descriptor, interrupts: session.interrupts)
        while let chunk = try await input.next() {
            reader.append(chunk)
            if try await !drain(&reader, name, &outcome) { return outcome }
        }
        reader.finish()
        try await drain(&reader, name, &outcome)
        return outcome
    }

    /// Runs a file.
    /// - Throws: `UsageError` when it cannot be opened or is being read already.
    func run(file path: String) async throws -> Outcome {
        let resolved = session.resolve(path)
        if session.scripts.contains(resolved) {
            throw UsageError("\(path) reads itself: \((session.scripts + [resolved]).joined(separator: " → "))")
        }
        let descriptor = open(resolved, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw UsageError("cannot read \(path): it is a directory")
        }
        session.scripts.append(resolved)
        defer { session.scripts.removeLast() }
        return try await run(descriptor: descriptor, name: path)
    }

    /// `.read` and `%run`: a script inside the session.
    /// - Throws: `ScriptFailed` when a cell of it failed, which has been reported where it happened.
    func read(_ path: String) async throws {
        let language = session.language
        defer { session.language = language }
        let outcome = try await run(file: path)
        if outcome.failures > 0 { throw ScriptFailed(path: path, exitCode: outcome.exitCode) }
    }

    /// Runs the cells that are whole. Answers false when the script is to end.
    @discardableResult
    private func drain(_ reader: inout CellReader, _ name: String, _ outcome: inout Outcome) async throws -> Bool {
        while true {
            reader.language = session.language
            guard let cell = reader.next() else { return true }
            do {
                try await CellRunner(session: session).run(cell)
            } catch {
                if Report.isCancellation(error) || Report.isBrokenPipe(error) { throw error }
                let report = Report(error, session)
                if !report.wasShown {
                    session.console.say(
                        styled: report.text(color: session.console.colorsErrors, location: "\(name):\(cell.start.line)")
                    )
                }
                session.lastReport = report
                outcome.add(report)
                if session.settings.onError == .stop { return false }
            }
            if session.wantsToQuit { return false }
        }
    }
}

/// A script that was read from another has failed; what failed in it has been reported there.
struct ScriptFailed: Error {
    let path: String
    let exitCode: Report.ExitCode
}
