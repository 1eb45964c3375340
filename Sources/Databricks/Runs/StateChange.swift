/// How a change of a cluster's or a warehouse's state is followed: the one loop and the one reading of `INVALID_STATE`.
enum StateChange {
    /// Reads the state and asks `step` what to do, until it is done. First looks come quickly, later ones every two seconds.
    /// - Parameter late: the error when that takes longer than `patience`.
    /// - Throws: what the closures throw, and `late`.
    static func follow<Resource, Outcome>(
        clock: any Clock<Duration>, patience: Duration, read: () async throws -> Resource,
        step: (Resource) async throws -> Outcome?, late: (Resource) -> any Error
    ) async throws -> Outcome {
        let elapsed = clock.stopwatch()
        while true {
            let resource = try await read()
            if let outcome = try await step(resource) { return outcome }
            guard elapsed() < patience else { throw late(resource) }
            try await clock.sleep(for: max(.milliseconds(100), Polling.wait(elapsed: elapsed())))
        }
    }

    /// Makes a call; false when the resource has moved on and the call does not fit any more.
    static func accepted(_ call: () async throws -> Void) async throws -> Bool {
        do {
            try await call()
            return true
        } catch let error as APIError where error.code == "INVALID_STATE" {
            return false
        }
    }
}
