import Databricks
import Terminal
import Text

/// What the prompt says: the language, where SQL is, where the cell will run, and what to be careful about:
/// `sql main.default @starter read-only> `.
struct PromptText {
    private let session: Session

    init(_ session: Session) { self.session = session }

    var prompt: Prompt {
        let parts = session.settings.prompt.map(parts(of:)) ?? usual
        return Prompt(parts, continuationStyle: .dim)
    }

    private var usual: [StyledText] {
        var parts = [StyledText(session.language.rawValue, "1;36")]
        if session.language == .sql, !place.isEmpty { parts.append(StyledText(" " + Sanitizer.oneLine(place))) }
        if let target { parts.append(StyledText(" @" + Sanitizer.oneLine(target), color ?? "32")) }
        for mark in marks { parts.append(StyledText(" " + mark, "33")) }
        parts.append(StyledText("> ", color ?? .bold))
        return parts
    }

    private func parts(of template: PromptTemplate) -> [StyledText] {
        template.parts.map { part in
            switch part {
            case .text(let text): StyledText(Sanitizer.oneLine(text), color ?? .bold)
            case .field(let field): value(of: field)
            }
        }
    }

    private func value(of field: PromptTemplate.Field) -> StyledText {
        let workspace = session.workspace
        let (text, style): (String?, Style) =
            switch field {
            case .language: (session.language.rawValue, "1;36")
            case .catalog: (workspace.catalog, .plain)
            case .schema: (workspace.schema, .plain)
            case .place: (place, .plain)
            case .target: (target, color ?? "32")
            case .host: (workspace.isLocal ? "local" : workspace.host.map(Self.name(ofHost:)), color ?? "32")
            case .profile: (workspace.client?.connection.profile, color ?? "32")
            case .session: (session.kept?.name, .plain)
            case .marks: (marks.joined(separator: " "), "33")
            }
        return StyledText(Sanitizer.oneLine(text ?? ""), style)
    }

    private var place: String {
        [session.workspace.catalog, session.workspace.schema].compactMap(\.self).joined(separator: ".")
    }

    private var target: String? {
        let workspace = session.workspace
        let title = session.language == .sql ? workspace.sqlTargetTitle : workspace.codeTitle
        return title ?? (workspace.isLocal ? "local" : nil)
    }

    /// What changes the meaning of what is typed.
    private var marks: [String] {
        let isReadOnly = session.workspace.gate.readOnly != nil
        let transaction: [String] =
            switch session.language == .sql ? session.workspace.sessions.transaction : nil {
            case .open?: ["transaction"]
            case .aborted?: ["transaction aborted"]
            case nil: []
            }
        let kept = session.kept.map { ["session \($0.name)"] } ?? []
        let skipping = session.conditions.isSkipping ? [".if skips"] : []
        return skipping + kept + (isReadOnly ? ["read-only"] : []) + transaction
    }

    private static func name(ofHost host: String) -> String {
        host.firstRange(of: "://").map { String(host[$0.upperBound...]) } ?? host
    }

    /// `dbsh_prompt_color`: bold, so that it is not overlooked. A word that is no colour is bold too.
    private var color: Style? {
        guard let name = session.workspace.client?.connection.promptColor?.lowercased() else { return nil }
        let colors = [
            "red": "1;31", "green": "1;32", "yellow": "1;33", "blue": "1;34", "magenta": "1;35", "cyan": "1;36",
        ]
        return Style(colors[name] ?? "1")
    }
}
