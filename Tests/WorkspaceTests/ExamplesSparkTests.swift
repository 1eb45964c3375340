import Support
import Testing

@testable import Shell

/// The examples that `.help` shows do what they say: each runs on the local workspace as it stands.
@Suite struct ExamplesSparkTests {
    @MainActor private static var examples: [String] {
        Registry.all.map(\.spec).filter { $0.name != "quit" }.flatMap(\.examples).filter(\.runs).map(\.text)
    }

    @Test func everyExampleRuns() async throws {
        let workspace = try await ServedWorkspace.shared()
        let scratch = try ScratchDirectory()
        let examples = await Self.examples
        #expect(examples.count > 10)
        // One session for all, as they are cheap together; a failing one is named by its error.
        let arguments = examples.map { "-c '" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        let command = ShellCommand(
            "dbsh --on-error continue \(arguments)", in: scratch.path, environment: workspace.environment)
        let result = try await command.run()
        workspace.expectNoSecret(in: result, of: command.line)
        #expect(result.status == 0, "\(result.errors)")
    }
}
