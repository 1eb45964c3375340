import Testing

@testable import LocalWorkspace

/// Where the endpoint of Spark Connect is, and what its processes are told.
struct ConnectTargetTests {
    private func target(_ url: String) -> ConnectTarget {
        ConnectTarget(
            clusterID: "serverless", url: url, isServerless: true, headers: [:], certificates: nil, userAgent: "dbsh",
            sign: { _ in ([:], nil) }, notice: { _ in })
    }

    @Test(arguments: [
        ("https://dbc-1.cloud.databricks.com", "dbc-1.cloud.databricks.com:443", false),
        ("https://h.example:8443", "h.example:8443", false), ("http://127.0.0.1:4242", "127.0.0.1:4242", true),
        ("https://[::1]:8443", "[::1]:8443", false), ("https://[::1]", "[::1]:443", false),
    ])
    func theEndpointIsOnTheWorkspacesPort(_ url: String, _ address: String, _ isPlain: Bool) {
        #expect(target(url).address == address && target(url).isPlain == isPlain)
    }

    @Test func noticesAreRead() throws {
        func event(_ line: String) -> EngineEvent? { EngineEvent(line: Array(line.utf8)) }
        #expect(event(#"{"ev":"credentials","refused":true}"#) == .connect(.signature(refused: true)))
        #expect(
            event(#"{"ev":"session","id":"1","session":"s","headers":["a: b"]}"#)
                == .connect(.session(id: "s", headers: ["a: b"])))
        #expect(
            event(#"{"ev":"tasks","id":"1","tasks":16,"tasks_left":4}"#) == .connect(.progress(tasks: 16, left: 4)))
    }
}
