import Databricks
import Glibc
import Results
import Support
import Testing

/// Tests/Python/fault_server.py, running for all tests of this process, on a terminal of its own so that it ends with them.
final class FaultyTLSServer: Sendable {
    /// A request that the server has seen.
    struct Sent {
        let body: String
        /// Number of the connection it came on.
        let connection: Int
        let isWhole: Bool
    }

    private let session: PtySession
    private let folder: ScratchDirectory
    private let ports: [String: Int]

    private static let starting = Task { try await FaultyTLSServer() }

    static func shared() async throws -> FaultyTLSServer { try await starting.value }

    private init() async throws {
        folder = try ScratchDirectory()
        let made = try await ShellCommand(
            "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 -subj /CN=test"
                + " -addext subjectAltName=DNS:*.test.localhost", in: folder.path
        ).run()
        try #require(made.status == 0, "\(made.errors)")
        let script =
            "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Python/fault_server.py"
        session = try PtySession(
            program: try #require(SDKTests.python),
            arguments: [script, folder.path + "/certificate", folder.path + "/key"], columns: 120)
        try await session.wait(for: "the ports") { $0.text.contains("}") }
        let line = session.screen.lines.first { $0.contains("{") } ?? ""
        let json = try JSONValue.parse(line)
        ports = ["http/1.1", "h2", "proxy"].reduce(into: [:]) { ports, name in ports[name] = json[name]?.int }
    }

    /// A name that no other test connects to.
    static func newHost() -> String { "t\(UInt32.random(in: 0...UInt32.max)).test.localhost" }

    /// A client whose requests go to the server under the name `host`.
    func client(_ way: LostConnectionTests.Way, _ host: String) throws -> Client {
        var options = CurlTransport.Options(trust: .file(folder.path + "/certificate"))
        options.proxy = way.isProxied ? "http://127.0.0.1:\(ports["proxy"] ?? 0)" : ""
        return Client(
            connection: try Connection(
                host: "https://\(host):\(ports[way.protocol] ?? 0)", credential: PersonalAccessToken(Secret("t"))),
            transport: CurlTransport(options), version: "1")
    }

    private func ask(_ path: String) async throws -> JSONValue {
        let client = try client(.init(protocol: "http/1.1", isProxied: false), "control.test.localhost")
        let reply = try await client.json(.get(path))
        await client.shutdown()
        return reply
    }

    /// Waits until TLS has been agreed on a connection to `host` (`agreed`), or all of them are `closed`.
    func wait(for state: String, _ host: String) async throws { _ = try await ask("/\(state)/\(host)") }

    /// The POSTs that have come.
    func log() async throws -> [Sent] {
        try await ask("/log").elements?.map { entry in
            Sent(
                body: entry["body"]?.text ?? "", connection: entry["connection"]?.int ?? 0,
                isWhole: entry["whole"] == .bool(true))
        } ?? []
    }

    /// How many connections there have been to `host`.
    func connectionCount(_ host: String) async throws -> Int {
        try await ask("/connections").elements?.count { $0["host"]?.text == host } ?? 0
    }
}
