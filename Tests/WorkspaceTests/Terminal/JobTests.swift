import Glibc
import LocalWorkspace
import Support
import Testing

/// Background jobs, as a person at a terminal meets them.
@Suite struct JobTests {
    @Test func endIsToldAboveTheLineBeingTyped() async throws {
        try await withReplayShell { replay in
            try replay.gate.shut()
            replay.type("wait for me;&")
            try await replay.prompt(below: "[1] ")
            replay.shell.send("select 'half a li")
            try await replay.shell.wait(for: "what is typed") { $0.cursorLine == "sql @local> select 'half a li" }
            replay.gate.open(for: 9)
            try await replay.shell.wait(for: "the notice above, and the line as it was") { screen in
                screen.cursorLine == "sql @local> select 'half a li"
                    && screen.lines[screen.row - 1].hasPrefix("[1] done · ")
                    && screen.lines[screen.row - 1].hasSuffix("· 1 row · wait for me · .result 1 shows it")
            }
            replay.shell.send("ne';\r")
            try await replay.prompt(below: "│ 'half  │")
            replay.type(".result 1")
            try await replay.prompt(below: "│ waited │")
        }
    }

    @Test func statementsRunSideBySideAndAreListedWaitedForAndCancelled() async throws {
        try await withReplayShell(columns: 120) { replay in
            replay.type("hang one;&")
            try await replay.prompt(below: "[1] ")
            replay.type(".bg hang two")
            try await replay.prompt(below: "[2] ")
            replay.type("select 3;")
            try await replay.prompt(below: "│ 3      │")
            replay.type(".jobs")
            try await replay.prompt(below: "│ hang one │", "│ hang two │")
            replay.type(".cancel")
            try await replay.prompt(below: "error: several jobs are running: 1, 2")
            replay.type(".wait 2")
            try await replay.shell.wait(for: "the wait") { $0.cursorLine.contains("job 2: hang two") }
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelled")
            #expect(replay.requests("POST /api/2.0/sql/statements/") == 0, "Ctrl-C ends the wait, not the job")
            replay.type(".cancel 1")
            try await replay.prompt(below: "[1] cancelled")
            #expect(replay.log.entries.filter { $0.contains("/cancel ") }.count == 1)
            replay.type(".result 1")
            try await replay.prompt(below: "job 1 was cancelled")
        }
    }

    /// `.watch` shows results, also those of a cell that ran in the background: it starts no further jobs.
    @Test func watchingABackgroundCellShowsItsResults() async throws {
        try await withReplayShell { replay in
            replay.type("select 7;&")
            try await replay.prompt(below: "[1] ")
            replay.type(".watch 0 2")
            try await replay.shell.wait(for: "two results, and the prompt") { screen in
                screen.cursorLine == ReplayShell.prompt && screen.lines.count { $0 == "│ 7      │" } == 2
            }
            #expect(!replay.shell.screen.text.contains("[2]"))
        }
    }

    @Test func leavingWithJobsAsksAndCancelsThem() async throws {
        try await withReplayShell { replay in
            replay.type("hang on;&")
            try await replay.prompt(below: "[1] ")
            replay.shell.send("\u{4}")
            try await replay.shell.wait(for: "the question") {
                $0.cursorLine.hasPrefix("1 job is running. Leave and cancel it?")
            }
            replay.type("n")
            try await replay.prompt()
            replay.type(".quit")
            try await replay.shell.wait(for: "the question") { $0.cursorLine.hasSuffix("[y/N]") }
            replay.type("y")
            #expect(try await replay.shell.exitStatus() == 0)
            #expect(replay.log.entries.filter { $0.contains("/cancel ") }.count == 1)
        }
    }

    @Test func cellsOfOneContextQueueBehindAJobAndSaySo() async throws {
        try await withReplayShell { replay in
            replay.type(".bg %python hang")
            try await replay.prompt(below: "[1] ")
            replay.type("%python 1+1")
            try await replay.shell.wait(for: "what it waits for") {
                $0.cursorLine.contains("job 1 runs in the same context")
            }
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelled")
            replay.type(".cancel")
            try await replay.prompt(below: "[1] cancelled")
            replay.type("%python 1+1")
            try await replay.prompt(below: "2")
        }
    }

    @Test func scriptPrintsIdsAndFailsWithItsJobs() async throws {
        try await withReplayWorkspace { workspace, _ in
            let home = try ScratchDirectory()
            let environment = [
                "PATH": "/usr/bin:/bin", "DATABRICKS_HOST": workspace.url, "DATABRICKS_TOKEN": workspace.token,
            ]
            let run = "\(ServedWorkspace.binary) --warehouse local"
            let good = try await ShellCommand(
                "\(run) -c 'select 1;&' -c '.result 1'", in: home.path, environment: environment
            ).run()
            #expect(good.status == 0)
            #expect(good.output.split(separator: "\n").dropFirst() == ["x", "1"])
            let bad = try await ShellCommand("\(run) -c 'nonsense;&'", in: home.path, environment: environment).run()
            #expect(bad.status == 1)
        }
    }
}
