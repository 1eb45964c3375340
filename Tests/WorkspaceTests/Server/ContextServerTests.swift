import Testing

@testable import LocalWorkspace

/// Execution contexts and commands.
@Suite(.timeLimit(.minutes(10)))
struct ContextServerTests {
    @Test(arguments: [("python", "python:x"), ("r", "r:x")])
    func commandsRunInTheContextsProcess(language: String, data: String) async throws {
        try await withReplayWorkspace { _, client in
            let context = try await client.context()
            let results = try await client.run("x", language, in: context)
            #expect(results == ["resultType": "text", "data": .string(data)])
        }
    }

    @Test(arguments: ["sql", "scala"])
    func otherCommandsRunInTheEngine(language: String) async throws {
        try await withReplayWorkspace { _, client in
            let context = try await client.context()
            let results = try await client.run("show tables", language, in: context)
            #expect(results["resultType"] == "table")
            #expect(results["data"] == [["tables"]])
            let failed = try await client.run("fail badly", language, in: context)
            #expect(failed["resultType"] == "error")
            #expect(failed["summary"] == "badly")
        }
    }

    @Test func pythonAnswersBeforeTheEngineIsUp() async throws {
        try await withGatedWorkspace { _, client, gate in
            _ = try await client.cluster(becomes: "PENDING")
            let context = try await client.context()
            #expect(try await client.run("1+1", in: context)["data"] == "2")
            #expect(try await client.run("gateway", in: context)["data"] == "null")
            gate.say("ready")
            _ = try await client.cluster(becomes: "RUNNING")
            let gateway = try await client.run("gateway", in: context)["data"]?.string
            #expect(try JSON(parsing: Array(try #require(gateway).utf8))["secret"] == "gateway-secret")
        }
    }

    @Test func commandsOfOneContextRunInTurnAndThoseOfTwoSideBySide() async throws {
        try await withReplayWorkspace { _, client in
            let one = try await client.context()
            let other = try await client.context()
            let first = try await client.command("hang", in: one)
            let second = try await client.command("1+1", in: one)
            _ = try await client.commandStatus(first, in: one, becomes: ["Running"])
            #expect(try await client.run("1+1", in: other)["data"] == "2")
            let waiting = try await client.commandStatus(second, in: one, becomes: ["Queued", "Finished"])
            #expect(waiting["status"] == "Queued")
            #expect(waiting["results"] == .null)
            #expect(try await client.cancelCommand(first, in: one).status == 200)
            let done = try await client.commandStatus(second, in: one, becomes: ["Finished"])
            #expect(done["results"]?["data"] == "2")
        }
    }

    @Test(arguments: ["python", "sql", "scala"])
    func cancellingAnswersAtOnce(language: String) async throws {
        try await withReplayWorkspace { _, client in
            _ = try await client.cluster(becomes: "RUNNING")
            let context = try await client.context()
            let id = try await client.command("hang", language, in: context)
            _ = try await client.commandStatus(id, in: context, becomes: ["Running"])
            #expect(try await client.cancelCommand(id, in: context).json["id"] == .string(id))
            let status = try await client.commandStatus(id, in: context, becomes: ["Cancelled"])
            #expect(status["results"]?["cause"]?.string?.contains("CommandCancelledException") == true)
            // The session is alive, and what the process said late changed nothing.
            #expect(try await client.run("show x", language, in: context)["resultType"] != "error")
            _ = try await client.commandStatus(id, in: context, becomes: ["Cancelled"])
        }
    }

    @Test func aWaitingCommandCanBeCancelled() async throws {
        try await withReplayWorkspace { _, client in
            let context = try await client.context()
            let first = try await client.command("hang", in: context)
            let second = try await client.command("die", in: context)
            _ = try await client.cancelCommand(second, in: context)
            _ = try await client.commandStatus(second, in: context, becomes: ["Cancelled"])
            _ = try await client.cancelCommand(first, in: context)
            #expect(try await client.run("1+1", in: context)["data"] == "2")
        }
    }

    @Test(arguments: [("die", "signal 9"), ("exit 3", "status 3")])
    func aDeadProcessIsAFailedCommandAndALostContext(code: String, how: String) async throws {
        try await withReplayWorkspace { workspace, client in
            let context = try await client.context()
            let other = try await client.context()
            let first = try await client.command("hang", in: context)
            let running = try await client.command(code, in: context)
            let waiting = try await client.command("1+1", in: context)
            _ = try await client.cancelCommand(first, in: context)
            let failed = try await client.commandStatus(running, in: context, becomes: ["Finished"])["results"]
            #expect(failed?["resultType"] == "error")
            #expect(failed?["summary"]?.string?.contains(how) == true)
            let unrun = try await client.commandStatus(waiting, in: context, becomes: ["Finished"])["results"]
            #expect(unrun?["summary"]?.string?.hasPrefix("Not run") == true)
            _ = try await client.contextStatus(context, becomes: "Error")
            let refused = try await client.send(
                "POST", "/api/1.2/commands/execute",
                [
                    "clusterId": .string(workspace.clusterID), "contextId": .string(context), "language": "python",
                    "command": "1+1",
                ])
            #expect(refused.status == 500)
            #expect(refused.json["error"]?.string?.hasPrefix("ContextNotFoundException: ") == true)
            // Nobody else notices.
            #expect(try await client.run("1+1", in: other)["data"] == "2")
            #expect(try await client.statement("select 1")["status"]?["state"] == "SUCCEEDED")
        }
    }

    @Test func aDestroyedContextIsGone() async throws {
        try await withReplayWorkspace { workspace, client in
            let context = try await client.context()
            let body: JSON = ["clusterId": .string(workspace.clusterID), "contextId": .string(context)]
            #expect(try await client.send("POST", "/api/1.2/contexts/destroy", body).status == 200)
            #expect(try await client.send("POST", "/api/1.2/contexts/destroy", body).status == 500)
        }
    }

    @Test func aClusterThatDoesNotRunTakesNoContext() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let answer = try await client.send(
                "POST", "/api/1.2/contexts/create",
                ["clusterId": .string(workspace.clusterID), "language": "python"])
            #expect(answer.status == 500)
            let message =
                "IllegalStateException: Cluster \(workspace.clusterID) is not in a usable state (currently Terminated)"
            #expect(answer.json == ["error": .string(message)])
        }
    }

    @Test func whatIsUnknownIsAnErrorInTheFormOf12() async throws {
        try await withReplayWorkspace { workspace, client in
            let cluster = workspace.clusterID
            let context = try await client.context()
            let answers = [
                try await client.send("GET", "/api/1.2/contexts/status?clusterId=\(cluster)&contextId=1"),
                try await client.send("GET", "/api/1.2/contexts/status?clusterId=x&contextId=\(context)"),
                try await client.send(
                    "GET", "/api/1.2/commands/status?clusterId=\(cluster)&contextId=\(context)&commandId=1"),
                try await client.send(
                    "POST", "/api/1.2/contexts/create", ["clusterId": .string(cluster), "language": "cobol"]),
                try await client.cancelCommand("1", in: context),
            ]
            for answer in answers {
                #expect(answer.status == 500)
                #expect(answer.json["error"]?.string?.contains("Exception: ") == true)
                #expect(answer.json["error_code"] == nil)
            }
        }
    }
}
