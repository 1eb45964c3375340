import Databricks
import Results
import Terminal
import Text

/// The interactive shell: reads what is typed, runs the cells in it, reports what fails and goes on.
struct REPL {
    private let session: Session
    private let completer: Completer
    private let attention: Attention
    private let early: EarlyConnection
    private let history: History

    init(session: Session) {
        self.session = session
        completer = Completer(session)
        let workspace = session.workspace
        early = EarlyConnection { Task { @MainActor in workspace.expectCell() } }
        attention = Attention(session)
        history = History(path: session.environment.stateDirectory + "/history") { entry in
            !entry.hasPrefix(" ") && !SecretText.isIn(entry)
        }
    }

    func run() async {
        session.isInteractive = true
        session.workspace.mayChooseWarehouse = true
        session.jobs.announcesEnds = true
        session.interrupts.start()
        session.workspace.open()
        InputLanguage.shared.set(
            Habits(
                words: Registry.habits, commands: session.commands.names, topics: Set(Topic.all.map(\.name))))
        let editor = LineEditor(options: options())
        session.console.printAbovePrompt = { editor.print($0) }
        session.typeAhead = TypeAhead(take: { editor.takeTypeAhead() }, keep: { editor.keep(typeAhead: $0) })
        completer.functions.changed = { editor.redraw() }
        if editor.isInteractive { session.console.browseKey = "F3" }
        defer { session.console.printAbovePrompt = nil }
        session.prompter = Prompter(
            ask: { [console = session.console] question in
                await console.notWaiting { await Self.ask(question, editor) }
            },
            askSecret: { [console = session.console] question in
                let answer = await console.notWaiting { await editor.readSecret(Prompt(question)) }
                return if case .line(let text) = answer { Secret(text) } else { nil }
            })
        if !session.settings.isQuiet { greet() }
        await signIn()
        await loop(editor)
        attention.leave()
        await editor.close()
    }

    /// A host was named and nothing is configured for it: signs in, and goes on with that. Whoever does not want to has a shell
    /// that is not connected.
    private func signIn() async {
        guard let place = session.workspace.missingLogin() else { return }
        let signIn = BrowserSignIn(environment: session.environment) { [console = session.console] in console.say($0) }
        do {
            let user = try await session.interrupts.cancelling {
                try await signIn.run(host: place.host, accountID: place.accountID)
            }
            session.console.say("signed in" + (user.map { " as \($0)" } ?? "") + "; dbsh logout forgets it")
            session.workspace.openAgain()
        } catch {
            if Report.isCancellation(error) {
                session.console.say("not signed in; .connect asks for a token or another host")
            } else {
                session.console.tell(session.report(error))
            }
        }
    }

    private func loop(_ editor: LineEditor) async {
        // Before the first cell nobody needs the names of clusters and warehouses, or has asked for them.
        var hasRun = false
        var notRun: String?
        while true {
            early.promptAppears()
            if hasRun { refreshNames() }
            let settings = session.settings
            InputLanguage.shared.set(
                session.readingLanguage,
                .init(isVertical: settings.mode == .vertical, showsTiming: settings.showsTiming))
            setIdle(true)
            let suggestion = notRun ?? nextLesson() ?? ""
            notRun = nil
            let read = await editor.readLine(PromptText(session).prompt, editing: suggestion)
            setIdle(false)
            switch read {
            case .line(let text):
                let start = ContinuousClock.now
                attention.begin(text)
                let ran = await run(text)
                if ran.isForWorkspace { hasRun = true }
                notRun = ran.notRun
                attention.end(after: start.duration(to: .now))
            case .interrupted: continue
            case .endOfFile: session.wantsToQuit = true
            case .terminated: return
            }
            if session.interrupts.termination != nil { return }
            if session.wantsToQuit, await Leaving(session).isAgreed(asking: { await Self.ask($0, editor) }) { return }
        }
    }

    /// While the shell waits for the user names are fetched, and the ends of jobs are shown.
    private func setIdle(_ isIdle: Bool) {
        completer.isIdle = isIdle
        session.jobs.isAtPrompt = isIdle
    }

    /// Shows the tutorial's next step.
    /// - Returns: its cell; nil without a tutorial, or at its end.
    private func nextLesson() -> String? {
        guard let tutorial = session.tutorial else { return nil }
        guard let step = tutorial.next(in: session.workspace) else {
            session.tutorial = nil
            return nil
        }
        let environment = session.environment
        let columns = TerminalSize.of(environment.standardOutput, environment: environment.variables)?.columns
        let text = Wrapping.lines(step.title, width: (columns ?? 80) - 1).joined(separator: "\n")
        session.console.say(styled: "")
        session.console.say(styled: session.console.colorsErrors ? "\u{1b}[36m\(text)\u{1b}[0m" : text)
        return step.cell
    }

    /// What became of a text.
    private struct Ran {
        /// There was a cell for the workspace.
        var isForWorkspace = false
        /// Nothing of it has run, for a reason that is gone by now: it is offered again.
        var notRun: String?
    }

