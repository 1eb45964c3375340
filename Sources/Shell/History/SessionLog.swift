import Databricks
import System

/// What ran in the session and its outcome, cell by cell, for `.history`, `.rerun`, `.save`, `.record`, `.gset` and
/// `.expect`. Memory is bounded; the rows of the oldest results are dropped first.
final class SessionLog {
    /// Results kept in all, at most.
    private static let mostBytes = 128 << 20
    /// Cells remembered, at most: a script may run for days.
    private static let mostEntries = 10_000

    private(set) var entries: [Entry] = []
    /// The numbers of cells that are running, outermost first: output belongs to the innermost.
    private var running: [Int] = []
    private var nextNumber = 1
    private var textBytes = 0
    /// The tables of cells that have ended whose rows are kept; the oldest first.
    private var kept: ArraySlice<(number: Int, table: LoggedTable, bytes: Int)> = []
    private var keptBytes = 0
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
        if entries.count >= Self.mostEntries {
            entries.removeFirst(Self.mostEntries / 10)
            while let oldest = kept.first, oldest.number < entries[0].number { dropOldest() }
        }
        entries.append(
            Entry(
                number: number, cell: cell, language: language, traits: traits, source: source, parent: running.last))
        running.append(number)
        return number
    }

    /// A cell has ended.
    func end(_ number: Int, _ state: State, elapsed: Duration) throws {
        guard let index = index(of: number) else { return }
        running.removeAll { $0 == number }
        entries[index].state = state.withoutSecrets
        entries[index].elapsed = elapsed
        for table in entries[index].tables {
            kept.append((number, table, table.memory))
            keptBytes += table.memory
        }
        while keptBytes > Self.mostBytes { dropOldest() }
        try recorder?.add(entries[index])
    }

    /// A cell is running.
    var isBusy: Bool { !running.isEmpty }

    /// The script wanted the failure of this cell, and so of those that ran it and failed for it.
    func markExpected(_ number: Int) throws {
        guard let index = index(of: number), case .failed(var failure) = entries[index].state else { return }
        failure.wasExpected = true
        entries[index].state = .failed(failure)
        try recorder?.add(entries[index])  // now it takes part in a replay
        if let parent = entries[index].parent { try markExpected(parent) }
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

    /// Drops the rows of the oldest result: all together take too much memory.
    private func dropOldest() {
        guard let oldest = kept.popFirst() else { return }
        keptBytes -= oldest.bytes
        oldest.table.dropRows()
    }
}
