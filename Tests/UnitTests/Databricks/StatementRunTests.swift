import Databricks
import Results
import Support
import Testing

@Suite(.timeLimit(.minutes(10)))
struct StatementRunTests {
    private let clock = ManualClock()

    private static func status(_ state: String) -> HTTPResponse {
        .json(#"{"statement_id":"s1","status":{"state":"\#(state)"}}"#)
    }

    /// A whole result of one chunk.
    private static let done = HTTPResponse.json(
        #"{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":1,"total_row_count":2,"#
            + #""schema":{"columns":[{"name":"id","type_text":"BIGINT","type_name":"LONG"}]}},"#
            + #""result":{"data_array":[["1"],[null]]}}"#)

    private func rows(_ result: StatementResult) async throws -> [[String?]] {
        var rows: [[String?]] = []
        for try await store in result.batches() {
            for row in 0..<store.rowCount { rows.append((0..<store.columnCount).map { store.text(row, $0) }) }
        }
        return rows
    }

    private func run(
        _ transport: ScriptedTransport, _ statement: String = "select 1", isWatched: Bool = true,
        observing: @escaping @Sendable (StatementProgress) -> Void = { _ in }
    ) throws -> Task<StatementResult, any Error> {
        let run = StatementRun(
            client: try transport.client(), request: StatementRequest(statement, warehouseID: "w"),
            isWatched: isWatched, clock: clock)
        return Task { try await run.run(observing: observing) }
    }

    // MARK: Polling

    @Test func finishedAtOnce() async throws {
        let transport = ScriptedTransport(clock: clock) { _ in Self.done }
        let result = try await run(transport).value
        #expect(result.id == "s1")
        #expect(result.columns == [Column(name: "id", typeText: "BIGINT", typeName: "LONG")])
        #expect(result.totalRowCount == 2)
        #expect(!result.truncated)
        #expect(try await rows(result) == [["1"], [nil]])
        #expect(transport.lines == ["POST /api/2.0/sql/statements"])
    }

    /// First after 50 ms, then a twelfth of the time spent, at most every 2 s.
    @Test func pollTimes() async throws {
        let transport = ScriptedTransport(clock: clock) { [clock] sent in
            sent.request.method == "POST"
                ? Self.status("PENDING") : clock.elapsed >= .seconds(60) ? Self.done : Self.status("RUNNING")
        }
        let task = try run(transport)
        _ = try await clock.passingSleeps { try await task.value }
        let times = transport.sent.entries.map(\.at)
        #expect(times.prefix(4) == [.zero, .milliseconds(50), .milliseconds(100), .milliseconds(150)])
        for (before, time) in zip(times.dropFirst(), times.dropFirst(2)) {
            #expect(time - before == min(max(.milliseconds(50), before / 12), .seconds(2)))
        }
        #expect(times.count < 90)
        #expect(times.last! - times[times.count - 2] == .seconds(2))
    }

    @Test func observesProgress() async throws {
        let transport = ScriptedTransport(
            clock: clock,
            replies: ["PENDING", "RUNNING"].map { .success(Self.status($0)) } + [.success(Self.done)])
        let seen = Journal<StatementProgress>()
        let task = try run(transport) { seen.append($0) }
        await clock.passNextSleep()
        await clock.passNextSleep()
        _ = try await task.value
        #expect(seen.entries.map(\.state) == [.pending, .running, .succeeded])
        #expect(seen.entries.map(\.elapsed) == [.zero, .milliseconds(50), .milliseconds(100)])
        #expect(Set(seen.entries.map(\.id)) == ["s1"])
    }

    /// A minute without network does not lose the statement.
    @Test func survivesANetworkFailure() async throws {
        let transport = ScriptedTransport(
            clock: clock,
            replies: [.success(Self.status("RUNNING"))]
                + [Result<HTTPResponse, TransportError>](
                    repeating: .failure(.failure(.connect, mayHaveArrived: false)), count: 8)
                + [.success(Self.done)])
        let task = try run(transport)
        let result = try await clock.passingSleeps { try await task.value }
        #expect(result.id == "s1")
        #expect(transport.lines.filter { $0.hasPrefix("POST") }.count == 1)
    }

    // MARK: Failures

    @Test func failedStatement() async throws {
        let transport = ScriptedTransport(clock: clock) { _ in
            .json(
                #"{"statement_id":"s1","status":{"state":"FAILED","sql_state":"42601","#
                    + #""error":{"error_code":"BAD_REQUEST","#
                    + #""message":"\n[PARSE_SYNTAX_ERROR] Syntax error at or near 'SELEC'. "#
                    + #"SQLSTATE: 42601 (line 1, pos 0)\n\n"#
                    + #"== SQL ==\nSELEC 1\n^^^\n"}}}"#)
        }
        let error = try #require(await #expect(throws: StatementError.self) { try await run(transport).value })
        #expect(error.statementID == "s1")
        #expect(error.sqlState == "42601")
        #expect(error.errorCode == "BAD_REQUEST")
        #expect(error.message.hasPrefix("[PARSE_SYNTAX_ERROR] Syntax"))
        #expect(error.message.hasSuffix("== SQL ==\nSELEC 1\n^^^"))
    }

    static let ends: [(reply: String, message: String, sqlState: String?)] = [
        (#"{"state":"FAILED","error":{"message":"Bad. SQLSTATE: 22012"}}"#, "Bad. SQLSTATE: 22012", "22012"),
        (#"{"state":"FAILED"}"#, "the statement failed, and the service does not say why", nil),
        (#"{"state":"CANCELED"}"#, "the statement was cancelled", nil),
        (#"{"state":"CLOSED"}"#, "the result of the statement is not kept any more", nil),
    ]

    @Test(arguments: ends)
    func otherEnds(reply: String, message: String, sqlState: String?) async throws {
        let transport = ScriptedTransport(clock: clock) { _ in
            .json(#"{"statement_id":"s1","status":\#(reply)}"#)
        }
        let error = try #require(await #expect(throws: StatementError.self) { try await run(transport).value })
        #expect(error.message == message)
        #expect(error.sqlState == sqlState)
    }

    // MARK: Lost connections

    /// What only reads is sent once more, on a fresh connection; what may write never is.
    @Test(arguments: [("select 1", 2), ("insert into t values (1)", 1), ("call p()", 1)])
    func lostSubmissions(_ statement: String, _ count: Int) async throws {
        let transport = ScriptedTransport(
            clock: clock, replies: [.failure(.failure(.dropped, mayHaveArrived: true))])
        let error = await #expect(throws: SubmissionLost.self) { try await run(transport, statement).value }
        #expect(error?.work == .statement)
        #expect(transport.sent.entries.map(\.request.needsFreshConnection) == Array([false, true].prefix(count)))
        #expect(transport.sent.entries.allSatisfy { $0.at == .zero })
    }

    @Test func lostSubmissionOfARead() async throws {
        let transport = ScriptedTransport(
            clock: clock, replies: [.failure(.failure(.dropped, mayHaveArrived: true)), .success(Self.done)])
        #expect(try await run(transport).value.id == "s1")
        #expect(transport.sent.entries.count == 2)
    }

    /// A statement that was not answered in time may run at this moment: it is not sent again even if it only reads.
    @Test func lateAnswers() async throws {
        let transport = ScriptedTransport(
            clock: clock, replies: [.failure(.failure(.timeout, mayHaveArrived: true))])
        await #expect(throws: SubmissionLost.self) { try await run(transport).value }
        #expect(transport.sent.entries.count == 1)
    }

    /// The service waits with the answer where nobody waits for the id, and the statement only reads.
    @Test(arguments: [("select 1", false, "5s"), ("select 1", true, "0s"), ("insert into t values (1)", false, "0s")])
    func waits(_ statement: String, isWatched: Bool, _ wait: String) async throws {
        let transport = ScriptedTransport(clock: clock) { _ in Self.done }
        _ = try await run(transport, statement, isWatched: isWatched).value
        #expect(transport.sent.entries.first?.body.contains(#""wait_timeout":"\#(wait)""#) == true)
    }

    // MARK: Cancelling

    @Test func cancelsRemotely() async throws {
        let isCancelled = Guarded(false)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.line.hasSuffix("/cancel") {
                isCancelled.withLock { $0 = true }
                return .json("{}")
            }
            return Self.status(isCancelled.withLock { $0 } ? "CANCELED" : "RUNNING")
        }
        let task = try run(transport)
        _ = await clock.nextSleep()
        task.cancel()
        let error = await #expect(throws: RunCancelled.self) { try await task.value }
        #expect(error == RunCancelled(id: "s1", isConfirmed: true))
        #expect(
            transport.lines.suffix(2) == [
                "POST /api/2.0/sql/statements/s1/cancel", "GET /api/2.0/sql/statements/s1",
            ])
    }

    /// The service accepts and does not stop: the shell gets its prompt back all the same.
    @Test func unconfirmedCancellation() async throws {
        let transport = ScriptedTransport(clock: clock) { _ in Self.status("RUNNING") }
        let task = try run(transport)
        _ = await clock.nextSleep()
        task.cancel()
        let error = await #expect(throws: RunCancelled.self) {
            try await clock.passingSleeps { try await task.value }
        }
        #expect(error == RunCancelled(id: "s1", isConfirmed: false))
        #expect(clock.elapsed >= .seconds(5))
    }

    /// Ctrl-C before the reply to the submission: the reply is awaited, since only it says what to cancel.
    @Test func cancelledWhileSubmitting() async throws {
        let (replies, reply) = AsyncStream.makeStream(of: HTTPResponse.self)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.line == "POST /api/2.0/sql/statements" {
                for await response in replies { return response }
            }
            return sent.line.hasSuffix("/cancel") ? .json("{}") : Self.status("CANCELED")
        }
        let task = try run(transport)
        await transport.sent.waitFor(1)
        task.cancel()
        reply.yield(Self.status("PENDING"))
        let error = await #expect(throws: RunCancelled.self) { try await task.value }
        #expect(error == RunCancelled(id: "s1", isConfirmed: true))
    }

    /// The reply comes when nobody waits for it any more: what it started is stopped all the same.
    @Test func replyAfterTheSubmissionWasLeft() async throws {
        let (replies, reply) = AsyncStream.makeStream(of: HTTPResponse.self)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.line == "POST /api/2.0/sql/statements" {
                for await response in replies { return response }
            }
            return .json("{}")
        }
        let task = try run(transport)
        await transport.sent.waitFor(1)
        task.cancel()
        await clock.passNextSleep()
        let error = await #expect(throws: RunCancelled.self) { try await task.value }
        #expect(error == RunCancelled(id: nil, isConfirmed: false))
        reply.yield(Self.status("PENDING"))
        await transport.sent.waitFor(2)
        #expect(transport.lines.last == "POST /api/2.0/sql/statements/s1/cancel")
    }

    @Test func cancelledWhileSubmittingForEver() async throws {
        let transport = ScriptedTransport(clock: clock) { _ in
            try await Task.sleep(for: .seconds(3600))
            return Self.done
        }
        let task = try run(transport)
        await transport.sent.waitFor(1)
        task.cancel()
        await clock.passNextSleep()
        let error = await #expect(throws: RunCancelled.self) { try await task.value }
        #expect(error == RunCancelled(id: nil, isConfirmed: false))
    }
}
