import Databricks
import Terminal
import Text

/// What the prompt says: the language, where SQL is, and where the cell will run: `sql main.default @starter> `.
enum PromptText {
    static func prompt(for session: Session) -> Prompt {
        let workspace = session.workspace
        var parts = [StyledText(session.language.rawValue, "1;36")]
        let target: String?
        if session.language == .sql {
            let place = [workspace.catalog, workspace.schema].compactMap(\.self).joined(separator: ".")
            if !place.isEmpty { parts.append(StyledText(" " + Visible.oneLine(place))) }
            target = workspace.sqlTargetTitle
        } else {
            target = workspace.clusterTitle
        }
        let name = target ?? (workspace.isLocal ? "local" : nil)
        if let name { parts.append(StyledText(" @" + Visible.oneLine(name), "32")) }
        parts.append(StyledText("> ", .bold))
        return Prompt(parts, continuationStyle: .dim)
    }
}
