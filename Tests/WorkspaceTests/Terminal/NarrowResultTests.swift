import Support
import Testing

/// Results in a window that is narrower, or wider, than most.
@Suite struct NarrowResultTests {
    /// An id can be copied from any window.
    @Test(arguments: [(40, 24), (80, 24), (120, 40)]) func idsAreInOnePiece(_ columns: Int, _ rows: Int) async throws {
        try await withReplayShell(columns: columns, rows: rows, isQuiet: false) { replay in
            replay.type("select 1;")
            try await replay.prompt(below: "1 row · ")
            replay.type(".last --id")
            try await replay.shell.wait(for: "the id") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.lines[screen.row - 1].count == 36
            }
            let id = replay.shell.screen.lines[replay.shell.screen.row - 1]
            for command in [".status", ".mode box\r.status", ".mode vertical\r.queries"] {
                replay.shell.send("\u{0C}")
                try await replay.shell.wait(for: "an empty window") {
                    $0.row == 0 && $0.cursorLine == ReplayShell.prompt
                }
                replay.type(command)
                try await replay.prompt(below: id)
            }
        }
    }
}
