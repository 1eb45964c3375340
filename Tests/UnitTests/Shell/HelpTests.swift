import Testing
import Text

@testable import Shell

/// `.help` and the texts of the tutorial.
@MainActor @Suite struct HelpTests {
    @Test func topicsAreNamedInTheOverview() {
        #expect(Set(Topic.all.map(\.name)).count == Topic.all.count)
        let commands = Registry.specs.map(\.name)
        for topic in Topic.all {
            #expect(Help.overview.contains(".help \(topic.name)"))
            #expect(!commands.contains(topic.name), "\(topic.name) would hide a command")
            #expect(Topic.named(topic.name)?.text == topic.text && !topic.text.isEmpty)
        }
    }

    /// `.help` and `dbsh help` ask the same: a command's dot may be left out.
    @Test(arguments: [
        ("keys", "Ctrl-R"), ("CELLS", "%python"), (".mode", "FORMAT"), ("mode", "FORMAT"), ("%run", "script"),
    ])
    func helpFinds(_ name: String, _ word: String) throws {
        #expect(try #require(Help.text(about: name)).contains(word))
        #expect(Help.text(about: name + "x") == nil)
    }

    @Test func stepsHaveATextAndACell() {
        for step in Tutorial.steps { #expect(!step.text.isEmpty && !step.cell.isEmpty) }
    }
}
