import Glibc
import Support
import Testing

/// Tab against a server that takes its time: keys never wait for it.
@Suite struct ShellCompletionTests {
    @Test func namesThatAreNotThereYetAreThereAtTheNextTab() async throws {
        try await withReplayShell(environment: ["NO_COLOR": "1"]) { replay in
            replay.type("select 1;")
            try await replay.prompt(below: "│ 1      │")
            try replay.gate.shut()
            replay.type("ddl create table orders;")
            try await replay.prompt()
            // The shell asks for tables now, and the server holds the answer back.
            replay.shell.send("select * from ord\t")
            replay.shell.send("x")
            try await replay.shell.wait(for: "the key after Tab, while the server is silent") {
                $0.cursorLine == "sql @local> select * from ordx"
            }
            replay.shell.send("\u{8}")
            replay.gate.open(for: 9)
            try await replay.shell.wait(for: "the same line") { $0.cursorLine == "sql @local> select * from ord" }
            // Each Tab that comes too early changes nothing.
            var isThere = false
            while !isThere {
                let count = replay.log.entries.count
                replay.shell.send("\t")
                isThere = replay.shell.screen.cursorLine == "sql @local> select * from orders"
                if !isThere { await replay.log.waitFor(count + 1) }
            }
        }
    }

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
}
