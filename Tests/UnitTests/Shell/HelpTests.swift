import Testing
import Text

@testable import Shell

/// `.help` and the texts of the tutorial.
@MainActor @Suite struct HelpTests {
    @Test func topicsAreNamedInTheOverviewAndFitATerminal() {
        #expect(Set(Topic.all.map(\.name)).count == Topic.all.count)
        let commands = Registry.specs.map(\.name)
        for topic in Topic.all {
            #expect(Help.overview.contains(".help \(topic.name)"))
            #expect(!commands.contains(topic.name), "\(topic.name) would hide a command")
            #expect(Topic.named(topic.name)?.text == topic.text && !topic.text.isEmpty)
            for line in topic.text.split(separator: "\n") { #expect(line.count <= 110, "\(topic.name): \(line)") }
        }
    }

    @Test(arguments: [("keys", "Ctrl-R"), ("CELLS", "%python"), (".mode", "FORMAT"), ("mode", "FORMAT")])
    func helpFinds(_ name: String, _ word: String) throws {
        let plain = (name.hasPrefix(".") ? String(name.dropFirst()) : name).lowercased()
        let text = try Topic.named(plain)?.text ?? Help.text(for: Registry.command(named: plain).spec)
        #expect(text.contains(word))
    }

    @Test func stepsHaveATextAndACell() {
        for step in Tutorial.steps { #expect(!step.text.isEmpty && !step.cell.isEmpty) }
    }
}
