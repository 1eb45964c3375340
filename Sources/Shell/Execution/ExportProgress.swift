import System
import Terminal
import Text

/// The progress of an export: counted by the task that writes, shown by the session.
nonisolated final class ExportProgress: Sendable {
    private let counted = Locked((rows: 0, shortRows: 0, bytes: 0))
    private let totalRows: Int?
    private let totalBytes: Int?
    private let clock = ContinuousClock()

    /// - Parameter totalBytes: for exports that pass on the service's bytes.
    init(totalRows: Int?, totalBytes: Int?) {
        self.totalRows = totalRows
        self.totalBytes = totalBytes
    }

    /// - Parameter short: rows of these that came with fewer cells than there are columns.
    func add(rows: Int, short: Int = 0) {
        counted.withLock {
            $0.rows += rows
            $0.shortRows += short
        }
    }
    func add(bytes: Int) { counted.withLock { $0.bytes += bytes } }

    /// Shows the progress while `body` runs, and afterwards a summary, and a note when the service had truncated the result.
    @MainActor
    func shown(
        in session: Session, to file: OutputFile, isTruncated: Bool, _ body: () async throws -> Void
    ) async throws {
        let console = session.console
        let start = clock.now
        try await console.waiting(for: "exporting") {
            let ticker = Task {
                while !Task.isCancelled {
                    console.nowWaiting(for: self.text(after: self.clock.now - start))
                    try await Task.sleep(for: .milliseconds(250))
                }
            }
            defer { ticker.cancel() }
            try await body()
        }
        if !session.settings.isQuiet, console.environment.errorIsTerminal {
            console.say(summary(after: clock.now - start, file))
        }
        console.tell(shortRows: counted.withLock { $0.shortRows })
        if isTruncated { console.say("the service had cut the result short; the file has what there is") }
    }

    /// `exporting: 1,200,000 of 10,000,000 rows · 312 MB · 85 MB/s · 12.0 s left`
    func text(after elapsed: Duration) -> String {
        let (rows, _, bytes) = counted.withLock { $0 }
        var parts = [Quantity.grouped(rows) + (totalRows.map { " of \(Quantity.grouped($0))" } ?? "") + " rows"]
        parts.append(Quantity.bytes(bytes) + (totalBytes.map { " of \(Quantity.bytes($0))" } ?? ""))
        let seconds = elapsed / .seconds(1)
        if seconds > 0, bytes > 0 { parts.append("\(Quantity.bytes(Int(Double(bytes) / seconds)))/s") }
        if let share = share(rows, bytes), share > 0, share < 1 {
            parts.append("\(Quantity.seconds(.seconds(seconds * (1 - share) / share))) left")
        }
        return "exporting: " + parts.joined(separator: " · ")
    }

    private func share(_ rows: Int, _ bytes: Int) -> Double? {
        if let totalBytes, totalBytes > 0 { return Double(bytes) / Double(totalBytes) }
        if let totalRows, totalRows > 0 { return Double(rows) / Double(totalRows) }
        return nil
    }

    private func summary(after elapsed: Duration, _ file: OutputFile) -> String {
        let (rows, _, bytes) = counted.withLock { $0 }
        let seconds = elapsed / .seconds(1)
        let rate = seconds > 0 ? Int(Double(bytes) / seconds) : 0
        let noun = rows == 1 ? "row" : "rows"
        return [
            "\(Quantity.grouped(rows)) \(noun)", Quantity.bytes(bytes), Quantity.seconds(elapsed),
            "\(Quantity.bytes(rate))/s", file.path,
        ].joined(separator: " · ")
    }
}
