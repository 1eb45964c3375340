import LocalWorkspace
import Support
import Testing
import Text

/// The status line, the terminal's title and its bell.
@Suite struct WaitingTests {
    @Test func saysHowFarTheStatementIsAndIsGoneAfterwards() async throws {
        try await withReplayShell { replay in
            replay.type("progress 1234567 61000000 40 12;")
            try await replay.shell.wait(for: "the numbers of the history") {
                $0.cursorLine.hasSuffix("s · RUNNING · 1,234,567 rows read · 61 MB · 12 tasks left")
            }
            #expect(replay.shell.screen.row == 1, "one row")
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelled")
            #expect(!replay.shell.screen.text.contains("RUNNING"))
            #expect(replay.requests("GET /api/2.0/sql/history/queries") >= 1)
        }
    }

    @Test func isCutToTheWindow() async throws {
        try await withReplayShell(columns: 40) { replay in
            replay.type("progress 1234567 61000000 40 12;")
            try await replay.shell.wait(for: "the numbers, as far as there is room") {
                $0.row == 2 && $0.cursorLine.hasSuffix("…") && $0.cursorLine.contains("RUNNING · 1,234")
                    && DisplayWidth.of($0.cursorLine) == 39
            }
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelled")
        }
    }

    /// Polls of a statement tell how long it has been running: at thirty the line would have been there for seconds.
    @Test func isNotThereWhereNobodyLooksNorIsTheHistoryAsked() async throws {
        let log = Journal<String>()
        try await withReplayWorkspace {
            $0.log = { log.append($0) }
        } _: { workspace, client in
            let home = try ScratchDirectory()
            async let run = ShellCommand(
                "\(ServedWorkspace.binary) --warehouse local -c 'progress 1 1 1 1'", in: home.path,
                environment: ["DATABRICKS_HOST": workspace.url, "DATABRICKS_TOKEN": workspace.token]
            ).run()
            let poll = "GET /api/2.0/sql/statements/"
            while log.entries.count(where: { $0.hasPrefix(poll) }) < 30 { await log.waitFor(log.entries.count + 1) }
            let line = try #require(log.entries.first { $0.hasPrefix(poll) })
            let id = line.dropFirst(poll.count).prefix { $0 != " " }
            _ = try await client.send("POST", "/api/2.0/sql/statements/\(id)/cancel")
            let result = try await run
            #expect(result.status == 1 && result.output == "")
            #expect(!result.errors.contains("RUNNING") && !result.errors.contains("\u{1B}"), "\(result.errors)")
            #expect(!log.entries.contains { $0.contains("/history/") })
        }
    }

    @Test func titleSaysWhatRunsAndTheOldOneComesBack() async throws {
        try await withReplayShell { replay in
            replay.type(".title on")
            replay.type("select 1;")
            try await replay.prompt(below: "│ 1      │")
            try await replay.shell.wait(for: "the title of rest") { $0.titles.last == "dbsh" }
            #expect(replay.shell.screen.titles.contains("dbsh: select 1;"))
            replay.type(".title off")
            try await replay.shell.wait(for: "the title of before") { $0.titles.last == "" }
            replay.type("select 2;")
            try await replay.prompt(below: "│ 2      │")
            #expect(!replay.shell.screen.titles.contains("dbsh: select 2;"))
            replay.type(".title on")
            replay.type("select 'a\u{7}b';")
            try await replay.shell.wait(for: "a title again") { $0.titles.last == "dbsh" }
            replay.type(".quit")
            #expect(try await replay.shell.exitStatus() == 0)
            #expect(replay.shell.screen.titles.last == "")
        }
    }

    @Test func bellRingsAfterLongCells() async throws {
        try await withReplayShell { replay in
            replay.type(".bell 600")
            replay.type("select 1;")
            try await replay.prompt(below: "│ 1      │")
            #expect(replay.shell.screen.bells == 0)
            replay.type(".bell 0")
            replay.type("select 2;")
            try await replay.prompt(below: "│ 2      │")
            try await replay.shell.wait(for: "the bell") { $0.bells >= 1 }
        }
    }
}
