import Glibc
import Support
import Testing

@testable import LocalWorkspace

/// Ctrl-C and the ways out, judged by the screen and by the server's log.
@Suite struct StoppingTests {
    @Test func statementIsCancelledAndTheSessionGoesOn() async throws {
        try await withReplayShell { replay in
            replay.type("hang there;")
            try await replay.shell.wait(for: "the status line") { $0.cursorLine.hasSuffix("RUNNING") }
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelling ", "cancelled ")
            #expect(replay.log.entries.filter { $0.contains("/cancel ") }.count == 1)
            replay.type("select still;")
            try await replay.prompt(below: "│ still  │")
        }
    }

    @Test func commandIsCancelledAndItsContextStays() async throws {
        try await withReplayShell { replay in
            replay.type("%python hang")
            try await replay.shell.wait(for: "the status line") { $0.cursorLine.uppercased().hasSuffix("RUNNING") }
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelled ")
            #expect(replay.requests("POST /api/1.2/commands/cancel") == 1)
            replay.type("%python 1+1")
            try await replay.prompt(below: "2")
            #expect(replay.requests("POST /api/1.2/contexts/create") == 1)
        }
    }

    @Test func secondCtrlCDetachesAndNamesWhatMayStillRun() async throws {
        // A cluster that does not react to being asked.
        let server = try FaultServer()
        server.on(
            "GET", "/api/2.1/clusters/get",
            .json(#"{"cluster_id":"0101-000000-deaf0001","cluster_name":"c","state":"RUNNING"}"#))
        server.on("POST", "/api/1.2/contexts/create", .json(#"{"id":"77"}"#))
        server.on("GET", "/api/1.2/contexts/status", .json(#"{"id":"77","status":"Running"}"#))
        server.on("POST", "/api/1.2/commands/execute", .json(#"{"id":"c0ffee"}"#))
        server.on("GET", "/api/1.2/commands/status", .json(#"{"id":"c0ffee","status":"Running"}"#))
        server.on("POST", "/api/1.2/commands/cancel", .json("{}"))
        server.on("POST", "/api/1.2/contexts/destroy", .json("{}"))
        let shell = try PtySession(
            program: ServedWorkspace.binary, arguments: ["-q", "-l", "python", "--cluster", "0101-000000-deaf0001"],
            environment: ["DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t"], columns: 90)
        try await shell.wait(for: "the prompt") { $0.cursorLine.hasPrefix("python @") }
        shell.send("deaf()\r")
        try await shell.wait(for: "the status line") { $0.cursorLine.uppercased().hasSuffix("RUNNING") }
        shell.send("\u{3}")
        try await shell.wait(for: "that it cancels") { $0.text.contains("cancelling c0ffee …") }
        shell.send("\u{3}")
        try await shell.wait(for: "what may still run, and the prompt") { screen in
            screen.text.contains("error: left before the cancel was confirmed\n  → c0ffee may still be running")
                && screen.cursorLine.hasPrefix("python @")
        }
        shell.send("\u{4}")
        #expect(try await shell.exitStatus() == 0)
        #expect(server.log.entries.contains { $0.path == "/api/1.2/contexts/destroy" })
    }

    @Test func failingCellTypedAheadDoesNotMeetTheCtrlC() async throws {
        try await withReplayShell { replay in
            replay.type("hang 1;")
            try await replay.shell.wait(for: "the status line") { $0.cursorLine.hasSuffix("RUNNING") }
            replay.shell.send("\u{3}")
            try await replay.prompt(below: "cancelled ")
            replay.shell.send("\u{3}")
            try await replay.prompt()
            replay.type("select after;")
            try await replay.prompt(below: "│ after  │")
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func signalsDestroyTheContextAndCancelJobs(_ signal: Int32) async throws {
        try await withReplayShell { replay in
            replay.type("%python 1+1")
            try await replay.prompt(below: "2")
            replay.type("hang on;&")
            try await replay.prompt(below: "[1] ")
            replay.shell.signal(signal)
            #expect(try await replay.shell.exitStatus() == 128 + signal)
            #expect(replay.requests("POST /api/1.2/contexts/destroy") == 1)
            #expect(replay.log.entries.filter { $0.contains("/cancel ") }.count == 1)
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func signalsWhileACellRunsDoToo(_ signal: Int32) async throws {
        try await withReplayShell { replay in
            replay.type("%python hang")
            try await replay.shell.wait(for: "the status line") { $0.cursorLine.uppercased().hasSuffix("RUNNING") }
            replay.shell.signal(signal)
            #expect(try await replay.shell.exitStatus() == 128 + signal)
            #expect(replay.requests("POST /api/1.2/commands/cancel") == 1)
            #expect(replay.requests("POST /api/1.2/contexts/destroy") == 1)
        }
    }

    @Test func lostContextIsSaidAndReplaced() async throws {
        try await withReplayShell { replay in
            replay.type("%python 1+1")
            try await replay.prompt(below: "2")
            // Somebody else restarts the cluster.
            let cluster = replay.client.workspace.clusterID
            let body: JSON = ["cluster_id": .string(cluster)]
            #expect(try await replay.client.send("POST", "/api/2.1/clusters/restart", body).status == 200)
            _ = try await replay.client.cluster(becomes: "RUNNING")
            replay.type("%python anew")
            try await replay.shell.wait(for: "the cell, offered again") { screen in
                screen.cursorLine == ReplayShell.prompt + " %python anew"
                    && ["error: the context is lost", "nothing was run again"].allSatisfy(screen.text.contains)
            }
            replay.type("")
            try await replay.prompt(below: "python:anew")
            #expect(replay.requests("POST /api/1.2/contexts/create") == 2)
        }
    }

    @Test func resumeFindsTheContextOfAKilledSession() async throws {
        let state = try ScratchDirectory()
        let environment = ["XDG_STATE_HOME": state.path]
        try await withReplayShell(environment: environment) { replay in
            replay.type("%python 1+1")
            try await replay.prompt(below: "2")
            replay.shell.signal(SIGKILL)
            #expect(try await replay.shell.exitStatus() == 128 + SIGKILL)
            let second = try ReplayShell.open(replay.client.workspace, ["--resume"], environment)
            try await second.wait(for: "the resumed context") {
                $0.text.contains("resumed context ") && $0.cursorLine == ReplayShell.prompt
            }
            second.send("%python 1+1\r")
            try await second.wait(for: "the result") { $0.lines.contains("2") && $0.cursorLine == ReplayShell.prompt }
            #expect(replay.requests("POST /api/1.2/contexts/create") == 1)
            second.send("\u{4}")
            #expect(try await second.exitStatus() == 0)
            #expect(replay.requests("POST /api/1.2/contexts/destroy") == 1)
            let third = try ReplayShell.open(replay.client.workspace, ["--resume"], environment)
            try await third.wait(for: "that there is nothing") { $0.text.contains("there is no session to resume") }
        }
    }
}
