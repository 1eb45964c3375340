import Support
import Testing

/// The scripts of `Scripts/`, which do work worth doing and judge it themselves, run by `dbsh test` on the local workspace.
@Suite struct ScriptsSparkTests {
    private static let directory = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!)) + "/Scripts"

    @Test func pass() async throws {
        let workspace = try await ServedWorkspace.shared()
        let scratch = try ScratchDirectory()
        let command = ShellCommand(
            "dbsh test --jobs 2 --junit results.xml '\(Self.directory)'", in: scratch.path,
            environment: workspace.environment)
        let result = try await command.run()
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("6 scripts: 6 passed"), "\(result.output)")
        #expect(result.errors == "")
        let xml = try #require(scratch.contents("results.xml"))
        #expect(xml.contains("tests=\"6\" failures=\"0\"") && xml.contains("name=\"orders.dbsh\""))
    }
}
