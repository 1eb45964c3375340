/// Who needs the engine.
enum EngineUser: Sendable, Hashable {
    case cluster, warehouse
}

/// Whether the engine runs, and why: it is started for the first that needs it and stopped after the last. A value: its
/// methods say what is to be done, and somebody else does it.
struct EngineLifeCycle: Sendable {
    enum State: Sendable, Equatable {
        case stopped, starting, running, stopping
    }

    /// What a change asks for.
    enum Action: Sendable, Equatable {
        case nothing, launch, stop
    }

    /// What the end of the engine's process means.
    enum Ending: Sendable, Equatable {
        /// It ended as it was asked to.
        case stopped
        /// As it was asked to, but somebody needs it again: launch it.
        case relaunch
        /// It never became ready.
        case failed
        /// It ran and ended by itself; `relaunch` says whether to launch it again.
        case crashed(relaunch: Bool)
    }

    private(set) var state = State.stopped
    private(set) var users: Set<EngineUser> = []
    /// Crashes since the engine last did some work.
    private var crashes = 0

    /// An engine that crashes this often without doing any work in between is not launched again.
    static let crashLimit = 3

    /// `user` needs the engine from now on.
    mutating func acquire(_ user: EngineUser) -> Action {
        users.insert(user)
        guard state == .stopped else { return .nothing }
        state = .starting
        return .launch
    }

    /// `user` needs the engine no more.
    mutating func release(_ user: EngineUser) -> Action {
        users.remove(user)
        return users.isEmpty ? stop() : .nothing
    }

    /// `user` wants a fresh engine. It gets one unless somebody else is using this one.
    mutating func renew(for user: EngineUser) -> Action { users == [user] ? stop() : .nothing }

    private mutating func stop() -> Action {
        guard state == .starting || state == .running else { return .nothing }
        state = .stopping
        return .stop
    }

    /// The engine's process says that it is ready.
    mutating func ready() {
        if state == .starting { state = .running }
    }

    /// The engine has answered something.
    mutating func worked() { crashes = 0 }

    /// The engine's process is gone, or could not be started.
    mutating func ended() -> Ending {
        switch state {
        case .stopped: return .stopped
        case .stopping:
            state = users.isEmpty ? .stopped : .starting
            return users.isEmpty ? .stopped : .relaunch
        case .starting:
            (state, users) = (.stopped, [])
            return .failed
        case .running:
            crashes += 1
            guard crashes < Self.crashLimit else {
                (state, users, crashes) = (.stopped, [], 0)
                return .crashed(relaunch: false)
            }
            state = .starting
            return .crashed(relaunch: true)
        }
    }

    /// Whether `user` has let go of the engine and the engine has noticed: it is stopped, or others keep it.
    func isFree(of user: EngineUser) -> Bool {
        !users.contains(user) && (state == .stopped || !users.isEmpty)
    }
}
