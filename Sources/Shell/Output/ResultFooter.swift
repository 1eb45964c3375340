import Results
import Terminal
import Text

extension ResultPresenter {
    /// `21,932 rows · 0.41 s · 16 shown · F3 shows all`: one line that fits, on stderr, at a terminal; before it, if the service
    /// has cut the result, that it has.
    /// - Throws: `CutResult` in a strict session.
    func footer(_ drawn: Drawn?, cut: CutResult? = nil, _ origin: Origin) throws {
        if let cut { try tell(cut) }
        let isShown = !settings.isQuiet && console.environment.errorIsTerminal
        guard isShown || settings.showsTiming else { return }
        var facts: [String] = []
        if isShown, let drawn { facts.append(Self.rows(drawn.rows)) }
        if let elapsed = origin.elapsed { facts.append(Quantity.seconds(elapsed)) }
        let hidden = isShown ? drawn.map(self.hidden) ?? [] : []
        let id = isShown && (origin.isJob || settings.showsTiming) ? origin.id.map { [$0] } ?? [] : []
        console.say(shorteningTo: hidden.map { facts + $0 + id } + hidden.map { facts + $0 } + [facts + id, facts])
    }

    static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(Quantity.grouped(count)) rows" }

    /// What the drawing left out, and the key that shows it: in full, and in short.
    func hidden(_ drawn: Drawn) -> [[String]] {
        let omissions = drawn.omissions
        guard !omissions.isEmpty else { return [] }
        var parts: [String] = []
        if omissions.hiddenRows > 0 { parts.append("\(Quantity.grouped(drawn.rows - omissions.hiddenRows)) shown") }
        if omissions.hiddenColumns > 0 {
            parts.append(omissions.hiddenColumns == 1 ? "1 column hidden" : "\(omissions.hiddenColumns) columns hidden")
        }
        if omissions.shortenedCells { parts.append("text cut") }
        if omissions.shortenedNames, parts.isEmpty { parts.append("names cut") }
        let key = "\(wayToSee(omissions, rows: drawn.rows)) shows all"
        return [[parts.joined(separator: ", "), key], [key]]
    }

    /// What to press or type.
    private func wayToSee(_ omissions: Omissions, rows: Int) -> String {
        if let key = console.browseKey, isLastResult { return key }
        guard omissions.cutsAcross else { return ".rows 0" }
        // Without rows vertical has nothing to show.
        return omissions.hiddenColumns == 0 && !omissions.shortenedCells || rows == 0 ? ".mode csv" : ".mode vertical"
    }
}

extension Console {
    /// Says the first of these lists of facts that fits into a line of stderr's terminal, else the last, which is the shortest.
    func say(shorteningTo choices: [[String]]) {
        let lines = choices.map { $0.joined(separator: " · ") }
        let screen = TerminalSize.of(environment.standardError, environment: environment.variables)
        let line = lines.first { line in screen.map { DisplayWidth.of(line) <= $0.columns } ?? true } ?? lines.last
        if let line, !line.isEmpty { say(line) }
    }

    /// Says that rows were filled up with NULL: the reader cannot see it.
    func tell(shortRows count: Int) {
        guard count > 0 else { return }
        let subject = count == 1 ? "1 row came" : "\(Quantity.grouped(count)) rows came"
        say("\(subject) with fewer cells than the result has columns: the missing ones are NULL here")
    }
}

extension ResultPresenter {
    /// Says that a result is not whole, on stderr and in the log, however quiet the session is.
    /// - Throws: `CutResult` in a strict session.
    func tell(_ cut: CutResult) throws {
        console.log?.add(.remark("\(cut.message): \(cut.advice)"))
        if settings.isStrict { throw cut }
        console.say("\(cut.message): \(cut.advice)")
    }
}
