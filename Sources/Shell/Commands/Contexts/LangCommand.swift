import Databricks

/// `.lang` — the language of plain cells.
struct LangCommand: SettingCommand {
    let value = Argument<Language?>("LANGUAGE", "sql, python, scala or r")

    var spec: CommandSpec {
        CommandSpec(
            "lang", in: .contexts, "show or set the language of cells without a %magic", takes: [value],
            details: "%sql, %python, %scala or %r at the start of a cell sets the language of that cell only.",
            examples: [
                .init(".lang python", "cells are Python from now on"), .init(".lang sql", "cells are SQL again"),
            ],
            isImmediate: true)
    }

    static func text(in session: Session) -> String { session.language.rawValue }

    static func set(_ value: Language, in session: Session) { session.language = value }
}
