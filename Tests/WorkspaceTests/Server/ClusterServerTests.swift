import Testing

@testable import LocalWorkspace

/// The Clusters API.
@Suite(.timeLimit(.minutes(10)))
struct ClusterServerTests {
    private func post(_ client: TestClient, _ verb: String, version: String = "2.1") async throws -> TestClient.Answer {
        try await client.send(
            "POST", "/api/\(version)/clusters/\(verb)", ["cluster_id": .string(client.workspace.clusterID)])
    }

    @Test func aClusterBootsStepByStep() async throws {
        try await withGatedWorkspace(autostart: false) { _, client, gate in
            #expect(try await client.send("GET", client.clusterTarget).json["state"] == "TERMINATED")
            #expect(try await post(client, "start").json == [:])
            var cluster = try await client.cluster(becomes: "PENDING")
            #expect(cluster["state_message"]?.string?.contains("Java") == true)
            gate.say("jvm")
            cluster = try await client.poll(client.clusterTarget) {
                $0.json["state_message"]?.string?.contains("Spark") == true
            }.json
            #expect(cluster["state"] == "PENDING")
            gate.say("session")
            gate.say("ready")
            cluster = try await client.cluster(becomes: "RUNNING")
            #expect(cluster["state_message"] == "")
            #expect(cluster["start_time"]?.integer ?? 0 > 0)
        }
    }

    @Test func restartingIsANewEngineWhenNobodyElseUsesIt() async throws {
        try await withGatedWorkspace(autostart: false) { _, client, gate in
            _ = try await post(client, "start")
            gate.say("ready")
            _ = try await client.cluster(becomes: "RUNNING")
            #expect(try await post(client, "restart").json == [:])
            _ = try await client.cluster(becomes: "RESTARTING")
            // It comes back only when the second boot is let through.
            gate.say("ready")
            let cluster = try await client.cluster(becomes: "RUNNING")
            #expect(cluster["last_restarted_time"]?.integer ?? 0 > 0)
        }
    }

