import Databricks
import Terminal
import Text

/// The interactive shell: reads what is typed, runs the cells in it, reports what fails and goes on.
struct REPL {
    let session: Session

    func run() async {
        session.isInteractive = true
        session.jobs.announcesEnds = true
        session.interrupts.start()
        session.workspace.open()
        InputLanguage.shared.set(commands: Registry.names)
        let editor = LineEditor(options: options())
        session.console.printAbovePrompt = { editor.print($0) }
        defer { session.console.printAbovePrompt = nil }
        session.ask = { question in await Self.ask(question, editor) }
        session.askSecret = { question in
            if case .line(let text) = await editor.readSecret(Prompt(question)) { Secret(text) } else { nil }
        }
        if !session.settings.isQuiet { greet() }
        await loop(editor)
        Attention(session: session).leave()
        await editor.close()
    }

    private func loop(_ editor: LineEditor) async {
        while true {
            refreshNames()
            InputLanguage.shared.set(session.language)
            session.isIdle(true)
            let suggestion = session.tutorial?.next(session) ?? ""
            let read = await editor.readLine(PromptText.prompt(for: session), editing: suggestion)
            session.isIdle(false)
            switch read {
            case .line(let text):
                let attention = Attention(session: session)
                let start = ContinuousClock.now
                attention.begin(text)
                await run(text)
                attention.end(after: start.duration(to: .now))
            case .interrupted: continue
            case .endOfFile: session.wantsToQuit = true
            case .terminated: return
            }
            if session.interrupts.termination != nil { return }
            if session.wantsToQuit, await mayLeave(editor) { return }
        }
    }

    /// With jobs running, leaving means cancelling them: that is asked first.
    private func mayLeave(_ editor: LineEditor) async -> Bool {
        let count = session.jobs.running.count
        guard count > 0 else { return true }
        let question =
            count == 1
            ? "1 job is running. Leave and cancel it? [y/N] "
            : "\(count) jobs are running. Leave and cancel them? [y/N] "
        guard let answer = await Self.ask(question, editor) else { return session.interrupts.termination != nil }
        session.wantsToQuit = ["y", "yes"].contains(answer.lowercased())
        return session.wantsToQuit
    }

    /// Runs the cells of what was typed or pasted, up to the first that fails.
    private func run(_ text: String) async {
        var reader = CellReader(language: session.language, commands: Registry.names)
        reader.append(Array((Self.meaning(of: text)).utf8))
        reader.finish()
        session.catalogNames.note(text)
        while !session.wantsToQuit {
            reader.language = session.language
            guard let cell = reader.next() else { return }
            if case .code(.sql, _) = cell.content { session.catalogNames.prefetch() }
            do { try await runPaged(cell) } catch {
                let report = session.report(error)
                if Report.isCancellation(error), report.headline == "cancelled" {
                    session.console.say(Self.cancelled(error))
                } else if !report.wasShown {
                    session.console.say(styled: report.text(color: session.console.colorsErrors))
                }
                return
            }
        }
    }

    /// Commands that run others, or talk with the user, are not held back.
    private static let unpaged: Set<String> = ["read", "connect", "sh", "edit", "watch", "rerun", "tutorial", "plot"]

    private func runPaged(_ cell: Cell) async throws {
        var pages = session.settings.pages
        switch cell.content {
        case .meta(let line):
            let name = line.trimmingBlanks().dropFirst().prefix { !$0.isWhitespace }
            pages = pages && !Self.unpaged.contains(name.lowercased())
        case .run, .note, .invalid: pages = false
        case .code, .clusterMagic: break
        }
        if pages { session.console.beginPaging() }
        do { try await CellRunner(session: session).run(cell) } catch {
            try? await session.console.endPaging(interrupts: session.interrupts)
            throw error
        }
        try await session.console.endPaging(interrupts: session.interrupts)
    }

    /// Only what the service has confirmed is called cancelled without more words.
    private static func cancelled(_ error: any Error) -> String {
        guard let id = (error as? RunCancelled)?.id else { return "cancelled" }
        return "cancelled \(id)"
    }

    /// Words that people type from habit mean the command of that name.
    private static func meaning(of text: String) -> String {
        InputLanguage.habits[text.trimmingBlanks().lowercased()] ?? text
    }

    private static func ask(_ question: String, _ editor: LineEditor) async -> String? {
        if case .line(let answer) = await editor.ask(Prompt(question)) { answer.trimmingBlanks() } else { nil }
    }

    private func greet() {
        let color = session.console.colorsErrors
        let name = color ? "\u{1b}[1mdbsh \(Version.number)\u{1b}[0m" : "dbsh \(Version.number)"
        let place = session.workspace.isLocal ? " · local workspace" : ""
        session.console.say(styled: "\(name)\(place) · .help says what to type, Ctrl-D leaves")
    }

    private func refreshNames() {
        if let client = session.workspace.client { session.workspace.names.refresh(client) }
    }

    private func options() -> EditorOptions {
        var options = EditorOptions()
        options.input = session.environment.standardInput
        options.output = session.environment.standardOutput
        options.history = History(path: session.environment.stateDirectory + "/history") { entry in
            !entry.hasPrefix(" ") && !SecretText.isIn(entry)
        }
        options.color = session.console.colorsResults
        options.isComplete = { InputLanguage.shared.completeness(of: $0) }
        options.continuationPrompts = { InputLanguage.shared.continuationPrompts(for: $0) }
        options.highlight = { InputLanguage.shared.spans(in: $0) }
        let completer = Completer(session: session)
        options.complete = { text, cursor in await completer.complete(text, at: cursor) }
        return options
    }
}
