import Glibc
import LocalWorkspace

/// An engine that speaks the protocol of the real one and answers from a list: HTTP behaviour is tested without Spark.
enum ReplayEngine {
    static var installation: EngineInstallation {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return EngineInstallation(
            version: "replay", python: python, java: "/nonexistent/java", app: "/\(tests)/Resources/replay",
            jar: "/nonexistent/jar", archive: "/nonexistent/archive", spark: "4.3.0")
    }

    /// The first python3 on PATH.
    private static var python: String {
        let path = getenv("PATH").map { String(cString: $0) } ?? "/usr/bin:/bin"
        let candidates = path.split(separator: ":").map { "\($0)/python3" }
        return candidates.first { access($0, X_OK) == 0 } ?? "/usr/bin/python3"
    }
}

/// Runs `body` on a fresh, ephemeral workspace with the replay engine, and stops the workspace whatever happens.
func withReplayWorkspace<Result>(
    autostart: Bool = true, configure: (inout LocalWorkspace.Options) -> Void = { _ in },
    _ body: (LocalWorkspace, TestClient) async throws -> Result
) async throws -> Result {
    var options = LocalWorkspace.Options(dataDirectory: "", engine: ReplayEngine.installation)
    options.ephemeral = true
    options.autostart = autostart
    configure(&options)
    let workspace = try await LocalWorkspace.start(options)
    do {
        let result = try await body(workspace, TestClient(workspace))
        await workspace.stop()
        return result
    } catch {
        await workspace.stop()
        throw error
    }
}
