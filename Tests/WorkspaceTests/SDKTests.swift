import Glibc
import System
import Testing

@testable import LocalWorkspace

/// The official Databricks SDK for Python, unchanged, against a local workspace.
///
/// `$DBSH_TEST_PYTHON` names a Python that has it (scripts/setup makes one).
enum SDKTests {
    static let python = getenv("DBSH_TEST_PYTHON").map { String(cString: $0) }

    /// What a step of the drive has to say.
    enum Outcome {
        case value(JSON)
        case error(String)
        case anything
    }

    /// The steps in order, with what they must give; `sqlState` and rows are the same on both engines.
    static let steps: [(name: String, outcome: Outcome)] = [
        ("me", .value("me@local")), ("node types", .value(1)), ("spark version", .value("4.3.x-scala2.13")),
        ("cluster missing", .error("ResourceDoesNotExist")), ("cluster start", .value("RUNNING")),
        ("cluster ensure", .value(nil)), ("clusters list", .value([true])), ("cluster get", .value("RUNNING")),
        ("cluster start again", .error("InvalidState")), ("cluster restart", .value("RUNNING")),
        ("cluster events", .value(true)), ("warehouses list", .value([true])),
        ("warehouse missing", .error("ResourceDoesNotExist")), ("warehouse start", .value("RUNNING")),
        ("warehouse get", .value("RUNNING")), ("statement", .anything), ("statement get", .value([["1"]])),
        ("statement chunk", .value([["1"]])), ("statement failed", .anything), ("statement async", .anything),
        ("statement running", .value(true)), ("statement cancel", .value(nil)),
        ("statement canceled", .value("CANCELED")), ("statement missing", .error("ResourceDoesNotExist")),
        ("statement parameters", .value("SUCCEEDED")), ("history", .value(true)), ("context create", .anything),
        ("context status", .value("Running")), ("command", .value("2")), ("command sql", .value("table")),
        ("command hanging", .anything), ("command status", .value(true)), ("command cancel", .value("Cancelled")),
        ("command after cancel", .value("2")), ("context destroy", .value(nil)),
        ("volume folder", .value(nil)), ("volume upload", .value(true)),
        ("volume upload again", .error("AlreadyExists")),
        ("volume metadata", .value(256_000)), ("volume download", .value(true)),
        ("volume large upload", .value(true)), ("volume large upload again", .error("AlreadyExists")),
        ("volume large download", .value(true)), ("volume large upload from a file", .value(true)),
        ("volume large download to a file", .value(true)),
        ("volume list", .value([["b c", true]])),
        ("volume folder in use", .error("InvalidParameterValue")), ("volume delete", .value(nil)),
        ("volume missing", .error("NotFound")), ("no such volume", .error("NotFound")),
        ("workspace list", .value([["NOTEBOOK", "/Users/me@local/p/n"]])),
        ("workspace export", .value("# Databricks notebook source\nprint(1)\n")), ("dbfs upload", .value(nil)),
        ("dbfs download", .value(true)), ("warehouse stop", .value("STOPPED")),
        ("cluster delete", .value("TERMINATED")),
        ("context on terminated", .error("InternalError")), ("wrong token", .error("PermissionDenied")),
        ("service principal", .value("me@local")), ("wrong secret", .error("ValueError")),
    ]

    /// Runs the drive against `workspace` and judges every step.
    static func drive(_ workspace: LocalWorkspace, hangingSQL: String, hangingPython: String) async throws {
        try await run("sdk_drive.py", [hangingSQL, hangingPython], workspace, steps)
    }

