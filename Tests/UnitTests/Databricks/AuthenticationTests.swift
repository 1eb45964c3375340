import Databricks
import Glibc
import Support
import Testing

/// What is configured, and what a request is signed with because of it: environment × profile file × arguments.
///
/// Token servers and the programs that keep logins are stand-ins that put what they were asked into the token they give.
@Suite(.timeLimit(.minutes(10)))
struct AuthenticationTests {
    /// The signature of the first request, or what the refusal says.
    enum Outcome: Sendable {
        case signed(String, type: String, host: String)
        case refused([String])
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var environment: [String: String] = [:]
        var file = ""
        var arguments = ConnectionArguments()
        /// Programs on PATH.
        var programs: [String] = []
        let outcome: Outcome

        init(
            _ testDescription: String, _ environment: [String: String] = [:], file: String = "",
            arguments: ConnectionArguments = .init(), programs: [String] = [], _ outcome: Outcome
        ) {
            self.testDescription = testDescription
            self.environment = environment
            self.file = file
            self.arguments = arguments
            self.programs = programs
            self.outcome = outcome
        }
    }

    @Test(arguments: servicePrincipals + others + vouched)
    func signs(_ expected: Case) async throws {
        let file = try TemporaryFile(expected.file)
        let programs = try StandInPrograms(expected.programs)
        var environment = expected.environment
        environment["DATABRICKS_CONFIG_FILE"] = file.path
        environment["PATH"] = programs.path
        let transport = ScriptedTransport { TokenServer.answer($0.request) }
        do {
            let connection = try ConnectionResolver.resolve(
                expected.arguments, environment: environment, home: "/nonexistent")
            let client = Client(connection: connection, transport: transport, version: "1", clock: ManualClock())
            _ = try await client.currentUser.me()
            guard case .signed(let signature, let type, let host) = expected.outcome else {
                Issue.record("it signs in")
                return
            }
            let sent = try #require(transport.sent.entries.last)
            let values = sent.request.secretHeaders.map { $0.value.reveal() }
            #expect(values.joined(separator: " + ") == signature)
            #expect(connection.authType.rawValue == type)
            #expect(sent.header("User-Agent") == "dbsh/1 os/linux auth/\(type)")
            #expect(connection.host == "https://\(host)")
            #expect(sent.request.url == "https://\(host)/api/2.0/preview/scim/v2/Me")
        } catch {
            guard case .refused(let words) = expected.outcome else { throw error }
            for text in words { #expect("\(error)".contains(text), "\(error)") }
            #expect(!"\(error)".contains("s3cret"))
            #expect(error is CredentialError || error is ProfileError || error is InvalidHost)
        }
    }
}
