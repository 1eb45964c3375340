import Databricks

/// `.lang` — the language of plain cells.
struct LangCommand: MetaCommand {
    let language = Argument<Language?>("LANGUAGE", "sql, python, scala or r")

    var spec: CommandSpec {
        CommandSpec(
            "lang", in: .contexts, "show or set the language of cells without a %magic", takes: [language],
            details: "%sql, %python, %scala or %r at the start of a cell sets the language of that cell only.",
            examples: [
                .init(".lang python", "cells are Python from now on"), .init(".lang sql", "cells are SQL again"),
            ],
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
