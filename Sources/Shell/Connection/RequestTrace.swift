import Databricks
import Glibc
import System
import Text

/// Shows the requests that are made, on stderr or in a file, when somebody has asked for it (`.debug`, `--debug`).
///
/// Requests end on any thread. Lines for stderr are queued and written by the main actor, so that they do not break status
/// lines and prompts; lines for a file are written at once.
nonisolated final class RequestTrace: Sendable {
    /// Where the trace goes.
    enum Destination: Equatable {
        case nowhere
        case errors
        /// A file, open for appending.
        case file(descriptor: Int32, path: String)
    }

    private struct State {
        var destination = Destination.nowhere
        /// Commands with `--debug` that are running.
        var watchers = 0
        var pending: [String] = []
    }

    private let state = Locked(State())
    /// Writes a line to stderr.
    @MainActor var say: (String) -> Void

    @MainActor init(say: @escaping (String) -> Void = { _ in }) {
        self.say = say
    }

    /// Whether requests are watched now.
    var isOn: Bool { state.withLock { $0.destination != .nowhere || $0.watchers > 0 } }

    var destination: Destination { state.withLock { $0.destination } }

    /// Sends the trace somewhere else from now on; a file that it went to is closed.
    @MainActor func send(to destination: Destination) {
        drain()
        let before = state.withLock { state in
            defer { state.destination = destination }
            return state.destination
        }
        if case .file(let descriptor, _) = before { close(descriptor) }
    }

    /// Opens a file that nobody else can read, for appending.
    /// - Throws: `FileError`.
    @MainActor func send(toFile path: String, shown: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError(path: shown, code: errno) }
        // It may have been there before, for everybody to read.
        guard fchmod(descriptor, 0o600) == 0 else {
            let code = errno
            close(descriptor)
            throw FileError(path: shown, code: code)
        }
        send(to: .file(descriptor: descriptor, path: shown))
    }

    /// Watches the requests of `body`, when that is asked for.
    @MainActor func watching<T>(_ isAsked: Bool, _ body: () async throws -> T) async rethrows -> T {
        guard isAsked else { return try await body() }
        state.withLock { $0.watchers += 1 }
        defer {
            drain()
            state.withLock { $0.watchers -= 1 }
        }
        return try await body()
    }

    /// Records an event. Called on any thread.
    func record(_ event: TraceEvent) { record(TraceText.text(of: event)) }

    /// Records something else that goes on between this machine and the workspace, when that is watched.
    func note(_ text: String) {
        if isOn { record(Sanitizer.oneLine(text)) }
    }

    private func record(_ text: String) {
        let text = Redaction.secrets(in: text)
        let isQueued = state.withLock { state -> Bool in
            if case .file(let descriptor, _) = state.destination {
                var line = text + "\n"
                line.withUTF8 { bytes in
                    // A full disk must not stop the work that is being watched.
                    _ = write(descriptor, bytes.baseAddress, bytes.count)
                }
                return false
            }
            state.pending.append(text)
            return true
        }
        if isQueued { Task { @MainActor in self.drain() } }
    }

    /// Writes the queued lines.
    @MainActor private func drain() {
        let lines = state.withLock { state in
            defer { state.pending = [] }
            return state.pending
        }
        for line in lines { say(line) }
    }
}

/// How a request and its reply are written down.
nonisolated enum TraceText {
    static func text(of event: TraceEvent) -> String {
        switch event.content {
        case .request(let method, let url, let headers, let body):
            lines("→ \(event.number) \(method) \(url)", headers, body)
        case .response(let status, let headers, let body):
            lines(
                "← \(event.number) \(status) · \(milliseconds(event.elapsed))" + requestID(headers), headers, body)
        case .body(let text):
            lines("← \(event.number) body · \(milliseconds(event.elapsed))", [], text)
        case .failure(let error):
            lines("← \(event.number) no reply · \(milliseconds(event.elapsed)) · \(error)", [], nil)
        }
    }

    private static func lines(_ first: String, _ headers: [(name: String, value: String)], _ body: String?) -> String {
        var lines = [Sanitizer.oneLine(first)]
        lines += headers.map { "    " + Sanitizer.oneLine("\($0.name): \($0.value)") }
        if let body {
            lines += body.split(separator: "\n", omittingEmptySubsequences: false).map {
                "    " + Sanitizer.oneLine(String($0))
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func requestID(_ headers: [(name: String, value: String)]) -> String {
        headers.first { $0.name.lowercased() == "x-request-id" }.map { " · request \($0.value)" } ?? ""
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        return "\(seconds * 1000 + attoseconds / 1_000_000_000_000_000) ms"
    }
}