    /// Runs the cells of what was typed or pasted, up to the first that fails.
    private func run(_ typed: String) async -> Ran {
        var (text, ran) = (typed, Ran())
        switch InputLanguage.shared.meaning(of: text) {
        case .advice(let words):
            session.console.say(words)
            return ran
        case .text(let meant):
            if Habits.isSwitch(text) { session.console.say(meant) }
            text = meant
        case nil: break
        }
        var hasFailed = false
        var reader = CellReader(language: session.readingLanguage, commands: session.commands.names)
        reader.append(Array(text.utf8))
        reader.finish()
        completer.note(text)
        var isFirst = true
        while !session.wantsToQuit {
            reader.language = session.readingLanguage
            guard let cell = reader.next() else { break }
            if case .code(.sql, _) = cell.content { completer.prefetch() }
            switch cell.content {
            case .code, .clusterMagic: ran.isForWorkspace = true
            case .meta, .run, .note, .skipped, .invalid: break
            }
            do { try await runPaged(cell) } catch {
                hasFailed = !Report.isCancellation(error)
                if isFirst, Self.cameBefore(error) { ran.notRun = typed }
                await report(error, cell, isOffered: ran.notRun != nil)
                break
            }
            isFirst = false
        }
        history.note(typed, hasFailed: hasFailed && ran.notRun == nil)
        return ran
    }

    /// Whether the cell was refused for the loss of what the next one gets anew.
    private static func cameBefore(_ error: any Error) -> Bool {
        error is StatementSessionLost || (error as? ContextLost)?.cameBefore == true
    }

    private func report(_ error: any Error, _ cell: Cell, isOffered: Bool) async {
        session.reports?.settle()
        if let words = Report.cancellation(error) { return session.console.say(words) }
        var report = session.report(error)
        guard !report.wasShown else { return }
        if isOffered {
            report.hint =
                "what the session held is lost, and nothing was run again: Enter runs the cell, Ctrl-C drops it"
        }
        report.excerpt = ErrorPosition.excerpt(error, in: cell)
        if report.hint == nil { report.hint = await completer.proposal(for: report, in: cell) }
        session.console.tell(report)
    }

    /// What is being typed, as the user's editor leaves it; nil, which is told, when that fails.
    private func edited(_ text: String) async -> String? {
        do {
            let bytes = try await ExternalEditor(session.environment).edit(text, language: session.language)
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            session.console.tell(session.report(error))
            return nil
        }
    }

    /// The last result on the whole screen. Gives back what was typed for the prompt.
    private func browse(_ typed: [UInt8]) async -> [UInt8] {
        do { return try await Browser.show(session, typed: typed) } catch {
            session.console.tell(session.report(error))
            return typed
        }
    }

    private func runPaged(_ cell: Cell) async throws {
        if isPaged(cell) { session.console.beginPaging() }
        do { try await CellRunner(session: session).run(cell) } catch {
            try? await session.console.endPaging(interrupts: session.interrupts)
            throw error
        }
        try await session.console.endPaging(interrupts: session.interrupts)
    }

    /// The output of cells that run others, or talk with the user, is not buffered for the pager.
    private func isPaged(_ cell: Cell) -> Bool {
        let traits = session.commands.traits(of: cell)
        switch session.settings.pager {
        case .off: return false
        case .help: return traits.contains(.isHelp)
        case .on: break
        }
        switch cell.content {
        case .meta: return traits.isDisjoint(with: [.runsCells, .isUnpaged])
        case .run, .note, .skipped, .invalid: return false
        case .code, .clusterMagic: return true
        }
    }

    private static func ask(_ question: String, _ editor: LineEditor) async -> String? {
        if case .line(let answer) = await editor.ask(Prompt(question)) { answer.trimmingBlanks() } else { nil }
    }

    private func greet() {
        let name = "dbsh \(Version.number)"
        let place = session.workspace.isLocal ? " · local workspace" : ""
        let line = session.console.fitted("\(name)\(place) · .help says what to type, Ctrl-D leaves")
        let isStyled = session.console.colorsErrors
        session.console.say(styled: isStyled ? "\u{1b}[1m\(name)\u{1b}[0m" + line.dropFirst(name.count) : line)
    }

    private func refreshNames() {
        if let client = session.workspace.client { session.workspace.names.refresh(client) }
    }

    private func options() -> EditorOptions {
        var options = EditorOptions()
        options.input = session.environment.standardInput
        options.output = session.environment.standardOutput
        options.history = history
        options.color = session.console.colorsResults
        options.isComplete = { InputLanguage.shared.completeness(of: $0) }
        options.remark = { InputLanguage.shared.remark(on: $0) }
        options.editElsewhere = { await edited($0) }
        options.browse = { await browse($0) }
        options.hidesTypeAhead = true
        options.continuationPrompts = { InputLanguage.shared.continuationPrompts(for: $0) }
        options.highlight = { InputLanguage.shared.spans(in: $0) }
        options.onInput = { [early] in early.keyWasPressed() }
        options.onEdit = { [completer] text in Task { @MainActor in completer.watch(text) } }
        let usages = completer.functions.usages
        options.hint = { InputLanguage.shared.isSQL($0) ? SQLHint.line($0, at: $1, usages: usages) : [] }
        options.complete = { [completer] text, cursor in await completer.complete(text, at: cursor) }
        return options
    }
}
