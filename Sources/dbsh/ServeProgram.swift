import Glibc
import LocalWorkspace
import Shell
import Terminal

/// `dbsh serve`: the local workspace in the foreground, for any Databricks client.
struct ServeProgram {
    let environment: ShellEnvironment

    static let usage = """
        usage: dbsh serve [--port N] [--ephemeral] [--debug]

          --port N       the port on 127.0.0.1 (default: a free one)
          --ephemeral    keep nothing afterwards
          --debug        a line on stderr for every request

        The token is made at the start and printed with the address; DBSH_SERVE_TOKEN sets it instead.
        Ctrl-C ends the workspace and every process it started.
        """

    private struct Options {
        var port: UInt16 = 0
        var isEphemeral = false
        var logs = false
    }

    /// Serves until a signal comes. Exit codes as of dbsh: 2 for bad usage, 3 when it cannot start.
    @MainActor
    func run(_ arguments: [String]) async -> Int32 {
        if arguments.contains("--help") || arguments.contains("-h") {
            print(Self.usage)
            return 0
        }
        guard let options = parse(arguments) else { return 2 }
        do {
            let engine = try EngineInstallation.find(environment: environment.variables, home: environment.home)
            var start = LocalWorkspace.Options(dataDirectory: environment.dataDirectory + "/local", engine: engine)
            start.port = options.port
            start.ephemeral = options.isEphemeral
            start.token = environment["DBSH_SERVE_TOKEN"]
            if options.logs { start.log = { line in Self.say(line) } }
            Interrupts.shared.start()
            let workspace = try await LocalWorkspace.start(start)
            announce(workspace)
            await untilSignalled()
            await workspace.stop()
            return Interrupts.shared.termination?.exitStatus ?? 0
        } catch {
            Self.say("error: \(error)")
            return 3
        }
    }

    private func parse(_ arguments: [String]) -> Options? {
        var options = Options()
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--ephemeral": options.isEphemeral = true
            case "--debug": options.logs = true
            case "--port":
                guard let port = rest.popFirst().flatMap({ UInt16($0) }) else {
                    Self.say("error: --port needs a number from 0 to 65535")
                    return nil
                }
                options.port = port
            default:
                Self.say("error: dbsh serve does not know \(word)\n\n\(Self.usage)")
                return nil
            }
        }
        return options
    }

    private func announce(_ workspace: LocalWorkspace) {
        print(
            """
            local workspace at \(workspace.url); Ctrl-C ends it

            export DATABRICKS_HOST=\(workspace.url)
            export DATABRICKS_TOKEN=\(workspace.token)
            export DATABRICKS_CLUSTER_ID=\(workspace.clusterID)
            export DATABRICKS_WAREHOUSE_ID=\(workspace.warehouseID)
            """)
        fflush(nil)
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
