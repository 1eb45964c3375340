import Support
import Testing

@testable import Shell

/// The examples that `.help` and `.tutorial` show do what they say: each runs on the local workspace as it stands.
@Suite struct ExamplesSparkTests {
    @MainActor private static var examples: [String] {
        Registry.specs.filter { $0.name != "quit" }.flatMap(\.examples).filter(\.runs).map(\.text)
    }

    /// What the topics show at the left; words in capitals stand for something, and brackets for what may be left out.
    @MainActor private static var topicExamples: [String] {
        let others = Set(Registry.specs.flatMap(\.examples).filter { !$0.runs }.map(\.text))
        return Topic.all.filter { ["cells", "background", "results"].contains($0.name) }
            .flatMap { $0.text.split(separator: "\n") }
            .compactMap { line -> String? in
                let left = line.firstRange(of: "   ").map { String(line[..<$0.lowerBound]) }
                guard let left, let first = left.first, first == "." || first == "%" || left.hasPrefix("select") else {
                    return nil
                }
                guard !others.contains(left) else { return nil }
                let words = left.split(separator: " ")
                return words.contains { $0 == $0.uppercased() && $0.contains(where: \.isLetter) || $0.hasPrefix("[") }
                    ? nil : left
            }
    }

    @MainActor private static var tutorial: [String] { Tutorial.steps.filter { !$0.runsOn }.map(\.cell) }

    /// One session for all, as they are cheap together; a failing one is named by its error.
    private func run(_ cells: [String]) async throws -> ShellCommand.Result {
        let workspace = try await ServedWorkspace.shared()
        let scratch = try ScratchDirectory()
        let arguments = cells.map { "-c '" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        let command = ShellCommand(
            "dbsh --on-error continue \(arguments)", in: scratch.path, environment: workspace.environment)
        let result = try await command.run()
        workspace.expectNoSecret(in: result, of: command.line)
        return result
    }

    @Test func everyExampleRuns() async throws {
        let examples = await Self.examples
        #expect(examples.count > 10)
        // What is exported is a result of SQL, whichever example came before.
        let result = try await run(examples.flatMap { $0.hasPrefix(".export") ? ["select 1 as x;", $0] : [$0] })
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func everyExampleOfATopicRuns() async throws {
        let examples = await Self.topicExamples
        #expect(examples.count > 10, "\(examples)")
        // There is a result to show again, and one example changes the language.
        let result = try await run(examples.flatMap { ["select id from range(3);", $0, ".lang sql"] })
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func everyStepOfTheTutorialRuns() async throws {
        let result = try await run(await Self.tutorial)
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output.contains("285"), "the sum of the squares")
    }
}
