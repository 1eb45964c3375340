import System
import Terminal

/// `.sh` — a command of this machine's shell.
struct ShCommand: MetaCommand {
    let command = Argument<String>("COMMAND", "the rest of the line, passed to /bin/sh", from: .files)

    var spec: CommandSpec {
        CommandSpec(
            "sh", in: .general, "run a command on this machine", takes: [command],
            details: "%sh runs a command on the cluster instead.",
            examples: [.init(".sh ls -l | head", "a pipeline", runs: false)], takesText: true, isImmediate: true,
            traits: .isUnpaged)
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.console.flush()
        var command = SystemCommand.shell(call[command])
        command.directory = session.paths.directory
        command.output = session.environment.standardOutput
        let ready = command
        let status = try await session.limits.enforced {
            let status = try await ready.runInForeground()
            try Task.checkCancellation()
            return status
        }
        if status != .exited(0) { throw CommandEnded(status: status) }
    }
}
