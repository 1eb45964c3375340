import Databricks

nonisolated extension Language {
    /// How the language is written in prose and in the prompt.
    package var title: String {
        switch self {
        case .sql: "SQL"
        case .python: "Python"
        case .scala: "Scala"
        case .r: "R"
        }
    }

    /// Accepts what people type: the name in any case, and the usual short forms.
    package init?(name: some StringProtocol) {
        switch name.lowercased() {
        case "sql": self = .sql
        case "python", "py": self = .python
        case "scala": self = .scala
        case "r": self = .r
        default: return nil
        }
    }
}
