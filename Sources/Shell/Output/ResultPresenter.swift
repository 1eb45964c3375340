import Databricks
import Results
import Terminal

/// Draws results in the session's mode and says in a footer what they were.
struct ResultPresenter {
    let console: Console
    let settings: Settings
    /// Remembers the results that are shown.
    var log: SessionLog?

    /// What a footer says besides the number of rows.
    struct Origin {
        var elapsed: Duration?
        var place: String?
        var id: String?
    }

    /// The format in force: what was set, else box at a terminal and csv elsewhere.
    var format: Format { settings.mode ?? (console.resultsReachTerminal ? .box : .csv) }

    /// What a result turned out to be when it was drawn.
    struct Drawn {
        var rows = 0
        var omissions = Omissions()
    }

    /// A result that arrives in batches.
    func show(
        _ columns: [Column], batches: some AsyncSequence<ResultStore, any Error>, as chosen: Format? = nil
    ) async throws -> Drawn {
        let writer = (chosen ?? format).writer(options: options, output: console.results)
        var drawn = Drawn()
        let kept = keep(columns)
        try writer.begin(columns)
        for try await store in batches {
            kept.add(store)
            drawn.rows += store.rowCount
            try writer.write(store)
        }
        try writer.end()
        try console.results.flush()
        drawn.omissions = writer.omissions
        return drawn
    }

    /// A result that is there as a whole.
    @discardableResult
    func show(_ columns: [Column], _ store: ResultStore, as chosen: Format? = nil) throws -> Drawn {
        let writer = (chosen ?? format).writer(options: options, output: console.results)
        keep(columns).add(store)
        try writer.begin(columns)
        try writer.write(store)
        try writer.end()
        try console.results.flush()
        return Drawn(rows: store.rowCount, omissions: writer.omissions)
    }

    private func keep(_ columns: [Column]) -> LoggedTable {
        let table = LoggedTable(columns)
        log?.add(.table(table))
        return table
    }

    /// A list made by dbsh itself (`.clusters`), which is a result like any other.
    func show(_ columns: [Column], rows: [[String?]]) throws {
        try show(columns, ResultStore(columnCount: columns.count, rows: rows))
    }

    /// The facts about one thing (`.cluster`): one row with a column for each fact that is known. At a terminal it is drawn
    /// vertically unless a mode was set, since nobody reads fifteen columns side by side.
    func show(record: [(name: String, value: String?)]) throws {
        let facts = record.filter { $0.value?.isEmpty == false }
        let store = ResultStore(columnCount: facts.count, rows: [facts.map(\.value)])
        let isDefault = settings.mode == nil && console.resultsReachTerminal
        try show(facts.map { .text($0.name) }, store, as: isDefault ? .vertical : nil)
    }

    /// `3 rows · 0.41 s · starter · 01ef…`, on stderr, at a terminal.
    func footer(_ drawn: Drawn?, truncated: Bool = false, _ origin: Origin) {
        let isShown = !settings.isQuiet && console.environment.errorIsTerminal
        guard isShown || settings.showsTiming else { return }
        var parts: [String] = []
        if isShown, let drawn {
            parts.append(drawn.rows == 1 ? "1 row" : "\(Quantity.grouped(drawn.rows)) rows")
            if truncated { parts.append("cut short by the service") }
            parts += remarks(on: drawn.omissions)
        }
        if let elapsed = origin.elapsed { parts.append(Quantity.seconds(elapsed)) }
        if isShown, let place = origin.place { parts.append(place) }
        if isShown, let id = origin.id { parts.append(id) }
        if !parts.isEmpty { console.say(parts.joined(separator: " · ")) }
    }

    /// What the drawing left out, and how to see it.
    private func remarks(on omissions: Omissions) -> [String] {
        var parts: [String] = []
        if omissions.hiddenColumns > 0 {
            let noun = omissions.hiddenColumns == 1 ? "column" : "columns"
            parts.append("\(omissions.hiddenColumns) \(noun) not shown, .mode vertical shows them")
        } else if omissions.shortenedCells {
            parts.append("long cells shortened, .mode vertical shows them")
        }
        if omissions.hiddenRows > 0 { parts.append(".rows 0 shows all") }
        return parts
    }

    private var options: FormatOptions {
        let terminal = console.resultsReachTerminal
        var options = FormatOptions()
        options.width =
            terminal
            ? TerminalSize.of(console.environment.standardOutput, environment: console.environment.variables)?.columns
            : nil
        options.rowLimit = settings.rows.map { $0 == 0 ? nil : $0 } ?? (terminal ? 40 : nil)
        options.nullText = settings.nullText
        options.color = terminal && console.colorsResults
        options.sanitize = terminal
        return options
    }
}

/// Numbers as people read them.
nonisolated enum Quantity {
    /// `39960` → `39,960`
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.insert(digits.suffix(3), at: 0)
            digits = String(digits.dropLast(3))
        }
        groups.insert(digits[...], at: 0)
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `0.41 s`, `12.3 s`, `2 min 05 s`
    static func seconds(_ duration: Duration) -> String {
        let (whole, fraction) = duration.components
        let seconds = Double(whole) + Double(fraction) / 1e18
        if seconds >= 60 {
            let rest = Int(seconds) % 60
            return "\(Int(seconds) / 60) min \(rest < 10 ? "0" : "")\(rest) s"
        }
        let places = seconds < 10 ? 100.0 : 10.0
        let scaled = Int((seconds * places).rounded())
        let tail = String(scaled % Int(places))
        let padded = String(repeating: "0", count: (places == 100 ? 2 : 1) - tail.count) + tail
        return "\(scaled / Int(places)).\(padded) s"
    }
}
