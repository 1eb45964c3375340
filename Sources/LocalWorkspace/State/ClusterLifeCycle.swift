import System

/// The state of the one cluster, as the Clusters API defines it, and how it came about.
struct ClusterLifeCycle: Sendable {
    enum State: String, Sendable {
        case pending = "PENDING"
        case running = "RUNNING"
        case restarting = "RESTARTING"
        case terminating = "TERMINATING"
        case terminated = "TERMINATED"
        case error = "ERROR"
    }

    /// Why a cluster is not running.
    struct TerminationReason: Sendable, Equatable {
        let code: String
        /// `SUCCESS`, `CLIENT_ERROR`, `SERVICE_FAULT` or `CLOUD_FAILURE`.
        let type: String
        let parameters: [String: String]
    }

    /// An entry of the cluster's event log.
    struct Event: Sendable, Equatable {
        let time: WallTime
        let type: String
        let details: [String: String]
    }

    let id: String
    private(set) var state = State.terminated
    /// What the cluster is doing, for a person.
    private(set) var message = ""
    private(set) var reason: TerminationReason?
    private(set) var startTime: WallTime?
    private(set) var terminatedTime: WallTime?
    private(set) var lastRestarted: WallTime?
    /// The event log, oldest first.
    private(set) var events: [Event] = []

    /// Older events are forgotten.
    static let eventLimit = 1000

    init(id: String) { self.id = id }

    /// Contexts may be made: on a running cluster, and on one that starts, as Python needs no Spark.
    var takesContexts: Bool { state == .running || state == .pending }

    /// The engine serves this cluster.
    var usesEngine: Bool { state == .pending || state == .running || state == .restarting }

    private mutating func log(_ type: String, _ details: [String: String] = [:], at now: WallTime) {
        if events.count == Self.eventLimit { events.removeFirst() }
        events.append(Event(time: now, type: type, details: details))
    }

    private var unexpectedState: APIError {
        .invalidState("Cluster \(id) is in unexpected state \(state.rawValue.capitalizedWord).")
    }

    /// Starts a cluster that does not run.
    /// - Throws: `APIError` INVALID_STATE for any other, as the service does.
    mutating func start(by user: String, at now: WallTime) throws {
        guard state == .terminated || state == .error else { throw unexpectedState }
        state = .pending
        message = "Starting the engine"
        (reason, terminatedTime, startTime) = (nil, nil, now)
        log("STARTING", ["user": user], at: now)
    }

    /// Restarts a running cluster.
    /// - Throws: `APIError` INVALID_STATE for any other.
    mutating func restart(by user: String, at now: WallTime) throws {
        guard state == .running else { throw unexpectedState }
        state = .restarting
        message = "Restarting"
        log("RESTARTING", ["user": user], at: now)
    }

    /// Begins to terminate. False when there is nothing to do: terminating twice is no error.
    mutating func terminate(by user: String, at now: WallTime) -> Bool {
        switch state {
        case .terminating, .terminated: return false
        case .pending, .running, .restarting, .error:
            state = .terminating
            message = "Terminating"
            reason = TerminationReason(code: "USER_REQUEST", type: "SUCCESS", parameters: ["username": user])
            log("TERMINATING", ["reason": "USER_REQUEST", "user": user], at: now)
            return true
        }
    }

    /// Everything of a terminating cluster is gone.
    mutating func terminated(at now: WallTime) {
        guard state == .terminating else { return }
        state = .terminated
        message = "Terminated by \(reason?.parameters["username"] ?? "user")"
        (terminatedTime, startTime) = (now, nil)
    }

    /// The engine has come one step further.
    mutating func booting(_ stage: String) {
        if state == .pending || state == .restarting { message = stage }
    }

    /// The engine serves the cluster.
    mutating func running(at now: WallTime) {
        guard state == .pending || state == .restarting else { return }
        if state == .restarting { lastRestarted = now }
        state = .running
        message = ""
        log("DRIVER_HEALTHY", at: now)
        log("RUNNING", at: now)
    }

    /// The engine did not start, or will not be started again.
    mutating func failed(_ why: String, at now: WallTime) {
        guard usesEngine else { return }
        state = .error
        message = why
        reason = TerminationReason(
            code: "SPARK_ERROR", type: "SERVICE_FAULT", parameters: ["databricks_error_message": why])
        (terminatedTime, startTime) = (now, nil)
        log("SPARK_EXCEPTION", ["driver_state_message": why], at: now)
    }

    /// The engine ended by itself and is being launched again.
    mutating func crashed(_ why: String, at now: WallTime) {
        guard usesEngine else { return }
        log("DRIVER_UNAVAILABLE", ["driver_state_message": why], at: now)
        log("RESTARTING", ["cause": "The engine ended by itself."], at: now)
        state = .restarting
        message = why
    }
}

extension String {
    /// `RUNNING` as `Running`: how the service writes states inside sentences.
    fileprivate var capitalizedWord: String { prefix(1) + dropFirst().lowercased() }
}
