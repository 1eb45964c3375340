import Databricks

/// `.edit` — write a cell in an editor, then run it.
struct EditCommand: MetaCommand {
    let number = Argument<Int?>("N", "the number shown by .history (default: the last cell)", from: .cells)

    var spec: CommandSpec {
        CommandSpec(
            "edit", in: .scripts, "edit a cell in an editor, then run it", takes: [number],
            details:
                "The editor is $VISUAL, $EDITOR or vi. Nothing is run if the editor fails or the text is empty.",
            examples: [.init(".edit 3", "edit cell 3", runs: false)], isImmediate: true, traits: .runsCells)
    }

    func run(_ call: Call, in session: Session) async throws {
        let cell = try cell(call[number], session)
        var script = ScriptText(plain: session.language, commands: session.commands.names, showsOpenCells: true)
        let text = cell.map { script.text(of: $0) } ?? ""
        let language: Language? = if case .code(let language, _)? = cell?.content { language } else { nil }
        let bytes = try await ExternalEditor(session.environment).edit(text, language: language)
        var reader = CellReader(language: session.language, commands: session.commands.names)
        reader.append(bytes)
        reader.finish()
        while !session.wantsToQuit {
            reader.language = session.language
            guard let cell = reader.next() else { return }
            try await CellRunner(session: session).run(cell)
        }
    }

    private func cell(_ number: Int?, _ session: Session) throws -> Cell? {
        guard let number else {
            return session.log.entries.last { $0.hasEnded && !$0.isContainer }?.cell
        }
        guard let entry = session.log.entry(number) else {
            throw UsageError("there is no cell \(number)", hint: ".history lists them")
        }
        return entry.cell
    }
}
