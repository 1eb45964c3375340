/// The state of the one SQL warehouse, as the SQL Warehouses API defines it.
struct WarehouseLifeCycle: Sendable {
    enum State: String, Sendable {
        case starting = "STARTING"
        case running = "RUNNING"
        case stopping = "STOPPING"
        case stopped = "STOPPED"
    }

    private(set) var state = State.stopped
    /// Why the warehouse could not start or had to stop; nil while it is healthy.
    private(set) var failure: String?
    /// Start again as soon as it has stopped.
    private(set) var startWanted = false

    /// The engine serves this warehouse.
    var usesEngine: Bool { state == .starting || state == .running }

    /// Starts the warehouse; no error in any state. True when it has to be given the engine.
    mutating func start() -> Bool {
        switch state {
        case .starting, .running: return false
        case .stopping:
            startWanted = true
            return false
        case .stopped:
            state = .starting
            failure = nil
            return true
        }
    }

    /// Begins to stop. True when its statements have to be cancelled and the engine let go.
    mutating func stop() -> Bool {
        startWanted = false
        guard usesEngine else { return false }
        state = .stopping
        return true
    }

    /// The engine serves the warehouse.
    mutating func running() {
        if state == .starting { state = .running }
    }

    /// Everything of a stopping warehouse is gone. True when it is wanted again.
    mutating func stopped() -> Bool {
        guard state == .stopping else { return false }
        state = .stopped
        defer { startWanted = false }
        return startWanted
    }

    /// The engine did not start, or will not be started again.
    mutating func failed(_ why: String) {
        guard usesEngine else { return }
        state = .stopped
        failure = why
    }

    /// The engine ended by itself and is being launched again.
    mutating func crashed() {
        if state == .running { state = .starting }
    }
}
