import Glibc
import LocalWorkspace
import Shell
import Terminal

/// `dbsh serve`: the local workspace in the foreground, for any Databricks client.
struct ServeProgram {
    let environment: ShellEnvironment

    static let usage = """
        usage: dbsh serve [--port N] [--ephemeral] [--token-file FILE] [--debug]

          --port N            the port on 127.0.0.1 (default: a free one)
          --ephemeral         keep nothing afterwards
          --token-file FILE   write the token to FILE (mode 0600) instead of showing it
          --debug             a line on stderr for every request

        The token is made at the start; DBSH_SERVE_TOKEN sets it instead.
        Ctrl-C ends the workspace and every process it started.
        """

    private struct Options {
        var port: UInt16 = 0
        var isEphemeral = false
        var logs = false
        var tokenFile: String?
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
            // A token that was given is known to whoever gave it, and must not get into a log.
            let tokenText = start.token.map { _ in "\"$DBSH_SERVE_TOKEN\"" }
            let workspace = try await LocalWorkspace.serve(
                start, tokenText: tokenText, tokenFile: options.tokenFile
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

    private func parse(_ arguments: [String]) -> Options? {
        var options = Options()
        var rest = arguments[...]
        while let word = rest.popFirst() {
            switch word {
            case "--ephemeral": options.isEphemeral = true
            case "--debug": options.logs = true
            case "--token-file":
                guard let path = rest.popFirst() else {
                    Self.say("error: --token-file needs a file")
                    return nil
                }
                options.tokenFile = path
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
