import Databricks
import Results
import System

/// What ran in the session and its outcome, cell by cell, for `.history`, `.rerun`, `.save`, `.record`, `.gset` and
/// `.expect`. Memory is bounded; the rows of the oldest results are dropped first.
final class SessionLog {
    /// An output of a cell.
    enum Output {
        case text(String)
        case html(String)
        /// What was shown of the HTML before it, as outputs of their own, ends here.
        case htmlEnd
        case table(LoggedTable)
        case image(ImageReference)
        /// What dbsh said about the result, e.g. that the service had cut it short.
        case remark(String)
    }

    /// How a cell ended.
    enum State {
        case running
        case succeeded
        case failed(Failure)
        case cancelled
        /// It was not run: an `.if` before it says so.
        case skipped

        var withoutSecrets: State {
            guard case .failed(let failure) = self else { return self }
            return .failed(
                Failure(
                    headline: Redaction.secrets(in: failure.headline),
                    detail: failure.detail.map { Redaction.secrets(in: $0) }, codes: failure.codes,
                    wasExpected: failure.wasExpected))
        }
    }

    /// Why a cell failed. Its words may be a server's, which may repeat a secret.
    struct Failure {
        let headline: String
        let detail: String?
        /// The names that `.expect error` may use for it: error class, SQLSTATE, the service's code, the exception's name.
        let codes: [String]
        /// `.expect error` wanted the failure, so the cell takes part in a replay.
        var wasExpected = false
    }

    /// One cell that was run.
    struct Entry {
        /// From 1, as `.history` and `.rerun` count.
        let number: Int
        let cell: Cell
        /// The language of plain cells when it ran.
        let language: Language
        /// The traits of its command; none for code.
        let traits: CommandTraits
        /// The script that it came from; nil for what was typed.
        let source: String?
        let started = WallTime.now
        var outputs: [Output] = []
        var state = State.running
        var elapsed = Duration.zero
        var facts = CellFacts()

        /// It only ran others, which have entries of their own (`%run`, `.read` and the like).
        var isContainer: Bool {
            if case .run = cell.content { return true }
            return traits.contains(.runsCells)
        }

        /// It has ended.
        var hasEnded: Bool { if case .running = state { false } else { true } }

        /// It takes part in a replay: it succeeded, or failed as it should.
        var replays: Bool {
            if isContainer { return false }
            switch state {
            case .succeeded: return true
            case .failed(let failure): return failure.wasExpected
            case .running, .cancelled, .skipped: return false
            }
        }

        /// Something `.expect` can judge: code, a command with a table, and any cell that failed.
        var hasResult: Bool {
            if traits.contains(.judges) { return false }
            switch state {
            // Of a script that failed, its own cell is judged.
            case .failed(let failure): return !isContainer || !failure.codes.isEmpty
            case .running, .skipped: return false
            case .succeeded, .cancelled: break
            }
            switch cell.content {
            case .code, .clusterMagic: return true
            case .meta: return !isContainer && !tables.isEmpty
            case .run, .note, .skipped, .invalid: return false
            }
        }

        var tables: [LoggedTable] {
            outputs.compactMap { if case .table(let table) = $0 { table } else { nil } }
        }

        var text: String {
            outputs.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        }
    }

    /// Results kept in all, at most.
    private static let mostBytes = 128 << 20
    /// Cells remembered, at most: a script may run for days.
    private static let mostEntries = 10_000

    private(set) var entries: [Entry] = []
    /// The numbers of cells that are running, outermost first: output belongs to the innermost.
    private var running: [Int] = []
    private var nextNumber = 1
    private var textBytes = 0
    /// False while the rc file runs, which is no part of the session.
    var isOn = true
    /// Writes cells down as they succeed (`.record`).
    var recorder: Recorder?

    /// The last cell whose result can be judged.
    var lastResult: Entry? { entries.last { $0.hasResult } }

    /// The last table a cell that succeeded has shown.
    var lastTable: LoggedTable? { entries.last { !$0.tables.isEmpty }?.tables.last }

    func entry(_ number: Int) -> Entry? { index(of: number).map { entries[$0] } }

