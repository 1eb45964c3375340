import Databricks
import Support
import Testing

/// The context of a session: made once, given up when lost, destroyed at the end.
@Suite(.timeLimit(.minutes(10)))
struct ContextSessionTests {
    private let clock = ManualClock()

    /// Contexts go through `states` one after the other.
    private func transport(_ states: [String]) -> ScriptedTransport {
        let counters = Guarded((created: 0, asked: 0))
        return ScriptedTransport(clock: clock) { sent in
            if sent.line.contains("contexts/create") {
                let number = counters.withLock { counters in
                    counters.created += 1
                    return counters.created
                }
                return .json(#"{"id":"x\#(number)"}"#)
            }
            if sent.line.contains("contexts/status") {
                let index = counters.withLock { counters in
                    defer { counters.asked += 1 }
                    return counters.asked
                }
                return .json(#"{"status":"\#(states[min(index, states.count - 1)])"}"#)
            }
            if sent.line.contains("commands/execute") {
                return .json(#"{"error":"ContextNotFoundException: Its Python did not start."}"#, status: 500)
            }
            return .json(#"{"id":"1"}"#)
        }
    }

    private func count(_ transport: ScriptedTransport, _ path: String) -> Int {
        transport.lines.filter { $0.contains(path) }.count
    }

    @Test func makesOneContext() async throws {
        let transport = transport(["Pending", "Running"])
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        async let first = session.open(language: .python)
        async let second = session.open(language: .sql)
        await clock.passNextSleep()
        #expect(try await [first, second] == ["x1", "x1"])
        #expect(try await session.open(language: .r) == "x1")
        #expect(count(transport, "contexts/create") == 1)
        await session.close()
        #expect(transport.sent.entries.last?.body == #"{"clusterId":"c","contextId":"x1"}"#)
        #expect(await session.id == nil)
    }

    /// Just after a cluster's start contexts may fail for some seconds.
    @Test func triesAgainAfterAnError() async throws {
        let transport = transport(["Error", "Error", "Running"])
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        let task = Task { try await session.open(language: .python) }
        #expect(await clock.passNextSleep(ofAtMost: .seconds(2)) == .seconds(2))
        #expect(await clock.passNextSleep(ofAtMost: .seconds(2)) == .seconds(2))
        #expect(try await task.value == "x3")
        #expect(count(transport, "contexts/destroy") == 2)
    }

    @Test func givesUpAfterFiveErrors() async throws {
        let transport = transport(["Error"])
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        let task = Task { try await session.open(language: .python) }
        for _ in 0..<4 { await clock.passNextSleep(ofAtMost: .seconds(2)) }
        let error = await #expect(throws: ContextFailed.self) { try await task.value }
        // The state has no reason; the refusal of a command does.
        #expect(error?.reason?.contains("Its Python did not start.") == true)
        #expect(count(transport, "contexts/create") == 5)
        #expect(count(transport, "contexts/destroy") == 5)
    }

    /// Ctrl-C while the context comes up leaves none behind.
    @Test func cancelledWhileOpening() async throws {
        let transport = transport(["Pending"])
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        let task = Task { try await session.open(language: .python) }
        _ = await clock.nextSleep()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(count(transport, "contexts/destroy") == 1)
    }

    /// The service makes the context after its maker has left.
    @Test func contextMadeTooLateIsDestroyed() async throws {
        let (replies, reply) = AsyncStream.makeStream(of: HTTPResponse.self)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.line.contains("contexts/create") {
                for await response in replies { return response }
            }
            return .json(#"{"state":"RUNNING"}"#)
        }
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        let task = Task { try await session.open(language: .python) }
        await transport.sent.waitFor(1)
        task.cancel()
        await clock.passNextSleep()
        await #expect(throws: CancellationError.self) { try await task.value }
        reply.yield(.json(#"{"id":"x1"}"#))
        await transport.sent.waitFor(2)
        #expect(transport.sent.entries.last?.body == #"{"clusterId":"c","contextId":"x1"}"#)
        await session.close()
        #expect(count(transport, "contexts/destroy") == 1)
    }

    @Test func closedWhileOpening() async throws {
        let transport = transport(["Pending"])
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        let task = Task { try await session.open(language: .python) }
        _ = await clock.nextSleep()
        await session.close()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(count(transport, "contexts/destroy") == 1)
        await #expect(throws: CancellationError.self) { try await session.open(language: .python) }
    }

    @Test func forgetsALostContext() async throws {
        let isGone = Guarded(false)
        let created = Guarded(0)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.line.contains("clusters/get") { return .json(#"{"state":"RUNNING"}"#) }
            if sent.line.contains("contexts/create") {
                let number = created.withLock { count in
                    count += 1
                    return count
                }
                return .json(#"{"id":"x\#(number)"}"#)
            }
            if sent.line.contains("contexts/status") {
                return isGone.withLock { $0 }
                    ? .json(#"{"error":"gone"}"#, status: 500) : .json(#"{"status":"Running"}"#)
            }
            if sent.line.contains("commands/execute"), created.withLock({ $0 }) == 1 {
                isGone.withLock { $0 = true }
                return .json(#"{"error":"gone"}"#, status: 500)
            }
            return .json(#"{"id":"1"}"#)
        }
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        let error = await #expect(throws: ContextLost.self) { try await session.run(.python, "1") }
        #expect(error?.contextID == "x1")
        #expect(await session.id == nil)
        // Nothing was run again.
        #expect(count(transport, "commands/execute") == 1)
        isGone.withLock { $0 = false }
        #expect(try await session.open(language: .python) == "x2")
    }

    @Test func attachesToAContext() async throws {
        let transport = transport(["Running", "Error"])
        let session = ContextSession(client: try transport.client(), clusterID: "c", clock: clock)
        try await session.attach("old")
        #expect(try await session.open(language: .python) == "old")
        await #expect(throws: ContextLost.self) { try await session.attach("older") }
        #expect(await session.id == "old")
    }
}

/// A server that is a process of this machine, and has ended.
extension ContextSessionTests {
    /// Nobody waits for it as for a network: neither before a command, nor while one runs.
    @Test func aProcessThatHasEndedTookItsContextsAlong() async throws {
        let isThere = Guarded(true)
        let scripted = ScriptedTransport(clock: clock) { sent in
            guard isThere.withLock({ $0 }) else { throw TransportError.failure(.connect, mayHaveArrived: false) }
            if sent.line.contains("commands/execute") {
                isThere.withLock { $0 = false }
                return .json(#"{"id":"1"}"#)
            }
            return .json(#"{"id":"x1","status":"Running"}"#)
        }
        let transport = LocalProcessTransport(scripted, ending: "it has ended")
        let client = Client(
            connection: try Connection(host: "h.example", credential: PersonalAccessToken(Secret("dapi-secret"))),
            transport: transport, version: "1.2.3", clock: clock)
        let session = ContextSession(client: client, clusterID: "c", clock: clock)
        let running = await #expect(throws: ContextLost.self) {
            try await clock.passingSleeps { _ = try await session.run(.python, "1") }
        }
        #expect(running?.reason == .context(detail: "it has ended"))
        #expect(transport.isGone)
        #expect(await session.id == nil)
        let lost = await #expect(throws: ContextLost.self) { try await session.attach("x1") }
        #expect(lost?.reason == .context(detail: "it has ended"))
        #expect(scripted.lines.count { $0.contains("commands/status") } == 1)
    }
}
