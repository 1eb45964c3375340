import Glibc
import System
import Testing

@testable import LocalWorkspace

/// Processes die, and are ended.
@Suite(.timeLimit(.minutes(10)))
struct SupervisionServerTests {
    @Test func anEngineThatDiesIsReportedAndStartedAgain() async throws {
        try await withReplayWorkspace { workspace, client in
            _ = try await client.cluster(becomes: "RUNNING")
            let context = try await client.context()
            let hanging = try #require(try await client.statement("hang", wait: "0s")["statement_id"]?.string)
            _ = try await client.statement(hanging, becomes: "RUNNING")
            let dying = try await client.statement("die now")
            for status in [dying["status"], try await client.statement(hanging, becomes: "FAILED")["status"]] {
                #expect(status?["state"] == "FAILED")
                #expect(status?["error"]?["message"]?.string?.contains("status 9") == true)
            }
            _ = try await client.contextStatus(context, becomes: "Error")
            _ = try await client.cluster(becomes: "RUNNING")
            #expect(try await client.statement("select 1")["status"]?["state"] == "SUCCEEDED")
            let events = try await client.send(
                "POST", "/api/2.1/clusters/events",
                ["cluster_id": .string(workspace.clusterID), "order": "ASC"])
            let types = events.json["events"]?.elements?.compactMap { $0["type"]?.string } ?? []
            #expect(types.contains("DRIVER_UNAVAILABLE"))
            #expect(types.last == "RUNNING")
        }
    }

    @Test func anEngineThatDoesNotBootIsAnError() async throws {
        try await withGatedWorkspace { _, client, gate in
            let pending = try #require(try await client.statement("select 1", wait: "0s")["statement_id"]?.string)
            gate.say("fail no memory left")
            let cluster = try await client.cluster(becomes: "ERROR")
            #expect(cluster["state_message"]?.string?.contains("no memory left") == true)
            #expect(cluster["termination_reason"]?["code"] == "SPARK_ERROR")
            let warehouse = try await client.warehouse(becomes: "STOPPED")
            #expect(warehouse["health"]?["status"] == "FAILED")
            #expect(warehouse["health"]?["details"]?.string?.contains("no memory left") == true)
            let failed = try await client.statement(pending, becomes: "FAILED")
            #expect(failed["status"]?["error"]?["error_code"] == "INTERNAL_ERROR")
            // It can be started again.
            _ = try await client.send("POST", client.warehouseTarget + "/start", [:])
            gate.say("ready")
            let running = try await client.warehouse(becomes: "RUNNING")
            #expect(running["health"]?["status"] == "HEALTHY")
        }
    }

    @Test func aProgramThatIsNotThereIsAnError() async throws {
        try await withReplayWorkspace { options in
            options.engine.python = "/nonexistent/python"
        } _: { _, client in
            let cluster = try await client.cluster(becomes: "ERROR")
            #expect(cluster["state_message"]?.string?.contains("/nonexistent/python") == true)
        }
    }

    @Test func anEngineThatKeepsDyingIsGivenUp() async throws {
        try await withReplayWorkspace { _, client in
            for _ in 0..<EngineLifeCycle.crashLimit {
                #expect(try await client.statement("die now")["status"]?["state"] == "FAILED")
            }
            let cluster = try await client.cluster(becomes: "ERROR")
            #expect(cluster["state_message"]?.string?.contains("again and again") == true)
        }
    }

    @Test func stoppingLeavesNothingRunning() async throws {
        let grandchild = try await withReplayWorkspace { _, client in
            let context = try await client.context()
            return try await client.run("spawn", in: context)["data"]?.string
        }
        #expect(isGone(try #require(grandchild.flatMap { pid_t($0) })))
    }