    /// A cell begins.
    /// - Returns: its number, for `end`.
    /// - Parameter source: the script that it came from.
    func begin(_ cell: Cell, language: Language, _ traits: CommandTraits = [], source: String? = nil) -> Int {
        let number = nextNumber
        guard isOn else { return 0 }
        nextNumber += 1
        if entries.count >= Self.mostEntries { entries.removeFirst(Self.mostEntries / 10) }
        entries.append(Entry(number: number, cell: cell, language: language, traits: traits, source: source))
        running.append(number)
        return number
    }

    /// A cell has ended.
    func end(_ number: Int, _ state: State, elapsed: Duration) throws {
        guard let index = index(of: number) else { return }
        running.removeAll { $0 == number }
        entries[index].state = state.withoutSecrets
        entries[index].elapsed = elapsed
        trim()
        try recorder?.add(entries[index])
    }

    /// The script wanted the failure of this cell.
    func markExpected(_ number: Int) throws {
        guard let index = index(of: number), case .failed(var failure) = entries[index].state else { return }
        failure.wasExpected = true
        entries[index].state = .failed(failure)
        try recorder?.add(entries[index])  // now it takes part in a replay
    }

    /// Where the running cell stands in its script.
    var currentPlace: SourcePosition {
        running.last.flatMap { index(of: $0) }.map { entries[$0].cell.start } ?? SourcePosition(line: 1, column: 1)
    }

    /// Notes something about the running cell's work.
    func note(_ change: (inout CellFacts) -> Void) {
        guard isOn, let number = running.last, let index = index(of: number) else { return }
        change(&entries[index].facts)
    }

    /// Adds an output of the running cell.
    func add(_ output: Output) {
        guard isOn, let number = running.last, let index = index(of: number) else { return }
        // Text that is printed in pieces is one output.
        if case .text(let more) = output {
            let kept = textBytes > Self.mostBytes / 4 ? "" : more
            textBytes += kept.utf8.count
            if case .text(let text)? = entries[index].outputs.last {
                entries[index].outputs[entries[index].outputs.count - 1] = .text(text + kept)
                return
            }
            entries[index].outputs.append(.text(kept))
            return
        }
        entries[index].outputs.append(output)
    }

    private func index(of number: Int) -> Int? {
        guard let first = entries.first?.number, number >= first, number - first < entries.count else { return nil }
        return number - first
    }

    /// Drops the rows of the oldest results when all results together take too much memory.
    private func trim() {
        var bytes = 0
        for entry in entries.reversed() {
            for table in entry.tables {
                bytes += table.memory
                if bytes > Self.mostBytes { table.dropRows() }
            }
        }
    }
}

/// A result as the session remembers it: its columns, how many rows it had, and the first of them.
final class LoggedTable {
    /// Rows of one result kept beyond its first batch, at most.
    private static let mostBytes = 8 << 20

    let columns: [Column]
    private(set) var rowCount = 0
    private(set) var stores: [ResultStore] = []
    /// Every row is here.
    private(set) var isWhole = true
    /// The service cut it short.
    let isTruncated: Bool
    /// Its bytes, in the service's own count, and its rows, when the service said so.
    let byteCount: Int?
    private let totalRows: Int?

    init(_ columns: [Column], isTruncated: Bool = false, byteCount: Int? = nil, totalRows: Int? = nil) {
        self.columns = columns
        self.isTruncated = isTruncated
        self.byteCount = byteCount
        self.totalRows = totalRows
    }

    /// How many rows it has, also when they did not pass here one by one.
    var size: Int { totalRows ?? rowCount }

    var memory: Int { stores.reduce(0) { $0 + $1.memory } }

    func add(_ store: ResultStore) {
        rowCount += store.rowCount
        guard isWhole, stores.isEmpty || memory + store.memory <= Self.mostBytes else {
            isWhole = false
            return
        }
        stores.append(store)
    }

    /// Counts rows that were not fetched, because they would not be shown.
    func skip(_ count: Int) {
        rowCount += count
        isWhole = false
    }

    /// Drops the rows; their count stays.
    func dropRows() {
        isWhole = isWhole && rowCount == 0
        stores = []
    }

    /// The first rows, as text, at most `count`.
    func rows(_ count: Int) -> [[String?]] {
        var rows: [[String?]] = []
        for store in stores {
            for row in 0..<store.rowCount where rows.count < count {
                rows.append(columns.indices.map { store.text(row, $0) })
            }
        }
        return rows
    }
}
