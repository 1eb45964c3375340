import Databricks
import Results
import Terminal
import Text

/// Draws results in the session's mode and says in a footer what they were.
struct ResultPresenter {
    let console: Console
    var settings: Settings
    /// Keeps what is drawn; nil when a kept result is drawn again.
    var last: LastResult?
    /// Whether what is drawn is the last result, which can be looked at in other ways.
    var isLastResult = true

    /// What a footer says besides the number of rows.
    struct Origin {
        var elapsed: Duration?
        /// Of the statement or command. Shown with the times (`.timing on`), and when it ran as a job.
        var id: String?
        var isJob = false
    }

    /// The format in force: what the name of the file says that results go to, else what was set, else box at a terminal
    /// and csv elsewhere.
    var format: Format {
        console.current?.format?.format ?? settings.mode ?? (console.resultsAreForReading ? .box : .csv)
    }

    /// The size of a result, and what its drawing left out.
    struct Drawn {
        var rows = 0
        /// Of these, rows that came with fewer cells than there are columns.
        var shortRows = 0
        /// `--max-rows` has cut it.
        var isCut = false
        var omissions = Omissions()

        mutating func add(_ store: ResultStore) {
            rows += store.rowCount
            shortRows += store.shortRows
        }
    }

    /// What will be shown of a statement's result when it is large; nil for all of it.
    func firstPage(as chosen: Format? = nil) -> FirstPage? {
        if let most = settings.maxRows { return FirstPage(rows: 2 * most, ofMoreBytesThan: LastResult.memoryLimit) }
        let limited = writer(chosen) as? any LimitedWriter
        return limited?.rowsShown.map { FirstPage(rows: $0, ofMoreBytesThan: LastResult.memoryLimit) }
    }

    /// A statement's result, whose rows arrive while they are drawn. Of a large one, rows that will not be shown are not
    /// even fetched.
    func show(_ result: StatementResult, of text: String, as chosen: Format? = nil) async throws -> Drawn {
        let writer = writer(chosen)
        try console.refuseDetached()
        last?.begin(result.columns, statement: result, text: text)
        let isLarge = (result.totalByteCount ?? 0) > LastResult.memoryLimit
        return try await draw(result.columns, with: writer) { drawn in
            let limited = isLarge ? writer as? any LimitedWriter : nil
            // What is cut is not read: its rows are counted by the service.
            for try await batch in result.page(showing: settings.maxRows.map { 2 * $0 } ?? limited?.rowsShown) {
                switch batch {
                case .rows(let store):
                    last?.add(store)
                    if try write(store, to: writer, &drawn) { break }
                    last?.skip(0)
                    return tellCut(drawn, of: result.totalRowCount)
                case .skipped where settings.maxRows != nil:
                    last?.skip(0)
                    return tellCut(drawn, of: result.totalRowCount)
                case .skipped(let count):
                    drawn.rows += count
                    last?.skip(count)
                    limited?.skip(count)
                }
                reading(drawn.rows, of: result.totalRowCount)
            }
        }
    }

    /// Rows that arrive in batches.
    func show(_ columns: [Column], batches: ResultRows, as chosen: Format? = nil) async throws -> Drawn {
        let writer = writer(chosen)
        try console.refuseDetached()
        last?.begin(columns)
        return try await draw(columns, with: writer) { drawn in
            for try await store in batches {
                last?.add(store)
                guard try write(store, to: writer, &drawn) else { return tellCut(drawn, of: nil) }
                reading(drawn.rows, of: nil)
            }
        }
    }

    /// Writes rows, as many as there may be.
    /// - Returns: false when there were more.
    private func write(_ store: ResultStore, to writer: any ResultWriter, _ drawn: inout Drawn) throws -> Bool {
        let rest = settings.maxRows.map { $0 - drawn.rows } ?? .max
        let kept = store.first(rest)
        drawn.add(kept)
        try writer.write(kept)
        drawn.isCut = store.rowCount > rest
        return !drawn.isCut
    }

    /// Says on stderr and in the log, however quiet the session is, that rows were left out.
    private func tellCut(_ drawn: Drawn, of total: Int?) {
        let all = total.map { " of \(Quantity.grouped($0))" } ?? ""
        let words = "cut after \(Quantity.grouped(drawn.rows))\(all) rows (--max-rows); .export writes all of them"
        console.log?.add(.remark(words))
        console.say(words)
    }

