import Glibc

/// A line run by /bin/sh with an environment of its own, its output kept apart by stream.
package struct ShellCommand: Sendable {
    package var line: String
    package var directory: String
    package var environment: [String: String]

    package init(_ line: String, in directory: String, environment: [String: String] = [:]) {
        self.line = line
        self.directory = directory
        self.environment = environment
    }

    /// What a command left behind.
    package struct Result: Sendable {
        package var output: String
        package var errors: String
        /// The exit status, or 128 and the signal that ended it.
        package var status: Int32
    }

    /// Runs it to its end, without blocking one of Swift's threads. A command that has not ended after five minutes is
    /// killed, and its status says so (137).
    package func run() async throws -> Result {
        let scratch = try ScratchDirectory()
        var variables = [
            "PATH": "/usr/bin:/bin", "HOME": directory, "LANG": "C.UTF-8", "TZ": "UTC", "TERM": "dumb",
            "SWIFT_BACKTRACE": "enable=no",
        ]
        variables.merge(environment) { $1 }
        let assignments = variables.map { "\($0.key)=\($0.value)" }
        let script = "cd \"$1\" && { \(line)\n} </dev/null >\"$2/out\" 2>\"$2/err\""
        let arguments = ["timeout", "-k", "1", "300", "/bin/sh", "-c", script, "sh", directory, scratch.path]
        var pid = pid_t()
        let code = withCStrings(arguments) { arguments in
            withCStrings(assignments) { environment in
                // posix_spawn takes char *const[]: it does not write through it.
                let argv = arguments.map { UnsafeMutablePointer(mutating: $0) }
                let envp = environment.map { UnsafeMutablePointer(mutating: $0) }
                return posix_spawn(&pid, "/usr/bin/timeout", nil, nil, argv, envp)
            }
        }
        guard code == 0 else { throw SystemError(code: code) }
        let child = pid
        let status: Int32 = await withCheckedContinuation { continuation in
            startTestThread {
                var status: Int32 = 0
                while waitpid(child, &status, 0) < 0 && errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
        let signal = status & 0x7F
        return Result(
            output: scratch.contents("out") ?? "", errors: scratch.contents("err") ?? "",
            status: signal == 0 ? (status >> 8) & 0xFF : 128 + signal)
    }
}