    /// Runs a script that drives the SDK and judges every step.
    static func run(
        _ script: String, _ arguments: [String], _ workspace: LocalWorkspace,
        _ steps: [(name: String, outcome: Outcome)]
    ) async throws {
        let guardian = try ProcessGuard()
        defer { guardian.stop() }
        let home = try BootGate()
        try Files.makeDirectory(workspace.dataRoot + "/dbfs/Volumes/main/default/files")
        let path = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Resources/" + script
        let log = home.directory + "/log"
        var command = SystemCommand([try #require(python), "-B", path] + arguments)
        command.environment = [
            "HOME": home.directory, "PATH": "/usr/bin:/bin", "DATABRICKS_HOST": workspace.url,
            "DATABRICKS_TOKEN": workspace.token, "DATABRICKS_CLUSTER_ID": workspace.clusterID,
            "DATABRICKS_WAREHOUSE_ID": workspace.warehouseID, "TEST_CLIENT_ID": workspace.clientID,
            "TEST_CLIENT_SECRET": workspace.clientSecret,
        ]
        command.directory = home.directory
        let process = try ChildProcess(command, log: log, guardian: guardian)
        var remaining = steps[...]
        for await event in process.events {
            switch event {
            case .line(let line): judge(try JSON(parsing: line), remaining.popFirst())
            case .ended(let reason):
                let complaints = String(decoding: (try? Files.read(log)) ?? [], as: UTF8.self)
                #expect(reason == .exited(0), "\(complaints)")
                #expect(!complaints.contains(workspace.token))
            }
        }
        #expect(remaining.isEmpty)
    }

    private static func judge(_ said: JSON, _ step: (name: String, outcome: Outcome)?) {
        guard let step else {
            Issue.record("An unexpected step: \(said)")
            return
        }
        let text = Comment(rawValue: String(decoding: said.bytes, as: UTF8.self))
        #expect(said["step"] == .string(step.name), text)
        switch step.outcome {
        case .value(let value): #expect(said["value"] ?? .string("no value") == value, text)
        case .error(let error): #expect(said["error"] == .string(error), text)
        case .anything: #expect(said["error"] == nil, text)
        }
    }
}

/// On the replay engine: the HTTP side alone.
@Suite(
    .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with databricks-sdk"),
    .timeLimit(.minutes(10)))
struct SDKReplayTests {
    @Test func everyActionWorks() async throws {
        try await withReplayWorkspace(autostart: false) { workspace, _ in
            try await SDKTests.drive(workspace, hangingSQL: "hang", hangingPython: "hang")
        }
    }
}

/// What there is in the catalogs, made by Spark and listed while the warehouse is stopped.
@Suite(
    .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with databricks-sdk"),
    .enabled(if: SparkEngine.installation != nil, "no engine is installed"), .timeLimit(.minutes(10)))
struct SDKCatalogSparkTests {
    private static let steps: [(name: String, outcome: SDKTests.Outcome)] =
        Array(repeating: ("made", .value("SUCCEEDED")), count: 6) + [
            ("stopped", .value("STOPPED")), ("catalogs", .value(["main", "samples"])),
            ("catalog", .value("MANAGED_CATALOG")), ("catalog missing", .error("NotFound")),
            ("schemas", .value(["default", "information_schema", "shop"])),
            ("schemas in pages", .value(["main.default", "main.information_schema", "main.shop"])),
            ("schema", .value("what we sell")), ("schema missing", .error("NotFound")),
            ("tables", .value([["dear", "VIEW"], ["orders", "MANAGED"], ["returns", "MANAGED"]])),
            ("tables without columns", .value([[], [], []])), ("summaries", .value(["main.shop.orders"])),
            ("table", .value(["MANAGED", "DELTA", "every order", "me@local"])),
            (
                "columns",
                .value([
                    ["id", "bigint", "LONG", "the key", nil, false], ["day", "date", "DATE", nil, 0, true],
                    ["price", "decimal(10,2)", "DECIMAL", nil, nil, true],
                    ["tags", "array<string>", "ARRAY", nil, nil, true],
                    ["more", "struct<a:int,b:map<string,double>>", "STRUCT", nil, nil, true],
                ])
            ), ("rows", .value("2")), ("view", .value("select id, price from main.shop.orders where price > 2")),
            ("exists", .value([true, false])), ("table missing", .error("NotFound")),
            ("information schema", .value(true)), ("functions", .value(["main.shop.twice"])),
            ("function", .value([["x", "int"], ["y", "decimal(10,2)"]])), ("function returns", .value("bigint")),
            ("volumes", .value(["main.default.files"])), ("volume", .value("MANAGED")),
            ("volume missing", .error("ResourceDoesNotExist")),
            ("default catalog", .value("main")), ("still stopped", .value("STOPPED")),
        ]

    @Test func theCatalogsAreThereWithoutCompute() async throws {
        try await withSparkWorkspace { try await SDKTests.run("sdk_catalog.py", [], $0, Self.steps) }
    }
}

/// On Spark: the whole thing.
@Suite(
    .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with databricks-sdk"),
    .enabled(if: SparkEngine.installation != nil, "no engine is installed"), .timeLimit(.minutes(10)))
struct SDKSparkTests {
    @Test func everyActionWorks() async throws {
        try await withSparkWorkspace {
            try await SDKTests.drive(
                $0,
                hangingSQL: "select count(*) from range(1000000000) a cross join range(1000000000) b",
                hangingPython: "import time; time.sleep(600)")
        }
    }
}

/// A local workspace on the real engine, which starts when it is needed.
private func withSparkWorkspace(_ body: (LocalWorkspace) async throws -> Void) async throws {
    var options = LocalWorkspace.Options(dataDirectory: "", engine: try #require(SparkEngine.installation))
    options.ephemeral = true
    options.autostart = false
    let workspace = try await LocalWorkspace.start(options)
    do { try await body(workspace) } catch {
        await workspace.stop()
        throw error
    }
    await workspace.stop()
}

/// The real engine, when it is installed.
enum SparkEngine {
    static let installation: EngineInstallation? = {
        var environment: [String: String] = [:]
        for name in ["DBSH_ENGINE", "XDG_CACHE_HOME"] {
            environment[name] = getenv(name).map { String(cString: $0) }
        }
        let home = getenv("HOME").map { String(cString: $0) } ?? "/"
        return try? EngineInstallation.find(environment: environment, home: home)
    }()
}
