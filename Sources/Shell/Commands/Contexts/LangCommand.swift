import Databricks

/// `.lang` — the language of plain cells.
struct LangCommand: MetaCommand {
    let language = Argument<Language?>("LANGUAGE", "sql, python, scala or r")

    var spec: CommandSpec {
        CommandSpec(
            "lang", in: .contexts, "show or set the language of plain cells", takes: [language],
            details: "A single cell in another language begins with %sql, %python, %scala or %r.",
            examples: [.init(".lang python", "from now on cells are Python"), .init(".lang sql", "and SQL again")],
            isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        if let chosen = call[language] {
            Self.set(chosen, in: session)
        } else {
            try session.console.result(text: session.language.rawValue)
        }
    }

    static func set(_ language: Language, in session: Session) {
        session.language = language
    }
}