    /// A result that is there as a whole.
    @discardableResult
    func show(_ columns: [Column], _ store: ResultStore, as chosen: Format? = nil, truncated: Bool = false) throws
        -> Drawn
    {
        try checkIsText()
        let writer = writer(chosen)
        try console.refuseDetached()
        noteFile()
        last?.begin(columns, isTruncated: truncated)
        last?.add(store)
        defer { last?.end() }
        var drawn = Drawn()
        do {
            try writer.begin(columns)
            if try !write(store, to: writer, &drawn) { tellCut(drawn, of: store.rowCount) }
            try writer.end()
            try console.results.flush()
        } catch let error where !console.readerHasClosed(error) {
            console.resultBrokeOff()
            throw error
        } catch {}
        console.tell(shortRows: store.shortRows)
        return Drawn(rows: store.rowCount, shortRows: store.shortRows, omissions: writer.omissions)
    }

    /// Draws what `rows` passes to the writer. A status line shows the progress, unless the rows appear as they
    /// arrive.
    private func draw(
        _ columns: [Column], with writer: any ResultWriter, _ rows: (inout Drawn) async throws -> Void
    ) async throws -> Drawn {
        var drawn = Drawn()
        do {
            try checkIsText()
            noteFile()
            try writer.begin(columns)
            if writer.drawsAtEnd || !console.resultsReachTerminal {
                try await console.waiting(for: "reading the result") { try await rows(&drawn) }
            } else {
                try await rows(&drawn)
            }
            try writer.end()
            try console.results.flush()
        } catch let error where !console.readerHasClosed(error) {
            last?.breakOff()
            console.resultBrokeOff()
            throw error
        } catch {
            last?.breakOff()
            return drawn
        }
        last?.end()
        console.tell(shortRows: drawn.shortRows)
        drawn.omissions = writer.omissions
        return drawn
    }

    private func reading(_ rows: Int, of total: Int?) {
        let all = total.map { " of " + Quantity.grouped($0) } ?? ""
        console.nowWaiting(for: "reading the result: \(Quantity.grouped(rows))\(all) rows")
    }

    private func writer(_ chosen: Format?) -> any ResultWriter {
        (chosen ?? format).writer(options: options, output: console.results)
    }

    private func noteFile() {
        guard let file = console.current?.file else { return }
        console.log?.note { $0.add(file: file.path) }
    }

    /// Only SQL on a warehouse can be had in the service's own formats.
    private func checkIsText() throws {
        guard let format = console.current?.format?.service else { return }
        throw UsageError(
            "only results of SQL on a warehouse can be written as \(format.title)", hint: format.alternative)
    }

    /// A list made by dbsh itself (`.clusters`), which is a result like any other. Its footer says only what is hidden.
    func show(_ columns: [Column], rows: [[String?]]) throws {
        let drawn = try show(columns, ResultStore(columnCount: columns.count, rows: rows))
        if !drawn.omissions.isEmpty { try footer(drawn, Origin()) }
    }

    /// The properties of one thing (`.cluster`): one row with a column for each property that is known. At a terminal it is drawn
    /// vertically unless a mode for something else was set, since nobody reads fifteen columns side by side.
    func show(record: [(name: String, value: String?)]) throws {
        let facts = record.filter { $0.value?.isEmpty == false }
        let store = ResultStore(columnCount: facts.count, rows: [facts.map(\.value)])
        let isTable = [.box, .table].contains(format) && console.resultsReachTerminal
        try show(facts.map { .text($0.name) }, store, as: isTable ? .vertical : nil)
    }

    private var options: FormatOptions {
        let terminal = console.resultsReachTerminal
        let reading = console.resultsAreForReading
        var options = FormatOptions()
        let screen =
            reading
            ? TerminalSize.of(console.environment.standardOutput, environment: console.environment.variables) : nil
        options.width = settings.lineWidth.map { $0 == 0 ? nil : $0 } ?? screen?.columns
        options.maxCellWidth = settings.cellWidth
        options.verticalWhenCut = settings.choosesByWidth
        options.rowLimit = settings.rows.flatMap { $0 == 0 ? nil : $0 }
        if settings.rows == nil, terminal, settings.pager != .on {
            // Below it there is the footer, and the prompt.
            options.lineLimit = (screen?.rows ?? 24) - 2
        }
        options.nullText = settings.nullText
        options.color = terminal && console.colorsResults
        options.sanitize = reading
        options.spill.directory = console.environment["TMPDIR"] ?? "/tmp"
        return options
    }
}
