import Databricks
import Results
import System

/// The Pythons of a session that run on this machine and have their Spark on the workspace, one for each compute. Each is behind
/// a loopback server that speaks the Command Execution API, so that contexts, commands, cancelling and results are what they
/// are on a cluster. It is a part of this process; in a kept session it is one of its own, and outlives this.
final class ConnectBridges {
    /// One of them.
    struct Bridge {
        let client: Client
        /// Its process was found to have ended.
        let isGone: @Sendable () -> Bool
        /// Ends it, and what runs in it.
        let stop: @Sendable () async -> Void
        /// The process of its own.
        let kept: KeptPython?
        let pythonVersion: String
    }

    /// What is known of one, for `.status`.
    struct Facts {
        let pythonVersion: String
        /// Its process, if that is not this one.
        let process: Int?
        var session: (id: String, since: WallTime)?
        /// What the running command does, as far as it is told.
        var activity: String?
    }

    private var running: [String: Bridge] = [:]
    private var starting: [String: Task<Bridge, any Error>] = [:]
    /// When a question was asked on the side, by compute.
    private var asked: [String: ContinuousClock.Instant] = [:]
    private(set) var facts: [String: Facts] = [:]
    /// Writes a line into the trace of requests.
    var trace: (String) -> Void = { _ in }

    private func bridge(of id: String) -> Bridge? { running[id].flatMap { $0.isGone() ? nil : $0 } }

    /// The client of a compute's server, when it runs.
    func client(of compute: ConnectCompute) -> Client? { bridge(of: compute.id)?.client }

    /// Those that outlive this process, or would have: that one is gone is said when it is used.
    var kept: [KeptPython] { running.sorted { $0.key < $1.key }.compactMap(\.value.kept) }

    /// All of them can stay when dbsh leaves.
    var areAllKept: Bool { running.values.allSatisfy { $0.kept != nil } && starting.isEmpty }

    /// The client of a compute's server, which is started now unless it runs.
    /// - Throws: what `start` throws.
    func open(_ compute: ConnectCompute, start: @escaping () async throws -> Bridge) async throws -> Client {
        if let client = client(of: compute) { return client }
        let task = starting[compute.id] ?? Task { try await add(start(), as: compute.id) }
        starting[compute.id] = task
        defer { starting[compute.id] = nil }
        return try await task.value.client
    }

    /// A server that is there already.
    @discardableResult
    func add(_ bridge: Bridge, as compute: String) -> Bridge {
        running[compute] = bridge
        facts[compute] = Facts(pythonVersion: bridge.pythonVersion, process: bridge.kept?.process)
        return bridge
    }

    /// It does not answer, or not as ours would.
    func drop(_ compute: String) async {
        facts[compute] = nil
        await running.removeValue(forKey: compute)?.client.shutdown()
    }

    /// Leaves all of them: what still runs is interrupted, and the sessions are released.
    /// - Parameter isKept: those with a process of their own stay as they are.
    func close(leavingKept isKept: Bool) async {
        for task in starting.values { _ = try? await task.value }
        let all = running.values.map { (bridge: $0, ends: !isKept || $0.kept == nil) }
        (running, starting, facts) = ([:], [:], [:])
        await withTaskGroup(of: Void.self) { group in
            for (bridge, ends) in all {
                group.addTask {
                    if ends { await bridge.stop() }
                    await bridge.client.shutdown()
                }
            }
        }
    }

    /// A command begins: nothing is known of it yet.
    func begin(_ compute: String) {
        facts[compute]?.activity = nil
        asked[compute] = .now
    }

    /// A compute's Python has told something.
    func note(_ notice: ConnectService.Notice, of compute: String, at host: String) {
        switch notice {
        case .session(let id, let headers, let since):
            guard facts[compute]?.session?.id != id else { return }
            facts[compute]?.session = (id, since)
            trace("Spark Connect: session \(id) at \(host); headers of its calls: authorization, \(list(headers))")
        case .progress(let tasks, let left):
            facts[compute]?.activity = "\(tasks - left) of \(tasks) tasks"
        case .waiting(let why):
            let activity = "the workspace does not answer and is asked again: \(why)"
            guard facts[compute]?.activity != activity else { return }
            facts[compute]?.activity = activity
            trace("Spark Connect: no answer, asked again: \(why)")
        case .signature(let refused):
            trace("Spark Connect: " + (refused ? "the signature was refused; a new one" : "a signature") + " is wanted")
        }
    }

    private func list(_ headers: [String]) -> String { headers.joined(separator: ", ") }

    // MARK: What one in a process of its own would have told

    /// Asks for it.
    /// - Throws: as `Client.json`.
    func ask(_ compute: String, at host: String, retry: RetryPolicy = .none) async throws {
        guard let bridge = running[compute], bridge.kept != nil else { return }
        var call = APICall.get("/api/2.0/dbsh/connect/state")
        call.retry = retry
        let told = try await bridge.client.json(call)
        if let session = told["session"], let id = session["id"]?.text {
            let since = session["since"]?.int.map(WallTime.init(milliseconds:)) ?? .now
            note(
                .session(id: id, headers: (session["headers"]?.elements ?? []).compactMap(\.text), since: since),
                of: compute, at: host)
        }
        if let tasks = told["progress"]?["tasks"]?.int, let left = told["progress"]?["left"]?.int {
            note(.progress(tasks: tasks, left: left), of: compute, at: host)
        }
        if let why = told["waiting"]?.text { note(.waiting(why), of: compute, at: host) }
    }

    /// Asks on the side, once in a second at most: whoever waits for a command sees what it does.
    func askSoon(_ compute: String, at host: String) {
        let now = ContinuousClock.now
        guard running[compute]?.kept != nil, asked[compute].map({ now - $0 >= .seconds(1) }) ?? true else { return }
        asked[compute] = now
        Task { try? await ask(compute, at: host) }
    }
}
