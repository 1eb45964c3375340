/// `.if` — run the cells behind it only if a comparison holds.
struct IfCommand: MetaCommand {
    let condition = Argument<OneOrMore<String>>("CONDITION", "VALUE, or VALUE =|!=|<|<=|>|>= VALUE")

    var spec: CommandSpec {
        CommandSpec(
            "if", in: .scripts, "run cells only if values compare so", takes: [condition],
            details: """
                .if CONDITION … .elif CONDITION … .else … .endif, each on a line of its own, and one within another. Values are \
                parameters (${name}; .gset makes them of a result), environment variables (${env:NAME}) and words. Numbers \
                compare as numbers, all else as text; NULL is the empty text. One VALUE alone must be true or false. \
                What is passed over is not sent, and neither are its values looked at.
                """,
            examples: [
                .init(".if ${n} > 0", "after select count(*) as n … and .gset", runs: false),
                .init(".if ${env:STAGE} = prod", "an environment variable", runs: false),
                .init(".if ${day} = ''", "day is NULL or empty", runs: false),
            ], isImmediate: true, traits: [.branches, .isUnrecorded])
    }

    func run(_ call: Call, in session: Session) async throws {
        session.conditions.begin(try Comparison.holds(call[condition].values), at: session.log.currentPlace)
    }
}

/// `.elif` — the same, if no condition before it held.
struct ElifCommand: MetaCommand {
    let condition = Argument<OneOrMore<String>>("CONDITION", "as for .if")

    var spec: CommandSpec {
        CommandSpec(
            "elif", in: .scripts, "run cells if no condition before held and this one does", takes: [condition],
            examples: [.init(".elif ${n} = 0", "behind .if ${n} > 0", runs: false)], isImmediate: true,
            traits: [.branches, .isUnrecorded])
    }

    func run(_ call: Call, in session: Session) async throws {
        try session.conditions.otherwise { try Comparison.holds(call[condition].values) }
    }
}

/// `.else` — the cells for when no condition held.
struct ElseCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "else", in: .scripts, "run cells if no condition before held",
            examples: [.init(".else", "between .if and .endif", runs: false)], isImmediate: true,
            traits: [.branches, .isUnrecorded])
    }

    func run(_ call: Call, in session: Session) async throws { try session.conditions.otherwise() }
}

/// `.endif` — the end of what `.if` began.
struct EndifCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "endif", in: .scripts, "end what .if began", examples: [.init(".endif", "cells run again", runs: false)],
            isImmediate: true, traits: [.branches, .isUnrecorded])
    }

    func run(_ call: Call, in session: Session) async throws { try session.conditions.end() }
}
