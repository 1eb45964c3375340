import Glibc
import Results
import Support

/// A workspace of one cluster and one warehouse on a `FaultServer`: it runs nothing, does as the code it gets says, and remembers
/// what it was asked. The first word of a statement or command is what is to become of it (`Word`); tests change the rest.
final class ScriptedWorkspace: Sendable {
    static let cluster = "0101-000000-deaf0001"
    static let warehouse = "00000000000010ca"

    /// What the first word of the code makes of it.
    enum Word: String {
        /// Runs until it is cancelled.
        case hang
        /// Runs until it is cancelled, and says PENDING or Queued all the time.
        case queue
        /// Runs for ever, and does not hear that it should stop.
        case deaf
        /// Takes as many milliseconds as the next word says.
        case take
        /// A statement whose second chunk never comes.
        case chunks
        /// Takes its context along.
        case lose
        case fail
        /// A command that shows a table.
        case show
    }

    struct Context {
        /// Lost, or dead with its cluster: nobody can destroy it, and nobody need.
        var isLost = false
        var isDestroyed = false
    }

    /// A statement or a command.
    struct Work {
        let text: String
        let language: String
        /// Nil for a statement.
        var context: String?
        let begun = ContinuousClock.now
        var isCancelled = false
        /// Its rows are in a storage.
        var isLinked = false
        /// Whatever it was to do, it is done.
        var isFinished = false
        /// It began when everything was to hang.
        var hangs = false

        var words: [Substring] { text.split(whereSeparator: \.isWhitespace) }
        var word: Word? { isFinished ? nil : hangs ? .hang : words.first.flatMap { Word(rawValue: String($0)) } }

        /// The shell asks for names by itself, for Tab.
        var asksForNames: Bool { text.hasPrefix("# names for Tab\n") }

        var isOver: Bool {
            if isCancelled, word != .deaf { return true }
            switch word {
            case .hang, .queue, .deaf: return false
            case .take: return begun.duration(to: .now) >= .milliseconds(Int(words[1]) ?? 0)
            case .chunks, .lose, .fail, .show, nil: return true
            }
        }
    }

    struct State {
        var clusterState = "RUNNING"
        var warehouseState = "RUNNING"
        /// The state of contexts that were made.
        var contextState = "Running"
        var contexts: [String: Context] = [:]
        var works: [String: Work] = [:]
        /// From now on everything runs until it is cancelled.
        var hangs = false
        /// What the context answers when it is asked for the names it has; nil is: nothing, until that is cancelled.
        var names: [String]? = []
        var lastID = 0

        mutating func nextID() -> Int {
            lastID += 1
            return lastID
        }
    }

    let server: FaultServer
    private let guarded = Guarded(State())
    private let trouble: (any Trouble)?

    /// - Parameter trouble: what goes wrong on the way.
    init(trouble: (any Trouble)? = nil) throws {
        server = try FaultServer()
        self.trouble = trouble
        server.otherwise { [unowned self] request in
            guard let trouble = self.trouble else { return answer(request) }
            return trouble.reply(to: request) { self.answer($0) }
        }
    }

    var state: State { guarded.withLock { $0 } }

    func change(_ body: @Sendable (inout State) -> Void) { guarded.withLock { body(&$0) } }

    /// The context in use, which is the newest, is evicted: nothing of it is left.
    func loseContext() {
        change { state in
            let newest = state.contexts.keys.max { ($0.count, $0) < ($1.count, $1) }
            if let newest { state.contexts[newest]?.isLost = true }
        }
    }

    /// What runs comes to its end.
    func finish(_ text: String) {
        change { state in
            for (id, work) in state.works where work.text == text { state.works[id]?.isFinished = true }
        }
    }

    /// How many requests were received whose method and path begin so.
    func count(_ prefix: String) -> Int { server.log.entries.count { "\($0.method) \($0.path)".hasPrefix(prefix) } }

    /// Waits until that many requests were received whose method and path begin so, and that are as wanted.
    func received(
        _ prefix: String, times: Int = 1,
        where isMeant: @escaping @Sendable (FaultServer.Request) -> Bool = { _ in true }
    ) async -> Bool {
        await server.log.wait { entries in
            entries.count { "\($0.method) \($0.path)".hasPrefix(prefix) && isMeant($0) } >= times
        }
    }

    /// Ids of contexts that were made and neither lost nor asked to be destroyed. Whether the asking helped is not the shell's.
    var contextsLeftBehind: [String] {
        let asked = server.log.entries.filter { $0.path == "/api/1.2/contexts/destroy" }
            .compactMap { (try? JSONValue.parse($0.body))?["contextId"]?.text }
        return Set(state.contexts.filter { !$0.value.isLost }.keys).subtracting(asked).sorted()
    }

    private func answer(_ request: FaultServer.Request) -> FaultServer.Reply {
        let body = (try? JSONValue.parse(request.body)) ?? .object([])
        return guarded.withLock { state in
            switch (request.method, request.path) {
            case ("GET", "/api/2.1/clusters/get"): .json(Self.clusterJSON(state))
            case ("GET", "/api/2.1/clusters/list"): .json(#"{"clusters":[\#(Self.clusterJSON(state))]}"#)
            case ("POST", "/api/2.1/clusters/events"): .json(#"{"events":[]}"#)
            case ("POST", "/api/2.1/clusters/start"): Self.start(&state)
            case ("GET", "/api/2.0/sql/warehouses"): .json(#"{"warehouses":[\#(Self.warehouseJSON(state))]}"#)
            case ("GET", "/api/2.0/sql/warehouses/" + Self.warehouse): .json(Self.warehouseJSON(state))
            case ("POST", "/api/2.0/sql/warehouses/" + Self.warehouse + "/start"): Self.startWarehouse(&state)
            default:
                if request.path.hasPrefix("/storage/") {
                    .silence
                } else if request.path.hasPrefix("/api/1.2/") {
                    Self.executionReply(request, body, &state)
                } else if request.path.hasPrefix("/api/2.0/sql/statements") {
                    Self.statementReply(request, body, &state)
                } else {
                    .json(#"{"error_code":"ENDPOINT_NOT_FOUND","message":"no \#(request.path) here"}"#, status: 404)
                }
            }
        }
    }

    private static func clusterJSON(_ state: State) -> String {
        #"{"cluster_id":"\#(cluster)","cluster_name":"dev","state":"\#(state.clusterState)","spark_version":"16.4.x"}"#
    }

    private static func warehouseJSON(_ state: State) -> String {
        #"{"id":"\#(warehouse)","name":"starter","state":"\#(state.warehouseState)","cluster_size":"2X-Small"}"#
    }

    /// Starts, and comes up when the test says so.
    private static func start(_ state: inout State) -> FaultServer.Reply {
        state.clusterState = "PENDING"
        return .json("{}")
    }

    private static func startWarehouse(_ state: inout State) -> FaultServer.Reply {
        state.warehouseState = "STARTING"
        return .json("{}")
    }
}

/// What can go wrong between a shell and its workspace.
protocol Trouble: Sendable {
    /// The reply to a request, for which `answer` asks the workspace: at most once, for it acts.
    func reply(
        to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
    ) -> FaultServer.Reply
}
