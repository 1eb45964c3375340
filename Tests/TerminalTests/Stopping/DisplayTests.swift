import Support
import Testing

/// A cell that shows several tables.
@Suite struct DisplayTests {
    /// The Command Execution API answers with one table, whatever else the cell has shown.
    @Test(arguments: [(80, 24), (120, 40)]) func thatTheServiceReturnsOneTableIsSaid(
        _ columns: Int, _ rows: Int
    ) async throws {
        let python = "python @dev>"
        let shell = try await ScriptedShell.open(["-l", "python"], columns: columns, rows: rows, prompt: python)
        shell.type("show = [display(frame), display(other)]")
        let said = "display() stands here 2 times, and the service returns one table"
        try await shell.prompt(below: "│      7 │", said, prompt: python)
        #expect(shell.pty.screen.lines.contains { $0.hasPrefix(said) }, "\(shell.pty.screen.text)")
        shell.pty.send("\u{0C}")
        try await shell.wait(for: "an empty screen") { $0.lines.filter { !$0.isEmpty } == [python] }
        // A comment shows nothing.
        shell.type("show = display(frame)  # not display(other)")
        try await shell.prompt(below: "│      7 │", prompt: python)
        #expect(!shell.pty.screen.text.contains("the service returns"), "\(shell.pty.screen.text)")
    }
}
