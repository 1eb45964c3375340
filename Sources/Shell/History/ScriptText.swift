import Databricks

/// Writes cells as a `.dbsh` script that reads back as the same cells: SQL with its end, other languages as magic blocks,
/// whatever the language of plain cells is then.
enum ScriptText {
    /// One cell. `language` is the language of plain cells where it stands.
    static func text(of cell: Cell, language: Language) -> String {
        switch cell.content {
        case .meta(let line): return line + "\n"
        case .run(let path): return "%run \(path)\n"
        case .note(let text): return "%md\n\(text)\n# %%\n"
        case .skipped(let text): return "%skip\n\(text)\n# %%\n"
        case .clusterMagic(let text): return text.contains("\n") ? text + "\n# %%\n" : text + "\n"
        case .code(.sql, let text):
            let magic = language == .sql ? "" : "%sql\n"
            return magic + closingComment(text) + ending(cell.ending) + "\n"
        case .code(let language, let text): return "%\(language.rawValue)\n\(text)\n# %%\n"
        case .invalid: return ""
        }
    }

    private static func ending(_ ending: Cell.Ending) -> String {
        switch ending {
        case .open, .semicolon: ";"
        case .vertical: "\\G"
        case .background: ";&"
        }
    }

    /// A `;` behind a `--` comment would be part of it.
    private static func closingComment(_ sql: String) -> String {
        let last = sql.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        return last.contains("--") ? sql + "\n" : sql
    }
}
