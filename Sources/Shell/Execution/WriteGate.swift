import Databricks

/// Every cell passes here before anything is sent: in a read-only session what writes, or may write, is refused; at a
/// terminal what destroys is asked about.
struct WriteGate {
    let session: Session

    /// Whether the session is read-only: as set, else as the connection's profile says.
    func isReadOnly(_ client: Client) -> Bool { session.settings.isReadOnly ?? client.connection.isReadOnly }

    /// - Throws: `WriteRefused`; `CancellationError` when the user says no.
    func admit(_ statement: String, _ client: Client) async throws {
        if isReadOnly(client) {
            switch StatementNature(statement) {
            case .reads: break
            case .writes(let how): throw refusal("the session is read-only, and \(how) writes")
            case .unclear(let why):
                throw refusal("the session is read-only, and dbsh cannot tell that this only reads: \(why)")
            }
        }
        guard session.isInteractive, session.paths.scripts.isEmpty, let ask = session.prompter?.ask,
            let danger = StatementNature.danger(in: statement)
        else { return }
        let answer = await ask("\(danger): run it? [y/N] ")
        guard let answer, ["y", "yes"].contains(answer.lowercased()) else { throw CancellationError() }
    }

    /// Code on a cluster can do anything, so a read-only session runs none.
    /// - Throws: `WriteRefused`.
    func admitCode(_ client: Client) throws {
        if isReadOnly(client) { throw refusal("the session is read-only, and code on a cluster can write") }
    }

    private func refusal(_ message: String) -> WriteRefused {
        WriteRefused(
            message: message,
            hint: session.settings.isReadOnly == nil
                ? "the profile says dbsh_read_only; .readonly off allows writing in this session"
                : ".readonly off allows writing")
    }
}
