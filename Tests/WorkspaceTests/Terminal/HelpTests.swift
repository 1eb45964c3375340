import Support
import Testing
import Text

@testable import Shell

/// `.help` as a command: it needs no workspace.
@Suite struct HelpTests {
    private func help(_ name: String) async throws -> ShellCommand.Result {
        let home = try ScratchDirectory()
        return try await ShellCommand("\(ServedWorkspace.binary) -X -c '.help \(name)'", in: home.path).run()
    }

    @Test func everyTopicIsPrinted() async throws {
        for (name, text) in await MainActor.run(body: { Topic.all.map { ($0.name, $0.text) } }) {
            let result = try await help(name)
            #expect(result.status == 0 && result.errors == "")
            #expect(result.output == Wrapping.fitted(text, width: 80) + "\n")
        }
    }

    @Test(arguments: [
        ("keyz", "did you mean .help keys?"), ("result", "  show a background job's result"),
        ("backgroud", "did you mean .help background?"), ("moed", ".mode"), ("cluster", ".cluster ["),
    ])
    func aWrongNameSaysWhatMayBeMeant(_ name: String, _ words: String) async throws {
        let result = try await help(name)
        #expect((result.output + result.errors).contains(words), "\(result)")
        #expect(result.status == (result.errors == "" ? 0 : 2))
    }
}
