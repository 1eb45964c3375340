import Databricks
import Results
import System

/// Writes a session's cells to a report as they end. A cell that failed is held until it is known whether the script wanted that
/// (`.expect error`): that is before the next cell begins, or where nothing more has come.
final class CellReports {
    /// How many cells ended in which way.
    struct Totals {
        var cells = 0
        var succeeded = 0
        var failed = 0
        var expected = 0
        var cancelled = 0
        var timedOut = 0
        var skipped = 0
        var rows = 0

        static func + (a: Totals, b: Totals) -> Totals {
            Totals(
                cells: a.cells + b.cells, succeeded: a.succeeded + b.succeeded, failed: a.failed + b.failed,
                expected: a.expected + b.expected, cancelled: a.cancelled + b.cancelled,
                timedOut: a.timedOut + b.timedOut, skipped: a.skipped + b.skipped, rows: a.rows + b.rows)
        }

        var json: JSONValue {
            .object([
                .init("cells", .count(cells)), .init("succeeded", .count(succeeded)), .init("failed", .count(failed)),
                .init("expected_failures", .count(expected)), .init("cancelled", .count(cancelled)),
                .init("timed_out", .count(timedOut)), .init("skipped", .count(skipped)), .init("rows", .count(rows)),
            ])
        }
    }

    private struct Held {
        /// Its number in the session's log.
        let number: Int
        let line: CellLine
    }

    let file: ReportFile
    private(set) var totals = Totals()
    private var held: [Held] = []
    private let log: SessionLog

    init(_ file: ReportFile, log: SessionLog) {
        self.file = file
        self.log = log
    }

    /// A cell has ended.
    /// - Parameters:
    ///   - number: its number in the session's log; 0 for one that is not kept there, which is not reported either.
    ///   - error: what it failed with, and its report.
    func ended(_ number: Int, _ error: (any Error)?, _ report: Report?) {
        guard let entry = log.entry(number) else { return }
        let line = CellLine(entry, error, report)
        if line.state == .failed {
            held.append(Held(number: number, line: line))
        } else {
            settle()
            write(line)
        }
    }

    /// Whether failures were wanted is known by now: writes them.
    func settle() {
        let settled = held
        held = []
        for held in settled {
            var line = held.line
            if case .failed(let failure)? = log.entry(held.number)?.state { line.isExpected = failure.wasExpected }
            write(line)
        }
    }

    private func write(_ line: CellLine) {
        totals.cells += 1
        totals.rows += line.rows
        switch line.state {
        case .succeeded: totals.succeeded += 1
        case .failed where line.isExpected: totals.expected += 1
        case .failed: totals.failed += 1
        case .cancelled: totals.cancelled += 1
        case .timedOut: totals.timedOut += 1
        case .skipped: totals.skipped += 1
        }
        file.write(line.json(number: file.nextNumber()))
    }
}
