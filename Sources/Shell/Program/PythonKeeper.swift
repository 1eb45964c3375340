import Databricks
import Glibc
import Results
import System
import Terminal

/// The process that the Python of a kept session lives in, so that it outlives dbsh: the same server that dbsh has in itself for
/// other sessions. Only dbsh starts it (`KeptPython.start`). It signs calls by itself, with the same profile and environment,
/// and ends when the session is forgotten, at a signal, or when it was not used for a day.
struct PythonKeeper {
    let environment: ShellEnvironment
    let service: ConnectService

    /// Serves until it is of no use any more.
    func run() async -> Int32 {
        Interrupts.shared.start()
        guard let seed = (try? JSONValue.parse(Files.readToEnd(STDIN_FILENO))).flatMap(KeptPython.Seed.init) else {
            return Report.ExitCode.usage.rawValue
        }
        let workspace = Workspace(.configured(seed.connection), environment: environment) { _ in }
        do {
            let client = try await workspace.connected()
            let request = workspace.request(seed.compute, client, seed.directory)
            let server = try await service.start(request)
            let answer = JSONValue.object([
                .init("url", .string(server.url)), .init("token", .string(server.token.reveal())),
            ])
            // Without anybody to take the answer nobody will ever ask.
            if Self.answer(answer) { _ = try? await Interrupts.shared.cancelling { await server.untilUnused() } }
            await server.stop()
            await workspace.close()
            return Interrupts.shared.termination?.exitStatus ?? 0
        } catch {
            let report = Report(error, host: workspace.host)
            _ = Self.answer(
                .object([.init("error", .string(report.headline)), .init("hint", .text(report.hint))]))
            return report.exitCode.rawValue
        }
    }

    /// Writes the answer, and closes standard output: whoever reads waits for that.
    /// - Returns: whether somebody reads.
    private static func answer(_ json: JSONValue) -> Bool {
        let bytes = Array(json.serialized().utf8)
        let isWritten = bytes.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) } == bytes.count
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        for descriptor in [STDIN_FILENO, STDOUT_FILENO] { dup2(nowhere, descriptor) }
        close(nowhere)
        return isWritten
    }
}
