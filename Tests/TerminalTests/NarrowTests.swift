import Support
import Testing

/// Questions and remarks that are longer than the window is wide.
@Suite struct NarrowTests {
    /// The words of the screen: a word that was broken at the edge would be two.
    private func words(_ screen: ScreenEmulator) -> String { screen.lines.joined(separator: " ") }

    @Test(arguments: [40, 52]) func wordsAreNotBroken(_ columns: Int) async throws {
        let workspace = try ScriptedWorkspace()
        workspace.change { $0.warehouseState = "STOPPED" }
        let shell = try await ScriptedShell.open(at: workspace, columns: columns)
        shell.type(".tables hive_metastore.default")
        try await shell.wait(for: "the question") { $0.cursorLine.hasSuffix("[y/N]") }
        let asked = words(shell.pty.screen).split(separator: " ").joined(separator: " ")
        #expect(asked.hasSuffix("and warehouse starter is stopped. Start it? [y/N]"), "\(asked)")
        // The answer stands behind the question.
        shell.pty.send("no")
        try await shell.wait(for: "the answer") { $0.cursorLine.hasSuffix("[y/N] no") }
        shell.pty.resize(columns: columns + 5, rows: 24)
        try await shell.wait(for: "the question in a wider window") { $0.cursorLine.hasSuffix("[y/N] no") }
        shell.type("")
        try await shell.prompt(below: "error: ")
        shell.type("\\pset border 2")
        try await shell.prompt(below: ".mode says how results are drawn")
        #expect(words(shell.pty.screen).contains("what stands for NULL"))
    }
}
