/// `.browse` — the last result on the whole screen.
struct BrowseCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "browse", in: .results, "show the last result on the whole screen",
            details: """
                All rows and columns, with the header and the first column in place. F3 and, in emacs mode, Alt-V do the same \
                at the prompt. Arrows, PgDn, PgUp, Home, End, g and G move, / searches and n goes on, s sorts by the column of \
                the cursor, Enter shows one row, y copies the cell, e exports the result, ? lists all keys, q leaves. Rows \
                that dbsh does not keep are fetched as they are looked at.
                """,
            examples: [.init(".browse", "look at all of it", runs: false)], isImmediate: true, traits: .isUnpaged)
    }

    func run(_ call: Call, in session: Session) async throws {
        let typed = session.typeAhead?.take() ?? []
        do { session.typeAhead?.keep(try await Browser.show(session, typed: typed)) } catch {
            session.typeAhead?.keep(typed)
            throw error
        }
    }
}