    @Test func restartingLeavesTheWarehouseAlone() async throws {
        try await withReplayWorkspace { _, client in
            _ = try await client.cluster(becomes: "RUNNING")
            let session = try await client.send(
                "POST", "/api/2.0/sql/sessions", ["warehouse_id": .string(client.workspace.warehouseID)]
            ).json["session_id"]
            _ = try await client.statement("ddl kept", ["session_id": try #require(session)])
            let context = try await client.context()
            #expect(try await post(client, "restart").status == 200)
            _ = try await client.cluster(becomes: "RUNNING")
            #expect(try await client.send("GET", client.warehouseTarget).json["state"] == "RUNNING")
            let recalled = try await client.statement("recall", ["session_id": try #require(session)])
            #expect(recalled["result"]?["data_array"] == [["ddl kept"]])
            // The contexts are gone, as with any restart.
            let target = "/api/1.2/contexts/status?clusterId=\(client.workspace.clusterID)&contextId=\(context)"
            #expect(try await client.send("GET", target).status == 500)
        }
    }

    @Test func terminatingKeepsTheConfiguration() async throws {
        try await withReplayWorkspace { workspace, client in
            _ = try await client.cluster(becomes: "RUNNING")
            #expect(try await post(client, "delete").json == [:])
            let cluster = try await client.cluster(becomes: "TERMINATED")
            #expect(cluster["termination_reason"]?["code"] == "USER_REQUEST")
            #expect(cluster["termination_reason"]?["type"] == "SUCCESS")
            // Twice is no error.
            #expect(try await post(client, "delete").status == 200)
            #expect(try await post(client, "start").status == 200)
            _ = try await client.cluster(becomes: "RUNNING")
        }
    }

    @Test func whatDoesNotFitTheStateIsRefused() async throws {
        try await withGatedWorkspace(autostart: false) { workspace, client, _ in
            let restart = try await post(client, "restart")
            #expect(restart.status == 400)
            #expect(restart.json["error_code"] == "INVALID_STATE")
            _ = try await post(client, "start")
            let start = try await post(client, "start")
            #expect(start.status == 400)
            #expect(start.json["error_code"] == "INVALID_STATE")
            let message = "Cluster \(workspace.clusterID) is in unexpected state Pending."
            #expect(start.json["message"] == .string(message))
        }
    }

    @Test(arguments: ["2.0", "2.1"])
    func anUnknownClusterDoesNotExist(version: String) async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            var answers = [try await client.send("GET", "/api/\(version)/clusters/get?cluster_id=nope")]
            for verb in ["start", "restart", "delete", "events"] {
                answers.append(
                    try await client.send("POST", "/api/\(version)/clusters/\(verb)", ["cluster_id": "nope"]))
            }
            for answer in answers {
                #expect(answer.status == 400)
                #expect(
                    answer.json
                        == ["error_code": "INVALID_PARAMETER_VALUE", "message": "Cluster nope does not exist"])
            }
            let missing = try await client.send("GET", "/api/\(version)/clusters/get")
            #expect(missing.json["error_code"] == "INVALID_PARAMETER_VALUE")
        }
    }

    @Test(arguments: [
        ("", true), ("?filter_by.cluster_states=TERMINATED", true), ("?filter_by.cluster_states=RUNNING", false),
        ("?filter_by.cluster_states=RUNNING&filter_by.cluster_states=TERMINATED&page_size=100", true),
        ("?filter_by.cluster_sources=JOB", false), ("?filter_by.cluster_sources=UI", true),
        ("?filter_by.is_pinned=true", false), ("?filter_by.policy_id=7", false),
    ])
    func listsAreFiltered(query: String, found: Bool) async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            let list = try await client.send("GET", "/api/2.1/clusters/list" + query).json
            let ids = list["clusters"]?.elements?.map { $0["cluster_id"] } ?? []
            #expect(ids == (found ? [.string(workspace.clusterID)] : []))
            #expect(list["next_page_token"] == nil)
        }
    }

    @Test(arguments: ["?page_token=nonsense", "?page_size=x", "?page_size=101"])
    func wrongPagesAreRefused(query: String) async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let answer = try await client.send("GET", "/api/2.1/clusters/list" + query)
            #expect(answer.json["error_code"] == "INVALID_PARAMETER_VALUE")
        }
    }

    @Test func eventsTellTheStoryInPages() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, client in
            _ = try await post(client, "start")
            _ = try await client.cluster(becomes: "RUNNING")
            _ = try await post(client, "delete")
            _ = try await client.cluster(becomes: "TERMINATED")
            func events(_ more: KeyValuePairs<String, JSON>) async throws -> JSON {
                let body: JSON = ["cluster_id": .string(workspace.clusterID)]
                return try await client.send("POST", "/api/2.1/clusters/events", body.adding(more)).json
            }
            func types(_ answer: JSON) -> [String] {
                answer["events"]?.elements?.compactMap { $0["type"]?.string } ?? []
            }
            let story = ["STARTING", "DRIVER_HEALTHY", "RUNNING", "TERMINATING"]
            #expect(types(try await events(["order": "ASC"])) == story)
            #expect(types(try await events([:])) == story.reversed())
            #expect(types(try await events(["event_types": ["RUNNING", "STARTING"]])) == ["RUNNING", "STARTING"])
            let first = try await events(["order": "ASC", "page_size": 3])
            #expect(types(first) == Array(story.prefix(3)))
            #expect(first["total_count"] == 4)
            let rest = try await events([
                "order": "ASC", "page_size": 3, "page_token": try #require(first["next_page_token"]),
            ])
            #expect(types(rest) == ["TERMINATING"])
            #expect(rest["next_page_token"] == nil)
        }
    }

    @Test func theMachineIsTheOnlyNodeType() async throws {
        try await withReplayWorkspace(autostart: false) { _, client in
            let types = try await client.send("GET", "/api/2.1/clusters/list-node-types").json["node_types"]?.elements
            let cluster = try await client.send("GET", client.clusterTarget).json
            #expect(types?.count == 1)
            #expect(types?.first?["node_type_id"] == cluster["node_type_id"])
            #expect(types?.first?["num_cores"]?.double ?? 0 >= 1)
            let versions = try await client.send("GET", "/api/2.1/clusters/spark-versions").json["versions"]?.elements
            #expect(versions?.first?["key"] == cluster["spark_version"])
        }
    }
}
