import Databricks
import FoundationEssentials
import Results

/// Keeps `dbsh_params`, a dict, in the Python of execution contexts as the session's parameters are. The values travel as
/// a JSON document in base64, whose letters cannot end the string they stand in: nothing is spliced into code.
final class PythonParameters {
    /// What each context has been given, by its id.
    private var sent: [String: String] = [:]

    /// Sets the dict in a context, if it does not have it yet.
    /// - Throws: as `ContextSession.run`.
    func update(_ context: ContextSession, _ parameters: Parameters) async throws {
        guard !parameters.all.isEmpty || !sent.isEmpty else { return }
        let id = try await context.open(language: .python)
        let document = parameters.json.serialized()
        guard sent[id] != document, !(sent[id] == nil && parameters.all.isEmpty) else { return }
        let base64 = Data(document.utf8).base64EncodedString()
        _ = try await context.run(
            .python, "dbsh_params = __import__(\"json\").loads(__import__(\"base64\").b64decode(\"\(base64)\"))")
        sent[id] = document
    }
}
