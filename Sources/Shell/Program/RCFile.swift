import Glibc

/// The user's own start-up script, `$XDG_CONFIG_HOME/dbsh/rc.dbsh`: a plain script that is run before anything else.
struct RCFile {
    let session: Session

    var path: String { session.environment.configurationDirectory + "/rc.dbsh" }

    /// Runs it if it exists. What fails in it is reported, and stops neither the rest of it nor dbsh.
    /// - Throws: `CancellationError` and the like when Ctrl-C stopped it.
    func run() async throws {
        guard access(path, F_OK) == 0 else { return }
        session.log.isOn = false  // it runs at the start of every session anyway
        defer { session.log.isOn = true }
        do { _ = try await ScriptRunner(session: session, continuesAfterErrors: true).run(file: path) } catch let error
            as UsageError
        {
            session.console.tell(session.report(error))
        }
    }
}
