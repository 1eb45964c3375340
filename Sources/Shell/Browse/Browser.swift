import Results
import Terminal
import Text

/// The last result on the whole window, until `q`: `.browse`, F3.
final class Browser {
    /// What the last line is for.
    enum Mode {
        case table, record, help
        case asking(String, typed: String, then: @MainActor (Browser, String) async -> Void)
    }

    struct Search {
        let pattern: BrowsePattern
        var row: Int
        let backwards: Bool
    }

    let session: Session
    let screen: FullScreen
    let rows: BrowsedRows
    var table: BrowseTable
    var record = BrowseRecord()
    var mode = Mode.table
    /// Said in the last line until the next key.
    var message: String?
    var pattern: BrowsePattern?
    var search: Search?
    /// Rows on their way here.
    var fetching: (task: Task<Void, Never>, rows: Range<Int>)?
    /// Where fetching has failed: not tried again before the next key.
    var failed: Range<Int>?
    var isExporting = false
    let isTruncated: Bool

    /// Shows the last result of the session, if a terminal is there for it.
    /// - Parameter typed: what was typed before, for the browser.
    /// - Returns: what was typed after it.
    /// - Throws: `UsageError`.
    static func show(_ session: Session, typed: [UInt8] = []) async throws -> [UInt8] {
        guard let content = session.last.content, !content.columns.isEmpty else {
            throw UsageError("there is no result yet", hint: "run a statement first")
        }
        let rows = try BrowsedRows(content)
        let environment = session.environment
        guard environment.inputIsTerminal, environment.outputIsTerminal,
            !["", "dumb"].contains(environment["TERM"] ?? ""),
            let screen = FullScreen(
                input: environment.standardInput, output: environment.standardOutput, typed: typed,
                interrupts: session.interrupts)
        else {
            throw UsageError("only a terminal can be browsed on", hint: ".rows 0 and .last write all rows")
        }
        let browser = Browser(session, screen, rows, isTruncated: content.isTruncated)
        await browser.run()
        return await screen.leave()
    }

    private init(_ session: Session, _ screen: FullScreen, _ rows: BrowsedRows, isTruncated: Bool) {
        (self.session, self.screen, self.rows, self.isTruncated) = (session, screen, rows, isTruncated)
        table = BrowseTable(rows.columns, nullText: session.settings.nullText)
    }

    // MARK: The loop

    func run() async {
        while true {
            draw()
            advance()
            switch await screen.next() {
            case .key(let key):
                failed = nil
                if await !act(on: key) { break }
                continue
            case .resized, .woken: continue
            case .terminated: break
            }
            break
        }
        fetching?.task.cancel()
        await fetching?.task.value
    }

    var count: Int { table.order?.count ?? rows.count }
    var bodyLines: Int { max(1, screen.size.rows - BrowseTable.headerLines - 1) }

    /// Fetches what is to be seen and is not here; goes on with a search.
    func advance() {
        guard fetching == nil else { return }
        if let wanted = search?.row ?? missingRow { fetch(wanted) }
    }

    var missingRow: Int? {
        (table.top..<max(table.top, min(count, table.top + bodyLines))).first {
            rows.place(of: table.number(of: $0)) == nil
        }
        .map { table.number(of: $0) }
    }

    func fetch(_ row: Int) {
        guard let (range, areHere) = rows.neighbours(of: row), !areHere, failed != range else { return }
        let (rows, screen) = (rows, screen)
        let task = Task {
            do { try await rows.fetch(around: row) } catch {
                if !Task.isCancelled {
                    message = session.report(error).headline
                    failed = range
                }
                search = nil
            }
            fetching = nil
            if search != nil { find() }
            screen.wake()
        }
        fetching = (task, range)
    }
}
