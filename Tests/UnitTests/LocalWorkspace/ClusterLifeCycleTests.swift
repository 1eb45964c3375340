import System
import Testing

@testable import LocalWorkspace

private let now = WallTime(milliseconds: 1_000_000)

/// The cluster.
@Suite struct ClusterLifeCycleTests {
    private func cluster(_ state: ClusterLifeCycle.State) throws -> ClusterLifeCycle {
        var cluster = ClusterLifeCycle(id: "c")
        guard state != .terminated else { return cluster }
        try cluster.start(by: "me", at: now)
        switch state {
        case .pending, .terminated: break
        case .running: cluster.running(at: now)
        case .restarting:
            cluster.running(at: now)
            try cluster.restart(by: "me", at: now)
        case .terminating: _ = cluster.terminate(by: "me", at: now)
        case .error: cluster.failed("broken", at: now)
        }
        #expect(cluster.state == state)
        return cluster
    }

    @Test(arguments: [
        (ClusterLifeCycle.State.terminated, ClusterLifeCycle.State?.some(.pending)), (.error, .pending),
        (.pending, nil), (.running, nil), (.restarting, nil), (.terminating, nil),
    ])
    func starting(from state: ClusterLifeCycle.State, to next: ClusterLifeCycle.State?) throws {
        var cluster = try cluster(state)
        if let next {
            try cluster.start(by: "me", at: now)
            #expect(cluster.state == next)
        } else {
            let error = #expect(throws: APIError.self) { try cluster.start(by: "me", at: now) }
            #expect(error?.body["error_code"] == "INVALID_STATE")
            #expect(cluster.state == state)
        }
    }

    @Test(arguments: [ClusterLifeCycle.State.terminated, .pending, .restarting, .terminating, .error])
    func onlyARunningClusterRestarts(state: ClusterLifeCycle.State) throws {
        var cluster = try cluster(state)
        #expect(throws: APIError.self) { try cluster.restart(by: "me", at: now) }
    }

    @Test(arguments: [
        (ClusterLifeCycle.State.pending, true), (.running, true), (.restarting, true), (.error, true),
        (.terminating, false), (.terminated, false),
    ])
    func terminating(from state: ClusterLifeCycle.State, doesSomething: Bool) throws {
        var cluster = try cluster(state)
        #expect(cluster.terminate(by: "me", at: now) == doesSomething)
        cluster.terminated(at: now)
        #expect(cluster.state == .terminated)
    }

    @Test func aCrashIsARestartWithAStory() throws {
        var cluster = try cluster(.running)
        cluster.crashed("out of memory", at: now)
        #expect(cluster.state == .restarting)
        #expect(cluster.message == "out of memory")
        cluster.running(at: now)
        #expect(cluster.state == .running)
        #expect(cluster.message.isEmpty)
        #expect(
            cluster.events.map(\.type).suffix(4) == ["DRIVER_UNAVAILABLE", "RESTARTING", "DRIVER_HEALTHY", "RUNNING"])
    }

    @Test func aTerminatedClusterHearsNothingOfTheEngine() throws {
        var cluster = try cluster(.terminated)
        cluster.booting("stage")
        cluster.running(at: now)
        cluster.failed("x", at: now)
        cluster.crashed("x", at: now)
        #expect(cluster.state == .terminated)
        #expect(cluster.events.isEmpty)
    }

    @Test func theLogIsBounded() throws {
        var cluster = try cluster(.running)
        for _ in 0..<ClusterLifeCycle.eventLimit { cluster.crashed("x", at: now) }
        #expect(cluster.events.count == ClusterLifeCycle.eventLimit)
    }
}
