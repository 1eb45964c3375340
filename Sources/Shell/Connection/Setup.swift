import Glibc
import System
import Terminal

/// What is installed when it is first needed, by `scripts/setup`, which packages of dbsh have too.
enum Setup {
    /// What can be installed.
    enum Part: String, CaseIterable {
        case connect, engine
    }

    static let question =
        "Python for Spark Connect runs on this machine, and is not installed: 125 MB from PyPI (Spark's client, pandas, IPython, "
        + "each in a fixed version), 460 MB in ~/.cache/dbsh, under a minute. Install it now? [Y/n] "

    static let engineQuestion =
        "The local workspace runs Apache Spark, which is not installed: 560 MB from PyPI (Spark, a Java runtime, IPython, each in a "
        + "fixed version), 1.1 GB in ~/.cache/dbsh, a few minutes. Install it now? [Y/n] "

    static let hint =
        "dbsh setup connect installs it, and so does dbsh --yes: 125 MB from PyPI, 460 MB on disk, under a minute"

    /// Runs the script, which says on stderr what it does.
    /// - Throws: `UsageError` when there is no script, or when it fails; `SystemCommand.StartError`.
    static func run(_ part: Part, _ environment: ShellEnvironment, interrupts: Interrupts) async throws {
        guard let script = script(environment) else {
            throw UsageError(
                "the set-up script of dbsh is neither beside it nor in a checkout around it",
                hint: "in a checkout of dbsh run scripts/setup \(part.rawValue), or set DBSH_SETUP to that script")
        }
        var command = SystemCommand([script, part.rawValue])
        command.environment = environment.variables
        // The script answers with the folder on stdout, which is for results.
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(nowhere) }
        command.output = nowhere
        command.errors = environment.standardError
        let status = try await command.runInForeground(interrupts: interrupts)
        if status == .signalled(SIGINT) || status == .exited(128 + SIGINT) { throw CancellationError() }
        guard status == .exited(0) else {
            throw UsageError("the set-up has failed: \(status)", hint: "\(script) \(part.rawValue) tries it again")
        }
    }

    /// `$DBSH_SETUP`, else the script in the checkout that this program was built in, or beside an installed one.
    private static func script(_ environment: ShellEnvironment) -> String? {
        if let named = environment["DBSH_SETUP"] { return named }
        guard let program = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(program) }
        var folder = String(cString: program)
        while let slash = folder.lastIndex(of: "/") {
            folder = String(folder[..<slash])
            let script = folder + "/scripts/setup"
            if access(script, X_OK) == 0, access(folder + "/Package.swift", R_OK) == 0 { return script }
            let installed = folder + "/share/dbsh/setup"
            if access(installed, X_OK) == 0 { return installed }
        }
        return nil
    }
}
