import Databricks
import Results

extension Session {
    /// The catalogs of the workspace. Where only SQL can answer, a person at the prompt is asked before a stopped warehouse is started.
    func catalogs() async throws -> CatalogReader {
        let client = try await workspace.connected()
        return CatalogReader(workspace, client) { warehouse in
            try client.gate.admit(.starts("warehouse \(warehouse.name)"))
            guard self.isInteractive, self.paths.scripts.isEmpty, let ask = self.prompter?.ask else { return false }
            let answer = await ask(
                "Only SQL can answer this, and warehouse \(warehouse.name) is stopped. Start it? [y/N] ")
            return Agreement.isGiven(answer)
        }
    }
}
