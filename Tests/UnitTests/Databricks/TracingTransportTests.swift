import Databricks
import Support
import Testing

struct TracingTransportTests {
    private func text(_ event: TraceEvent) -> String {
        switch event.content {
        case .request(let method, let url, let headers, let body):
            "\(event.number) > \(method) \(url) \(headers.map { "\($0.name)=\($0.value)" }) \(body ?? "-")"
        case .response(let status, let headers, let body):
            "\(event.number) < \(status) \(headers.map(\.name)) \(body ?? "-")"
        case .body(let text):
            "\(event.number) = \(text)"
        case .failure(let error):
            "\(event.number) ! \(error is TransportError)"
        }
    }

    @Test func tellsOfEveryAttemptWithoutSecrets() async throws {
        let events = Journal<TraceEvent>()
        let base = ScriptedTransport(replies: [
            .success(.json(#"{"access_token":"s3cret"}"#, status: 200, ("Set-Cookie", "s3cret"))),
            .failure(.failure(.dropped, mayHaveArrived: true)),
        ])
        let transport = TracingTransport(base, bodyLimit: 40) { events.append($0) }
        var request = HTTPRequest("POST", "https://h.example/x?token=s3cret")
        request.headers = [("Accept", "a")]
        request.secretHeaders = [SecretHeader(name: "Authorization", value: Secret("Bearer s3cret"))]
        request.body = .bytes(
            Array(#"{"client_secret":"s3cret","statement":"select a long text over the limit"}"#.utf8))
        let first = request
        _ = try await transport.send(first)
        await #expect(throws: TransportError.self) { try await transport.stream(first) }
        let lines = events.entries.map(text)
        #expect(
            lines == [
                #"1 > POST https://h.example/x?token=*** ["Accept=a", "Authorization=***"] "#
                    + #"{"client_secret":"***","statement":"sele… (74 bytes)"#,
                #"1 < 200 ["Content-Type", "Set-Cookie"] {"access_token":"***"}"#,
                #"2 > POST https://h.example/x?token=*** ["Accept=a", "Authorization=***"] "#
                    + #"{"client_secret":"***","statement":"sele… (74 bytes)"#,
                "2 ! true",
            ])
        var dumped = ""
        dump(events.entries, to: &dumped)
        #expect(!dumped.contains("s3cret"))
    }

    /// The beginning of a streamed body is told when it has been read, and reaches its reader whole.
    @Test func streamedBodies() async throws {
        let events = Journal<TraceEvent>()
        let body = #"{"access_token":"s3cret","rows":["a long row over the limit"]}"#
        let transport = TracingTransport(ScriptedTransport { _ in .json(body) }, bodyLimit: 36) { events.append($0) }
        let stream = try await transport.stream(HTTPRequest("GET", "https://h.example/x"))
        var read: [UInt8] = []
        for try await piece in stream.body { read += piece }
        #expect(String(decoding: read, as: UTF8.self) == body)
        #expect(
            events.entries.map(text) == [
                #"1 > GET https://h.example/x [] -"#, #"1 < 200 ["Content-Type"] -"#,
                #"1 = {"access_token":"***","rows":["a lon… (62 bytes)"#,
            ])
    }

    @Test func costsNothingWhenOff() async throws {
        let events = Journal<TraceEvent>()
        let transport = TracingTransport(ScriptedTransport { _ in .json("{}") }, isOn: { false }) { events.append($0) }
        _ = try await transport.send(HTTPRequest("GET", "https://h.example/x"))
        _ = try await transport.stream(HTTPRequest("GET", "https://h.example/x"))
        #expect(events.entries.isEmpty)
    }
}
