import LocalWorkspace
import Support
import Testing

/// A session by Spark Connect that outlives its tokens: a service principal's, which end after four seconds here.
@Suite struct ConnectTokenSparkTests {
    @Test func cellsRunOnWithNewTokens() async throws {
        let requests = Guarded<[String]>([])
        let own = try await OwnWorkspace {
            $0.accessTokenLifetime = .seconds(4)
            $0.log = { line in requests.withLock { $0.append(line) } }
        }
        let scratch = try ScratchDirectory()
        let cells = (1...6).map { "-c 'import time; time.sleep(2); spark.range(\($0)).count()'" }
        let command = ShellCommand(
            "dbsh --serverless --debug -l python \(cells.joined(separator: " "))", in: scratch.path,
            environment: own.environment(signingInAs: .servicePrincipal))
        let result = try await command.run()
        #expect(result.output == "1\n2\n3\n4\n5\n6\n" && result.status == 0)
        #expect(!result.errors.contains(own.workspace.clientSecret) && !result.errors.contains("local-"))
        let signIns = requests.withLock { all in all.count { $0.contains("/oidc/v1/token") } }
        #expect(signIns > 2, "twelve seconds of work with tokens of four seconds")
        await own.workspace.stop()
    }
}
