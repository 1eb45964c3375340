import Databricks
import Results
import System

extension Session {
    /// The catalogs of the workspace. Where only SQL can answer, a person at the prompt is asked before a stopped warehouse is started.
    func catalogs() async throws -> CatalogReader {
        let client = try await workspace.connected()
        // A name that can be read in two ways is looked up both ways at once: one question answers both.
        let asked = Locked<Task<Bool, Never>?>(nil)
        return CatalogReader(workspace, client) { warehouse in
            try client.gate.admit(.starts("warehouse \(warehouse.name)"))
            guard self.isInteractive, self.paths.scripts.isEmpty, let ask = self.prompter?.ask else { return false }
            let answer = asked.withLock { task in
                let known =
                    task
                    ?? Task {
                        Agreement.isGiven(
                            await ask(
                                "Only SQL can answer this, and warehouse \(warehouse.name) is stopped. Start it? [y/N] "
                            ))
                    }
                task = known
                return known
            }
            return await answer.value
        }
    }
}
