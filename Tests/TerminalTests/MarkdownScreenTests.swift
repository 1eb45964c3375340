import Support
import Testing

/// Markdown cells at a terminal.
@Suite struct MarkdownScreenTests {
    private static let notebook = """
        # Databricks notebook source
        # MAGIC %md
        # MAGIC # A heading
        # MAGIC
        # MAGIC Some **bold** and *slanted* text with `code`, long enough that it has to be wrapped at the right edge of a window.
        # MAGIC
        # MAGIC - one
        # MAGIC - two
        # MAGIC   1. deep
        # MAGIC
        # MAGIC | name | count |
        # MAGIC |:-----|------:|
        # MAGIC | a    | 12    |
        # MAGIC | 漢字   | 3     |
        # MAGIC
        # MAGIC ```python
        # MAGIC print("x")   # kept
        # MAGIC ```

        """

    @Test(arguments: [(80, 24, true), (80, 24, false), (120, 40, true)])
    func isDrawn(_ columns: Int, _ rows: Int, _ hasColors: Bool) async throws {
        let shell = try await ScriptedShell.open(
            environment: ["NO_COLOR": hasColors ? "" : "1"], columns: columns, rows: rows)
        try shell.pty.home.write(Self.notebook, to: "doc.py")
        shell.type("%run ./doc.py")
        try await shell.prompt(below: "    print(\"x\")   # kept")
        let screen = shell.pty.screen
        // Running text is no wider than is easy to read; without colours what is bold and code keeps its marks.
        let start = hasColors ? "Some bold and slanted text with code, " : "Some *bold* and slanted text with `code`, "
        let end = columns > 80 ? " at the right edge of a\nwindow." : hasColors ? " at\nthe right" : "\nat the right"
        let rest = columns > 80 ? "" : " edge of a window."
        let expected = start + "long enough that it has to be wrapped" + end + rest
        #expect(
            screen.text.contains(
                """
                A heading
                ═════════

                \(expected)

                • one
                • two
                  1. deep

                ┌──────┬───────┐
                │ name │ count │
                ├──────┼───────┤
                │ a    │    12 │
                │ 漢字 │     3 │
                └──────┴───────┘

                    print("x")   # kept
                """))
        let row = try #require(screen.lines.firstIndex { $0.hasPrefix("Some ") })
        #expect(screen.look(row, 5).isBold == hasColors && !screen.look(row, 0).isBold)
        let heading = try #require(screen.lines.firstIndex { $0 == "A heading" })
        #expect(screen.look(heading, 0).isBold == hasColors)
    }
}
