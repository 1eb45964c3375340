import Databricks
import System

/// The Pythons of a session that run on this machine and have their Spark on the workspace, one for each compute. Each is behind
/// a loopback server that speaks the Command Execution API, so that contexts, commands, cancelling and results are what they
/// are on a cluster.
final class ConnectBridges {
    /// One of them.
    private struct Bridge {
        let endpoint: LocalEndpoint
        let client: Client
    }

    /// What is known of one, for `.status`.
    struct Facts {
        let pythonVersion: String
        var session: (id: String, since: WallTime)?
        /// What the running command does, as far as it is told.
        var activity: String?
    }

    private var running: [String: Bridge] = [:]
    private var starting: [String: Task<Client, any Error>] = [:]
    private(set) var facts: [String: Facts] = [:]
    /// Writes a line into the trace of requests.
    var trace: (String) -> Void = { _ in }

    /// The client of a compute's server, when it runs.
    func client(of compute: ConnectCompute) -> Client? { running[compute.id]?.client }

    /// The client of a compute's server, which is started now unless it runs.
    /// - Parameter makeClient: connects to the server.
    /// - Throws: `LocalWorkspaceNotStarted`.
    func open(
        _ compute: ConnectCompute, _ service: ConnectService, _ version: String, request: ConnectService.Request,
        makeClient: @escaping (LocalEndpoint) throws -> Client
    ) async throws -> Client {
        if let bridge = running[compute.id] { return bridge.client }
        let task =
            starting[compute.id]
            ?? Task {
                let endpoint = try await service.start(request)
                let client: Client
                do { client = try makeClient(endpoint) } catch {
                    await endpoint.stop()
                    throw error
                }
                running[compute.id] = Bridge(endpoint: endpoint, client: client)
                facts[compute.id] = Facts(pythonVersion: version)
                return client
            }
        starting[compute.id] = task
        defer { starting[compute.id] = nil }
        return try await task.value
    }

    /// Ends all of them: what still runs is interrupted, and the sessions are released.
    func close() async {
        for task in starting.values { _ = try? await task.value }
        let all = running.values
        (running, starting, facts) = ([:], [:], [:])
        await withTaskGroup(of: Void.self) { group in
            for bridge in all {
                group.addTask {
                    await bridge.endpoint.stop()
                    await bridge.client.shutdown()
                }
            }
        }
    }

    /// A command begins: nothing is known of it yet.
    func begin(_ compute: String) { facts[compute]?.activity = nil }

    /// A compute's Python has told something.
    func note(_ notice: ConnectService.Notice, of compute: ConnectCompute, at host: String) {
        switch notice {
        case .session(let id, let headers):
            facts[compute.id]?.session = (id, .now)
            trace("Spark Connect: session \(id) at \(host); headers of its calls: authorization, \(list(headers))")
        case .progress(let tasks, let left):
            facts[compute.id]?.activity = "\(tasks - left) of \(tasks) tasks"
        case .waiting(let why):
            facts[compute.id]?.activity = "the workspace does not answer and is asked again: \(why)"
            trace("Spark Connect: no answer, asked again: \(why)")
        case .signature(let refused):
            trace("Spark Connect: " + (refused ? "the signature was refused; a new one" : "a signature") + " is wanted")
        }
    }

    private func list(_ headers: [String]) -> String { headers.joined(separator: ", ") }
}
