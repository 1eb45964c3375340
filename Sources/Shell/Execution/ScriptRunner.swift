import Databricks
import Glibc
import System
import Terminal

/// Opens scripts and notebooks and runs their cells, see `ScriptRun`.
struct ScriptRunner {
    let session: Session
    /// Goes on after cells that fail, whatever `.onerror` says.
    var continuesAfterErrors = false

    /// How a script ended.
    struct Outcome {
        var failures = 0
        /// The exit code of the first failure.
        var exitCode = Report.ExitCode.success
        /// What failed first, with its place, for a summary.
        var firstFailure: String?

        mutating func add(_ report: Report, at place: String) {
            failures += 1
            if exitCode == .success { exitCode = report.exitCode }
            if firstFailure == nil { firstFailure = report.text(color: false, location: place) }
        }

        mutating func add(_ other: Outcome) {
            failures += other.failures
            if exitCode == .success { exitCode = other.exitCode }
            if firstFailure == nil { firstFailure = other.firstFailure }
        }
    }

    /// Runs text given on the command line.
    /// - Parameter isLast: nothing is run after it.
    func run(text: String, name: String, isLast: Bool = false) async throws -> Outcome {
        let script = ScriptRun(
            session, continuesAfterErrors: continuesAfterErrors, name: name, mayWait: true, isLast: isLast)
        try await script.take(Array(text.utf8), isEnd: true)
        return try await script.finish()
    }

    /// Runs a descriptor's bytes as they come, e.g. standard input: a cell runs as soon as it is whole.
    /// - Parameter isLast: nothing is run after it.
    func run(descriptor: Int32, name: String, isLast: Bool = false) async throws -> Outcome {
        let input = ScriptInput(descriptor: descriptor, in: session)
        var head: [UInt8] = []
        while head.count < SourceNotebook.headerLength, let chunk = try await input.next() {
            head += chunk
            if !SourceNotebook.mayBegin(with: head) { break }
        }
        if let notebook = SourceNotebook(head: head, name: name) {
            while let chunk = try await input.next() { head += chunk }
            return try await notebookRun.run(notebook.read(head), name: name)
        }
        let kind = try ScriptKind(name: name, head: head)
        let before = session.language
        defer { if kind.language != nil { session.language = before } }
        if let language = kind.language { session.language = language }
        let script = ScriptRun(
            session, continuesAfterErrors: continuesAfterErrors, name: name, mayWait: input.isFile, rules: kind.rules,
            isLast: isLast)
        var chunk = head.isEmpty ? nil : head
        while let bytes = chunk {
            // A file's end is known before its last cell runs; a pipe's next bytes may be long in coming.
            let following = input.isFile ? try await input.next() : nil
            if try await !script.take(bytes, isEnd: input.isFile && following == nil) { break }
            chunk = input.isFile ? following : try await input.next()
        }
        return try await script.finish()
    }

    /// Runs a file: a script, a program in one language, or a notebook as source or `.ipynb`.
    /// - Throws: `UsageError` when it cannot be opened, is no such file, or is being read already.
    func run(file path: String, isLast: Bool = false) async throws -> Outcome {
        let resolved = session.paths.resolve(path)
        if session.paths.scripts.contains(where: { Files.areSame($0, resolved) }) {
            throw UsageError("\(path) reads itself: \((session.paths.scripts + [resolved]).joined(separator: " → "))")
        }
        let descriptor = open(resolved, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            throw UsageError("cannot read \(path): it is a directory")
        }
        session.paths.scripts.append(resolved)
        defer { session.paths.scripts.removeLast() }
        guard resolved.lowercased().hasSuffix(".ipynb") else {
            return try await run(descriptor: descriptor, name: resolved, isLast: isLast)
        }
        var bytes: [UInt8] = []
        let input = ScriptInput(descriptor: descriptor, in: session)
        while let chunk = try await input.next() { bytes += chunk }
        let notebook = try JupyterNotebook.read(bytes, name: resolved)
        return try await notebookRun.run(notebook, name: resolved)
    }

    private var notebookRun: NotebookRun {
        NotebookRun(session: session, continuesAfterErrors: continuesAfterErrors)
    }

    /// `.read` and `%run`: a script inside the session.
    /// - Throws: `ScriptFailed` when a cell of it failed, which has been reported where it happened.
    func read(_ path: String) async throws {
        let language = session.language
        defer { session.language = language }
        let outcome = try await run(file: path)
        if outcome.failures > 0 { throw ScriptFailed(path: path, exitCode: outcome.exitCode) }
    }
}
