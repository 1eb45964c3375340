import Databricks
import Results
import Terminal

/// Draws results in the session's mode and says in a footer what they were.
struct ResultPresenter {
    let console: Console
    let settings: Settings

    /// What a footer says besides the number of rows.
    struct Origin {
        var elapsed: Duration?
        var place: String?
        var id: String?
    }

    /// The format in force: what was set, else box at a terminal and csv elsewhere.
    var format: Format { settings.mode ?? (console.resultsReachTerminal ? .box : .csv) }

    /// A result that arrives in batches. Returns the number of rows.
    @discardableResult
    func show(
        _ columns: [Column], batches: some AsyncSequence<ResultStore, any Error>, as chosen: Format? = nil
    ) async throws -> Int {
        let format = chosen ?? format
        let writer = format.writer(options: options, output: console.results)
        var rows = 0
        var hasBegun = false
        for try await store in batches {
            if !hasBegun { try writer.begin(columns) }
            hasBegun = true
            rows += store.rowCount
            try writer.write(store)
        }
        if !hasBegun { try writer.begin(columns) }
        try writer.end()
        try console.results.flush()
        return rows
    }

    /// A result that is there as a whole.
    func show(_ columns: [Column], _ store: ResultStore, as chosen: Format? = nil) throws {
        let writer = (chosen ?? format).writer(options: options, output: console.results)
        try writer.begin(columns)
        try writer.write(store)
        try writer.end()
        try console.results.flush()
    }

    /// A list made by dbsh itself (`.clusters`), which is a result like any other.
    func show(_ columns: [Column], rows: [[String?]]) throws {
        try show(columns, ResultStore(columnCount: columns.count, rows: rows))
    }

    /// `3 rows · 0.41 s · starter · 01ef…`, on stderr, at a terminal.
    func footer(rows: Int?, truncated: Bool = false, _ origin: Origin) {
        let shown = !settings.isQuiet && console.environment.errorIsTerminal
        guard shown || settings.showsTiming else { return }
        var parts: [String] = []
        if shown, let rows { parts.append(rows == 1 ? "1 row" : "\(Quantity.grouped(rows)) rows") }
        if shown, truncated { parts.append("cut short by the service") }
        if let elapsed = origin.elapsed { parts.append(Quantity.seconds(elapsed)) }
        if shown, let place = origin.place { parts.append(place) }
        if shown, let id = origin.id { parts.append(id) }
        if !parts.isEmpty { console.say(parts.joined(separator: " · ")) }
    }

    private var options: FormatOptions {
        let terminal = console.resultsReachTerminal
        var options = FormatOptions()
        options.width = terminal ? TerminalSize.columns(of: console.environment.standardOutput) : nil
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
