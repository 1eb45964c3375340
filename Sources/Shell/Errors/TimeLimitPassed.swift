import Databricks

/// Work took longer than it may, and was cancelled.
struct TimeLimitPassed: Error {
    enum Limit: Equatable {
        /// `--timeout`.
        case cell(Duration)
        /// `--deadline`.
        case script(Duration)
    }

    let limit: Limit
    /// What was cancelled in the workspace; nil when nothing ran there.
    let cancelled: RunCancelled?

    var message: String {
        switch limit {
        case .cell(let length): "the cell did not end within \(length.shortText) (--timeout)"
        case .script(let length): "the script did not end within \(length.shortText) (--deadline)"
        }
    }
}

nonisolated extension Duration {
    /// As it is typed: `1h30m`, `45s`, `1.5s`.
    var shortText: String {
        let (whole, fraction) = components
        let seconds = Int(whole)
        guard fraction == 0, seconds >= 60 else {
            return fraction == 0 ? "\(seconds)s" : "\(Double(whole) + Double(fraction / 1_000_000_000_000_000) / 1000)s"
        }
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
        return parts.filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined()
    }
}