    @Test func theGuardEndsWhatIsLeft() async throws {
        let guardian = try ProcessGuard()
        let child = try ChildProcess(
            .shell("sleep 600 & echo $!; exec sleep 600"), log: "/dev/null", guardian: guardian)
        var grandchild: pid_t?
        for await event in child.events {
            switch event {
            case .line(let line):
                grandchild = pid_t(String(decoding: line, as: UTF8.self))
                // What the kernel does when this process ends: the guard's socket is closed.
                guardian.stop()
            case .ended(let reason): #expect(reason == .signalled(SIGKILL))
            }
        }
        #expect(isGone(try #require(grandchild)))
    }

    /// A child that is reaped later than its guard has ended writes nothing into the sockets opened since, of which the first
    /// has the number that the guard's had.
    @Test func aGuardThatHasEndedIsToldNothing() throws {
        let guardian = try ProcessGuard()
        guardian.stop()
        let pairs = (0..<8).map { _ in
            var pair: [Int32] = [-1, -1]
            #expect(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0)
            return pair
        }
        defer { pairs.joined().forEach { close($0) } }
        guardian.forget(1)
        for descriptor in pairs.joined() {
            var byte: UInt8 = 0
            #expect(recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == -1)
        }
    }

    @Test func dataOutlivesTheServerUnlessEphemeral() async throws {
        let gate = try BootGate()
        var options = LocalWorkspace.Options(dataDirectory: gate.directory, engine: ReplayEngine.installation)
        options.autostart = false
        // Left behind by a server that was killed: its lock is held by nobody.
        try Files.makeDirectory(gate.directory + "/run/abandoned")
        close(open(gate.directory + "/run/abandoned/lock", O_CREAT | O_RDWR, 0o600))
        let first = try await LocalWorkspace.start(options)
        let second = try await LocalWorkspace.start(options)
        #expect(Files.names(in: gate.directory + "/run").count == 2)
        await first.stop()
        await second.stop()
        #expect(Files.names(in: gate.directory + "/run").isEmpty)
        #expect(Files.names(in: gate.directory).contains("logs"))
    }

    @Test func theEngineSeesNoCredentialsOfOtherWorkspaces() async throws {
        setenv("DATABRICKS_SECRET_FOR_THIS_TEST", "x", 1)
        setenv("DBSH_VISIBLE_FOR_THIS_TEST", "y", 1)
        try await withReplayWorkspace { _, client in
            let hidden = try await client.statement("environment DATABRICKS_SECRET_FOR_THIS_TEST")
            #expect(hidden["result"]?["data_array"] == [[nil]])
            let visible = try await client.statement("environment DBSH_VISIBLE_FOR_THIS_TEST")
            #expect(visible["result"]?["data_array"] == [["y"]])
        }
    }

    @Test func serveSaysHowToConnect() async throws {
        let gate = try BootGate()
        var options = LocalWorkspace.Options(dataDirectory: gate.directory, engine: ReplayEngine.installation)
        options.autostart = false
        options.token = "chosen-token"
        var lines: [String] = []
        let shown = try await LocalWorkspace.serve(options) { lines.append($0) }
        await shown.stop()
        #expect(lines[0].contains(shown.url))
        #expect(lines.contains("export DATABRICKS_HOST=\(shown.url)"))
        #expect(lines.contains("export DATABRICKS_TOKEN=chosen-token"))
        lines = []
        let file = gate.directory + "/token"
        let hidden = try await LocalWorkspace.serve(options, tokenFile: file) { lines.append($0) }
        await hidden.stop()
        #expect(!lines.joined().contains("chosen-token"))
        #expect(try Files.read(file) == Array("chosen-token\n".utf8))
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    /// Whether no process has this id. An orphan is reaped by init a moment after it was killed: a zombie counts as
    /// gone.
    private func isGone(_ pid: pid_t) -> Bool {
        guard kill(pid, 0) == 0 else { return true }
        let status = (try? Files.read("/proc/\(pid)/stat")).map { String(decoding: $0, as: UTF8.self) } ?? ") Z"
        return status.split(separator: ")").last?.hasPrefix(" Z") ?? true
    }
}
