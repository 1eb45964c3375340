import Databricks
import Support
import Testing

/// Starting, restarting and terminating from every state, with and without others who do the same.
@Suite(.timeLimit(.minutes(10)))
struct StateChangeTests {
    /// What the cluster is in turn, and what becomes of it when it is told something.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// States that are read one after another; the last one stays. `!` at the front: the next call is refused with
        /// INVALID_STATE.
        let states: [String]
        let operation: Operation
        var waits = true
        /// Calls that change something.
        let calls: [String]
        /// The state it ends in, or nil when it fails.
        let ends: String?
        var hasActed = true

        enum Operation: Sendable { case start, restart, terminate }
    }

    static let cases: [Case] = [
        Case(
            testDescription: "start: runs", states: ["RUNNING"], operation: .start, calls: [], ends: "RUNNING",
            hasActed: false),
        Case(
            testDescription: "start: resizing is running", states: ["RESIZING"], operation: .start, calls: [],
            ends: "RESIZING", hasActed: false),
        Case(
            testDescription: "start: terminated", states: ["TERMINATED", "PENDING", "PENDING", "RUNNING"],
            operation: .start, calls: ["start"], ends: "RUNNING"),
        Case(
            testDescription: "start: terminating is waited out",
            states: ["TERMINATING", "TERMINATING", "TERMINATED", "PENDING", "RUNNING"], operation: .start,
            calls: ["start"], ends: "RUNNING"),
        Case(
            testDescription: "start: pending already", states: ["PENDING", "RUNNING"], operation: .start, calls: [],
            ends: "RUNNING", hasActed: false),
        Case(
            testDescription: "start: somebody else was faster", states: ["!TERMINATED", "PENDING", "RUNNING"],
            operation: .start, calls: ["start"], ends: "RUNNING", hasActed: false),
        Case(
            testDescription: "start: refused, then terminated again",
            states: ["!TERMINATED", "TERMINATING", "TERMINATED", "PENDING", "RUNNING"], operation: .start,
            calls: ["start", "start"], ends: "RUNNING"),
        Case(
            testDescription: "start: it does not come up", states: ["TERMINATED", "PENDING", "TERMINATED"],
            operation: .start, calls: ["start"], ends: nil),
        Case(testDescription: "start: an error", states: ["ERROR"], operation: .start, calls: [], ends: nil),
        Case(
            testDescription: "start, without waiting", states: ["TERMINATED", "PENDING"], operation: .start,
            waits: false, calls: ["start"], ends: "PENDING"),
        Case(
            testDescription: "restart: runs", states: ["RUNNING", "RESTARTING", "RUNNING"], operation: .restart,
            calls: ["restart"], ends: "RUNNING"),
        Case(
            testDescription: "restart: terminated", states: ["TERMINATED", "PENDING", "RUNNING"], operation: .restart,
            calls: ["start"], ends: "RUNNING"),
        Case(
            testDescription: "restart: still starting", states: ["PENDING", "RUNNING", "RESTARTING", "RUNNING"],
            operation: .restart, calls: ["restart"], ends: "RUNNING"),
        Case(
            testDescription: "restart: terminates under our hands",
            states: ["!RUNNING", "TERMINATING", "TERMINATED", "PENDING", "RUNNING"], operation: .restart,
            calls: ["restart", "start"], ends: "RUNNING"),
        Case(
            testDescription: "restart, without waiting", states: ["RUNNING", "RESTARTING"], operation: .restart,
            waits: false, calls: ["restart"], ends: "RESTARTING"),
        Case(
            testDescription: "terminate: runs", states: ["RUNNING", "TERMINATING", "TERMINATED"], operation: .terminate,
            calls: ["delete"], ends: "TERMINATED"),
        Case(
            testDescription: "terminate, without waiting", states: ["RUNNING", "TERMINATING"], operation: .terminate,
            waits: false, calls: ["delete"], ends: "TERMINATING"),
        Case(
            testDescription: "terminate: terminated", states: ["TERMINATED"], operation: .terminate, calls: [],
            ends: "TERMINATED", hasActed: false),
        Case(
            testDescription: "terminate: terminating", states: ["TERMINATING", "TERMINATED"], operation: .terminate,
            calls: [], ends: "TERMINATED", hasActed: false),
        Case(
            testDescription: "terminate: pending", states: ["PENDING", "TERMINATING", "TERMINATED"],
            operation: .terminate, calls: ["delete"], ends: "TERMINATED"),
    ]

    @Test(arguments: cases)
    func clusters(_ expected: Case) async throws {
        let clock = ManualClock()
        let script = Script(expected.states)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.request.method == "POST" { return script.call() }
            return .json(#"{"cluster_id":"c","cluster_name":"dev","state":"\#(script.next())"}"#)
        }
        let change = ClusterChange(client: try transport.client(), id: "c", clock: clock)
        let states = Journal<String>()
        let saw = { @Sendable (cluster: Cluster) async in states.append(cluster.state.rawValue) }
        let task = Task {
            switch expected.operation {
            case .start: try await change.start(waits: expected.waits, observing: saw)
            case .restart: try await change.restart(waits: expected.waits, observing: saw)
            case .terminate: try await change.terminate(waits: expected.waits, observing: saw)
            }
        }
        let outcome = await clock.passingSleeps { await task.result }
        let calls = transport.sent.entries.filter { $0.request.method == "POST" }
            .map { String($0.request.url.split(separator: "/").last ?? "") }
        #expect(calls == expected.calls)
        #expect(states.entries.first == expected.states.first?.drop { $0 == "!" }.description)
        switch outcome {
        case .success(let outcome):
            #expect(outcome.resource.state.rawValue == expected.ends)
            #expect(outcome.hasActed == expected.hasActed)
        case .failure(let error):
            #expect(expected.ends == nil && error is StateChangeFailed<Cluster>, "\(error)")
        }
    }

    struct WarehouseCase: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let states: [String]
        let stops: Bool
        var waits = true
        let calls: Int
        let ends: String?
    }

    static let warehouseCases: [WarehouseCase] = [
        .init(testDescription: "start: runs", states: ["RUNNING"], stops: false, calls: 0, ends: "RUNNING"),
        .init(
            testDescription: "start: stopped", states: ["STOPPED", "STARTING", "RUNNING"], stops: false, calls: 1,
            ends: "RUNNING"),
        .init(
            testDescription: "start: stopping", states: ["STOPPING", "STOPPED", "STARTING", "RUNNING"], stops: false,
            calls: 1, ends: "RUNNING"),
        .init(
            testDescription: "start, without waiting", states: ["STOPPED", "STARTING"], stops: false, waits: false,
            calls: 1, ends: "STARTING"),
        .init(
            testDescription: "start: refused once", states: ["!STOPPED", "STARTING", "RUNNING"], stops: false, calls: 1,
            ends: "RUNNING"),
        .init(
            testDescription: "start: it does not come up", states: ["STOPPED", "STARTING", "STOPPED"], stops: false,
            calls: 1, ends: nil),
        .init(testDescription: "start: deleted", states: ["DELETED"], stops: false, calls: 0, ends: nil),
        .init(
            testDescription: "stop: runs", states: ["RUNNING", "STOPPING", "STOPPED"], stops: true, calls: 1,
            ends: "STOPPED"),
        .init(
            testDescription: "stop, without waiting", states: ["RUNNING", "STOPPING"], stops: true, waits: false,
            calls: 1, ends: "STOPPING"),
        .init(testDescription: "stop: stopped", states: ["STOPPED"], stops: true, calls: 0, ends: "STOPPED"),
    ]

    @Test(arguments: warehouseCases)
    func warehouses(_ expected: WarehouseCase) async throws {
        let clock = ManualClock()
        let script = Script(expected.states)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.request.method == "POST" { return script.call() }
            return .json(#"{"id":"w","name":"starter","state":"\#(script.next())"}"#)
        }
        let change = WarehouseChange(client: try transport.client(), id: "w", clock: clock)
        let task = Task {
            expected.stops
                ? try await change.stop(waits: expected.waits) : try await change.start(waits: expected.waits)
        }
        let outcome = await clock.passingSleeps { await task.result }
        #expect(transport.sent.entries.count { $0.request.method == "POST" } == expected.calls)
        switch outcome {
        case .success(let outcome): #expect(outcome.resource.state.rawValue == expected.ends)
        case .failure(let error): #expect(expected.ends == nil && error is StateChangeFailed<Warehouse>, "\(error)")
        }
    }

    /// What runs code asks before it starts a cluster, and takes a pending one where contexts can be had on it.
    @Test(arguments: [(true, true, "PENDING"), (true, false, "RUNNING"), (false, true, nil)])
    func nothingIsStartedWithoutConsent(_ consents: Bool, _ pendingIsEnough: Bool, _ ends: String?) async throws {
        let clock = ManualClock()
        let script = Script(["TERMINATED", "PENDING", "RUNNING"])
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.request.method == "POST" { return script.call() }
            return .json(#"{"cluster_id":"c","cluster_name":"dev","state":"\#(script.next())"}"#)
        }
        let change = ClusterChange(client: try transport.client(), id: "c", clock: clock)
        let task = Task {
            try await change.start(pendingIsEnough: pendingIsEnough) { _ in if !consents { throw CancellationError() } }
        }
        let outcome = await clock.passingSleeps { await task.result }
        #expect((try? outcome.get())?.resource.state.rawValue == ends)
        #expect(transport.sent.entries.count { $0.request.method == "POST" } == (consents ? 1 : 0))
    }

    @Test func aClusterThatStaysPendingIsGivenUp() async throws {
        let clock = ManualClock()
        let transport = ScriptedTransport(clock: clock) { _ in .json(#"{"cluster_name":"dev","state":"PENDING"}"#) }
        let change = ClusterChange(client: try transport.client(), id: "c", clock: clock)
        let task = Task { try await change.start() }
        let error = await #expect(throws: StateChangeFailed<Cluster>.self) {
            try await clock.passingSleeps { try await task.value }
        }
        #expect(error?.isLate == true)
        #expect(clock.elapsed >= .seconds(20 * 60) && clock.elapsed < .seconds(20 * 60 + 5))
    }

    /// States one after another, and what a call gets in the present one.
    private final class Script: Sendable {
        private let state: Guarded<(rest: [String], refuses: Bool)>

        init(_ states: [String]) {
            state = Guarded((states, false))
        }

        func next() -> String {
            state.withLock { state in
                let text = state.rest.count > 1 ? state.rest.removeFirst() : state.rest[0]
                state.refuses = text.hasPrefix("!")
                return String(text.drop { $0 == "!" })
            }
        }

        func call() -> HTTPResponse {
            state.withLock { $0.refuses }
                ? .json(#"{"error_code":"INVALID_STATE","message":"Cluster c is in unexpected state."}"#, status: 400)
                : .json("{}")
        }
    }
}
