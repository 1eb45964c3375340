import Glibc
import Support
import System
import Testing

@testable import Terminal

@Suite struct ForegroundCommandTests {
    /// What a command writes, and how it ends.
    static func run(_ command: SystemCommand) async throws -> (output: String?, status: System.ExitStatus) {
        let home = try ScratchDirectory()
        let file = open(home.path("output"), O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        var command = command
        command.output = file
        let status = try await command.runInForeground(interrupts: Interrupts(isProcessWide: false))
        return (home.contents("output"), status)
    }

    @Test(arguments: [
        ("exit 0", System.ExitStatus.exited(0), Int32(0)), ("exit 3", .exited(3), 3),
        ("kill -KILL $$", .signalled(SIGKILL), 137),
    ])
    func endsWithStatus(line: String, status: System.ExitStatus, exitStatus: Int32) async throws {
        let result = try await Self.run(.shell(line)).status
        #expect(result == status)
        #expect(result.exitStatus == exitStatus)
    }

    @Test func hasItsDirectoryAndEnvironment() async throws {
        var command = SystemCommand.shell("pwd; echo $GREETING")
        command.directory = "/usr"
        command.environment = ["GREETING": "é 漢", "PATH": "/usr/bin:/bin"]
        #expect(try await Self.run(command).output == "/usr\né 漢\n")
    }

    /// The shell ignores some signals; a command must not inherit that.
    @Test func hasDefaultSignals() async throws {
        signal(SIGPIPE, SIG_IGN)
        let output = try await Self.run(.shell("grep SigIgn /proc/self/status")).output
        let ignored = try #require(output.flatMap { UInt64($0.split(separator: "\t")[1].dropLast(), radix: 16) })
        for number in [SIGPIPE, SIGQUIT, SIGTTOU] { #expect(ignored & (1 << UInt64(number - 1)) == 0) }
    }

    @Test func cannotStart() async {
        await #expect(throws: SystemCommand.StartError(program: "no-such-program", code: ENOENT)) {
            try await SystemCommand(["no-such-program"]).runInForeground(interrupts: Interrupts(isProcessWide: false))
        }
    }

    @Test func endsWithItsTask() async throws {
        let task = Task {
            try await SystemCommand(["sleep", "3600"]).runInForeground(interrupts: Interrupts(isProcessWide: false))
        }
        task.cancel()
        #expect(try await task.value == .signalled(SIGTERM))
    }
}
