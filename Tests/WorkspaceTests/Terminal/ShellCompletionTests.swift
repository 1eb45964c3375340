import Glibc
import Support
import Testing

/// Tab behind commands of clusters.
@Suite struct ShellCompletionTests {
    @Test func clustersThatCanStartAndCommandsNearby() async throws {
        try await withReplayShell(environment: ["NO_COLOR": "1"]) { replay in
            replay.type(".clusters")
            try await replay.prompt(below: "│ local ")
            replay.shell.send(".clu\t")
            try await replay.shell.wait(for: "what both begin with") { $0.cursorLine == "sql @local> .cluster" }
            replay.shell.send(" terminate loc\t")
            try await replay.shell.wait(for: "the cluster that runs") {
                $0.cursorLine.hasSuffix(".cluster terminate local")
            }
            replay.shell.send("\u{3}.cluster start loc\t!")
            try await replay.shell.wait(for: "nothing that could start") {
                $0.cursorLine.hasSuffix(".cluster start loc!")
            }
        }
    }

    @Test func clustersAreOfferedByTheirStateAndQuoted() async throws {
        let server = try FaultServer()
        server.on(
            "GET", "/api/2.1/clusters/list",
            .json(
                #"{"clusters":[{"cluster_id":"0101-000000-a","cluster_name":"dev's own","state":"TERMINATED"},"#
                    + #"{"cluster_id":"0101-000000-b","cluster_name":"dev up","state":"RUNNING"}]}"#))
        let shell = try PtySession(
            program: ServedWorkspace.binary, arguments: ["-q"],
            environment: ["DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t", "NO_COLOR": "1"], columns: 100)
        try await shell.wait(for: "the prompt") { $0.cursorLine == "sql>" }
        shell.send(".clusters\r")
        try await shell.wait(for: "the list") { $0.text.contains("│ dev up ") && $0.cursorLine == "sql>" }
        for (command, typed, name) in [
            ("terminate", "", "'dev up'"), ("start", "", #"'dev'\''s own'"#), ("start", "de", #"'dev'\''s own'"#),
            ("terminate", "de", "'dev up'"), ("restart", "'dev u", "'dev up'"),
            ("start", #"dev\'s\ o"#, #"'dev'\''s own'"#), ("get", "0101-000000-b", "0101-000000-b"),
        ] {
            shell.send(".cluster \(command) \(typed)\t")
            try await shell.wait(for: "the one it can be done to") {
                $0.cursorLine == "sql> .cluster \(command) \(name)"
            }
            shell.send("\u{3}")
            try await shell.wait(for: "an empty line") { $0.cursorLine == "sql>" }
        }
    }
}
