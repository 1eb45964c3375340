import Databricks
import Results
import Support
import Testing

@Suite(.timeLimit(.minutes(10)))
struct CommandRunTests {
    private let clock = ManualClock()

    private static func status(_ state: String, _ results: String = "null") -> HTTPResponse {
        .json(#"{"id":"1","status":"\#(state)","results":\#(results)}"#)
    }

    private static let hello = status("Finished", #"{"resultType":"text","data":"hello"}"#)

    private func run(
        _ transport: ScriptedTransport, observing: @escaping @Sendable (CommandProgress) -> Void = { _ in }
    ) throws -> Task<CommandResult, any Error> {
        let run = CommandRun(
            client: try transport.client(), clusterID: "c", contextID: "x", language: .python, code: "print()",
            clock: clock)
        return Task { try await run.run(observing: observing) }
    }

    /// Answers by the last word of the path: execute, status, cancel, get, …; contexts/status is `context`.
    private func transport(_ answers: [String: HTTPResponse]) -> ScriptedTransport {
        ScriptedTransport(clock: clock) { sent in
            let path = sent.line.split(separator: " ")[1].prefix { $0 != "?" }
            let name = path.contains("contexts/status") ? "context" : String(path.split(separator: "/").last ?? "")
            return answers[name] ?? .json(#"{"id":"1"}"#)
        }
    }

    private func text(_ result: CommandResult) -> String? {
        if case .text(let text, _) = result { text } else { nil }
    }

    @Test func runs() async throws {
        let transport = ScriptedTransport(
            clock: clock,
            replies: [
                .success(.json(#"{"id":"1"}"#)), .success(Self.status("Queued")), .success(Self.status("Running")),
                .success(Self.hello),
            ])
        let seen = Journal<CommandProgress>()
        let task = try run(transport) { seen.append($0) }
        for _ in 0..<3 { await clock.passNextSleep() }
        #expect(try await text(task.value) == "hello")
        #expect(transport.sent.entries.map(\.at) == [0, 50, 100, 150].map { .milliseconds($0) })
        #expect(seen.entries.map(\.state) == [.queued, .queued, .running, .finished])
        #expect(seen.entries.last?.commandID == "1")
    }

    /// Code is never sent again.
    @Test func lostSubmission() async throws {
        let transport = ScriptedTransport(
            clock: clock, replies: [.failure(.failure(.dropped, mayHaveArrived: true))])
        let error = await #expect(throws: SubmissionLost.self) { try await run(transport).value }
        #expect(error?.work == .command(contextID: "x"))
        #expect(transport.sent.entries.count == 1)
    }

    @Test func failingCode() async throws {
        let transport = transport([
            "status": Self.status(
                "Finished", #"{"resultType":"error","summary":"NameError: x","cause":"Traceback\nNameError: x"}"#)
        ])
        let task = try run(transport)
        await clock.passNextSleep()
        let error = await #expect(throws: CommandError.self) { try await task.value }
        #expect(error?.summary == "NameError: x" && error?.cause == "Traceback\nNameError: x")
        #expect(error?.language == .python && error?.contextID == "x" && error?.commandID == "1")
        #expect(error?.isCancelled == false && error?.endedContext == false && error?.output == nil)
    }

    @Test(arguments: [
        (#""cause":"Traceback\nE: x","data":"printed\n""#, "printed\n"),
        (#""cause":"Traceback\nE: x","data":"Traceback\nE: x""#, nil),
        (#""cause":"Traceback\nE: x","data":null"#, nil),
        (#""data":"E: x""#, nil),
    ])
    func whatFailingCodePrinted(results: String, output: String?) async throws {
        let transport = transport(["status": Self.status("Finished", #"{"resultType":"error",\#(results)}"#)])
        let task = try run(transport)
        await clock.passNextSleep()
        let error = await #expect(throws: CommandError.self) { try await task.value }
        var printed: String?
        if case .text(let text, _) = error?.output { printed = text }
        #expect(printed == output)
    }

    // MARK: Lost contexts

    /// A cluster that starts (the local workspace's) may run Python already.
    @Test(arguments: [
        ("RUNNING", "Error", true), ("RUNNING", "Running", false), ("PENDING", "Running", false),
        ("PENDING", "Error", true),
    ])
    func codeThatEndsItsContext(cluster: String, state: String, ended: Bool) async throws {
        let transport = transport([
            "status": Self.status("Finished", #"{"resultType":"error","summary":"gone","cause":"gone"}"#),
            "get": .json(#"{"cluster_id":"c","state":"\#(cluster)"}"#),
            "context": .json(#"{"id":"x","status":"\#(state)"}"#),
        ])
        let task = try run(transport)
        await clock.passNextSleep()
        let error = await #expect(throws: CommandError.self) { try await task.value }
        #expect(error?.endedContext == ended)
    }

    struct Loss: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let answers: [String: HTTPResponse]
        /// Nil when the context is not lost and the error stays what it is.
        let reason: ContextLost.Reason?
    }

    private static let refusal = HTTPResponse.json(#"{"error":"ContextNotFound: x"}"#, status: 500)
    private static let running = HTTPResponse.json(#"{"cluster_id":"c","state":"RUNNING"}"#)
    private static let interrupted = status(
        "Finished",
        #"{"resultType":"error","summary":"Cancelled","#
            + #""cause":"com.databricks.backend.common.rpc.CommandCancelledException"}"#
    )

    static let losses: [Loss] = [
        Loss(
            testDescription: "refused, the cluster has ended",
            answers: [
                "execute": refusal, "get": .json(#"{"state":"TERMINATED","state_message":"Inactive."}"#),
            ], reason: .cluster(state: .terminated, message: "Inactive.")),
        Loss(
            testDescription: "refused, the context is not known",
            answers: ["execute": refusal, "get": running, "context": .json(#"{"error":"no"}"#, status: 404)],
            reason: .context(detail: "ContextNotFound: x")),
        Loss(
            testDescription: "refused, the context is not running",
            answers: ["execute": refusal, "get": running, "context": .json(#"{"id":"x","status":"Error"}"#)],
            reason: .context(detail: "it is ERROR")),
        Loss(
            testDescription: "refused, and all is well",
            answers: ["execute": refusal, "get": running, "context": .json(#"{"id":"x","status":"Running"}"#)],
            reason: nil),
        Loss(
            testDescription: "the rights are missing",
            answers: [
                "execute": .json("{}", status: 403), "get": .json(#"{"state":"TERMINATED"}"#),
            ], reason: nil),
        Loss(
            testDescription: "refused while polling",
            answers: ["status": refusal, "get": .json(#"{"state":"RESTARTING"}"#)],
            reason: .cluster(state: .restarting, message: nil)),
        Loss(
            testDescription: "interrupted by nobody, the context is gone",
            answers: ["status": interrupted, "get": running, "context": .json(#"{"error":"gone"}"#, status: 500)],
            reason: .context(detail: "gone")),
        Loss(
            testDescription: "interrupted by somebody else",
            answers: ["status": interrupted, "get": running, "context": .json(#"{"status":"Running"}"#)],
            reason: nil),
    ]

    @Test(arguments: losses)
    func lostContexts(_ expected: Loss) async throws {
        let task = try run(transport(expected.answers))
        let error = try #require(
            await #expect(throws: (any Error).self) {
                try await clock.passingSleeps { try await task.value }
            })
        if let reason = expected.reason {
            var lost = ContextLost(clusterID: "c", contextID: "x", reason: reason)
            // What is refused when it is sent has not run.
            lost.cameBefore = expected.answers["execute"] != nil
            #expect(error as? ContextLost == lost)
        } else {
            #expect(error is APIError || (error as? CommandError)?.isCancelled == true)
        }
    }

    // MARK: Cancelling

    @Test func cancelsRemotely() async throws {
        let isCancelled = Guarded(false)
        let transport = ScriptedTransport(clock: clock) { sent in
            if sent.line.hasSuffix("/cancel") { isCancelled.withLock { $0 = true } }
            if sent.line.contains("commands/status") {
                return isCancelled.withLock { $0 } ? Self.interrupted : Self.status("Running")
            }
            return .json(#"{"id":"1"}"#)
        }
        let task = try run(transport)
        _ = await clock.nextSleep()
        task.cancel()
        let error = await #expect(throws: RunCancelled.self) { try await task.value }
        #expect(error == RunCancelled(id: "1", isConfirmed: true))
        #expect(
            transport.lines == [
                "POST /api/1.2/commands/execute", "POST /api/1.2/commands/cancel",
                "GET /api/1.2/commands/status?clusterId=c&contextId=x&commandId=1",
            ])
    }
}
