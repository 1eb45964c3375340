/// One command of a context.
struct Command: Sendable {
    enum State: Sendable, Equatable {
        case queued, running
        /// The program is over, well or not; `results` is the API's results object.
        case finished(results: JSON)
        case cancelled

        /// The API's name of the state.
        var name: String {
            switch self {
            case .queued: "Queued"
            case .running: "Running"
            case .finished: "Finished"
            case .cancelled: "Cancelled"
            }
        }
    }

    let id: String
    let language: Language
    let code: String
    fileprivate(set) var state = State.queued

    /// The command is not over.
    var isOpen: Bool { state == .queued || state == .running }
}

/// One execution context: its commands run one at a time, in the order they came.
struct ContextLifeCycle: Sendable {
    enum State: Sendable, Equatable {
        case pending, running
        /// The context is of no use any more, and why.
        case lost(String)

        /// The API's name of the state.
        var name: String {
            switch self {
            case .pending: "Pending"
            case .running: "Running"
            case .lost: "Error"
            }
        }
    }

    /// What a cancellation asks for.
    enum Cancellation: Sendable, Equatable {
        case nothing
        /// Tell the process that runs the command.
        case interrupt
    }

    let id: String
    let language: Language
    private(set) var state = State.pending
    private(set) var commands: [String: Command] = [:]
    /// Ids of commands not yet handed to a process.
    private var queue: [String] = []
    /// The command that a process has; it stays so after a cancellation, until the process says that it is over.
    private(set) var current: String?
    /// Ids of commands that are over, oldest first.
    private var history: [String] = []

    /// Results of older commands are forgotten.
    static let historyLimit = 200

    init(id: String, language: Language) {
        self.id = id
        self.language = language
    }

    /// The context is of no use any more.
    var isLost: Bool {
        if case .lost = state { true } else { false }
    }

    /// The context takes commands.
    mutating func ready() {
        if state == .pending { state = .running }
    }

    /// Takes a command. Returns it when it is its turn at once.
    mutating func submit(_ command: Command) -> Command? {
        commands[command.id] = command
        queue.append(command.id)
        return next()
    }

    private mutating func next() -> Command? {
        guard current == nil, !queue.isEmpty else { return nil }
        current = queue.removeFirst()
        return current.flatMap { commands[$0] }
    }

    /// The process has begun with a command.
    mutating func started(_ id: String) {
        if commands[id]?.state == .queued { commands[id]?.state = .running }
    }

    /// The process is done with a command. Returns the next one.
    mutating func finished(_ id: String, canceled: Bool, results: JSON) -> Command? {
        if commands[id]?.isOpen == true {
            end(id, canceled ? .cancelled : .finished(results: results))
        }
        guard current == id else { return nil }
        current = nil
        return next()
    }

    /// Cancels a command at once; what its process says of it later is dropped.
    /// - Parameter isConfirmed: one that runs is cancelled only when its process says so.
    mutating func cancel(_ id: String, isConfirmed: Bool = false) -> Cancellation {
        guard let command = commands[id], command.isOpen else { return .nothing }
        queue.removeAll { $0 == id }
        if current != id || !isConfirmed { end(id, .cancelled) }
        return current == id ? .interrupt : .nothing
    }

    /// The context's process, or the engine, is gone: what ran has failed and what waited will not run.
    mutating func lost(_ why: String) {
        if isLost { return }
        state = .lost(why)
        let open = commands.values.filter(\.isOpen).map(\.id)
        for id in open {
            let summary = id == current ? why : "Not run: \(why)"
            end(id, .finished(results: ["resultType": "error", "summary": .string(summary), "cause": .string(why)]))
        }
        (queue, current) = ([], nil)
    }

    private mutating func end(_ id: String, _ state: Command.State) {
        commands[id]?.state = state
        history.append(id)
        while history.count > Self.historyLimit { commands[history.removeFirst()] = nil }
    }
}
