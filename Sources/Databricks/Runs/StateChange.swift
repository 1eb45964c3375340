/// Brings a cluster or a warehouse into another state, whatever state it is in, and waits until it is there.
///
/// Others may change it at the same time: the service answers a call that does not fit the present state with
/// `INVALID_STATE`. That is no failure but a reason to look again (API/README.md).
package struct StateChange<Resource: Sendable>: Sendable {
    let client: Client
    let id: String
    private let read: @Sendable () async throws -> Resource
    private let clock: any Clock<Duration>
    /// As long as the official SDKs wait.
    private let timeLimit: Duration

    init(
        client: Client, id: String, clock: any Clock<Duration>, timeLimit: Duration,
        read: @escaping @Sendable () async throws -> Resource
    ) {
        self.client = client
        self.id = id
        self.clock = clock
        self.timeLimit = timeLimit
        self.read = read
    }

    /// What came of a change.
    package struct Outcome: Sendable {
        package let resource: Resource
        /// Whether a call was needed: false when it was in that state already, or on its way there.
        package let hasActed: Bool
    }

    /// Reads the state and asks `step` what to do, until it is done. First looks come quickly, later ones every two seconds.
    /// - Throws: what the closures throw, and `StateChangeFailed` when it takes longer than `timeLimit`.
    func follow(
        _ observing: (Resource) async -> Void, _ step: (Resource) async throws -> Outcome?
    ) async throws -> Outcome {
        let elapsed = clock.stopwatch()
        while true {
            let resource = try await read()
            await observing(resource)
            if let outcome = try await step(resource) { return outcome }
            guard elapsed() < timeLimit else { throw StateChangeFailed(resource: resource, isLate: true) }
            try await clock.sleep(for: max(.milliseconds(100), Polling.wait(elapsed: elapsed())))
        }
    }

    /// What a step that has acted, and need not wait, leaves behind; nil when there is more to wait for.
    func left(_ hasActed: Bool, waits: Bool) async throws -> Outcome? {
        hasActed && !waits ? Outcome(resource: try await read(), hasActed: true) : nil
    }

    /// Makes a call; false when the resource has moved on and the call does not fit any more.
    func accepted(_ call: () async throws -> Void) async throws -> Bool {
        do {
            try await call()
            return true
        } catch let error as APIError where error.code == "INVALID_STATE" {
            return false
        }
    }
}

/// What was waited for is in a state that leads nowhere, or took too long.
package struct StateChangeFailed<Resource: Sendable>: Error, Sendable {
    package let resource: Resource
    /// The time was over; otherwise its state leads nowhere.
    package let isLate: Bool
}
