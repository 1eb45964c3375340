import Results
import Terminal
import Text

extension ResultPresenter {
    /// `3 rows · 0.41 s · starter · 01ef…`, on stderr, at a terminal; before it, if the service has cut the result, that it has.
    /// - Throws: `CutResult` in a strict session.
    func footer(_ drawn: Drawn?, cut: CutResult? = nil, _ origin: Origin) throws {
        if let cut { try tell(cut) }
        let isShown = !settings.isQuiet && console.environment.errorIsTerminal
        guard isShown || settings.showsTiming else { return }
        var size: [String] = []
        var remarks: [String] = []
        if isShown, let drawn {
            size.append(drawn.rows == 1 ? "1 row" : "\(Quantity.grouped(drawn.rows)) rows")
            remarks = self.remarks(on: drawn.omissions, rows: drawn.rows)
        }
        var facts: [String] = []
        if let elapsed = origin.elapsed { facts.append(Quantity.seconds(elapsed)) }
        if isShown, let place = origin.place { facts.append(place) }
        if isShown, let id = origin.id { facts.append(id) }
        let line = (size + remarks + facts).joined(separator: " · ")
        guard !line.isEmpty else { return }
        let screen = TerminalSize.of(console.environment.standardError, environment: console.environment.variables)
        if let screen, !remarks.isEmpty, DisplayWidth.of(line) > screen.columns {
            console.say(remarks.joined(separator: " · "))
            console.say((size + facts).joined(separator: " · "))
        } else {
            console.say(line)
        }
    }

    /// What the drawing left out, and how to see it.
    private func remarks(on omissions: Omissions, rows: Int) -> [String] {
        var parts: [String] = []
        if omissions.hiddenColumns > 0 {
            let noun = omissions.hiddenColumns == 1 ? "column" : "columns"
            let mode = rows == 0 ? "csv" : "vertical"
            parts.append("\(omissions.hiddenColumns) \(noun) not shown, .mode \(mode) shows them")
        } else if omissions.shortenedCells {
            parts.append("long cells shortened, .mode vertical shows them")
        } else if omissions.shortenedNames {
            // Without rows vertical has nothing to show.
            parts.append("long names shortened, .mode csv shows them")
        }
        if omissions.hiddenRows > 0 { parts.append(".rows 0 shows all") }
        return parts
    }
}

extension Console {
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
