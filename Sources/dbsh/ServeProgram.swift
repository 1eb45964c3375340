import Glibc
import LocalWorkspace
import Shell
import Terminal

/// `dbsh serve`: the local workspace in the foreground, for any Databricks client.
struct ServeProgram {
    let request: LocalEndpoint.ServeRequest

    /// Serves until a signal comes. Exit codes as of dbsh: 3 when it cannot start.
    @MainActor
    func run() async -> Int32 {
        let environment = request.environment
        do {
            let engine = try EngineInstallation.find(environment: environment.variables, home: environment.home)
            var start = LocalWorkspace.Options(dataDirectory: environment.dataDirectory + "/local", engine: engine)
            start.port = request.port
            start.ephemeral = request.isEphemeral
            start.token = environment["DBSH_SERVE_TOKEN"]
            if let lifetime = request.tokenLifetime { start.accessTokenLifetime = lifetime }
            if request.logsRequests { start.log = { line in Self.say(line) } }
            Interrupts.shared.start()
            // A token that was given is known to whoever gave it, and must not get into a log.
            let tokenText = start.token.map { _ in "\"$DBSH_SERVE_TOKEN\"" }
            let workspace = try await LocalWorkspace.serve(
                start, tokenText: tokenText, tokenFile: request.tokenFile
            ) { print($0) }
            fflush(nil)
            await untilSignalled()
            await workspace.stop()
            return Interrupts.shared.termination?.exitStatus ?? 0
        } catch {
            Self.say("error: \(error)")
            return 3
        }
    }

    /// Returns at Ctrl-C, SIGTERM or SIGHUP.
    @MainActor
    private func untilSignalled() async {
        _ = try? await Interrupts.shared.cancelling { try await Task.sleep(for: .seconds(Int64.max / 4)) }
    }

    private static func say(_ line: String) {
        var text = line + "\n"
        text.withUTF8 { _ = write(2, $0.baseAddress, $0.count) }
    }
}
