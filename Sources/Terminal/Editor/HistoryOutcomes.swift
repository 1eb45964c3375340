/// Which entries of a history failed when they ran last, in a file of its own beside it: a line for each change, `-` and the entry
/// for one that failed, `+` for one that has succeeded since.
struct HistoryOutcomes {
    private let file: HistoryFile?
    private let limit: Int
    private(set) var failed: Set<String> = []
    private var lines = 0

    /// - Parameters:
    ///   - path: nil keeps them in memory only.
    ///   - limit: how many changes are kept.
    init(path: String?, limit: Int) {
        file = path.map { HistoryFile(path: $0) }
        self.limit = limit
    }

    /// Takes in what any session has noted since the last time.
    mutating func refresh() {
        guard let news = file?.readNew() else { return }
        if news.isNewFile {
            failed = []
            lines = 0
        }
        lines += news.entries.count
        for line in news.entries {
            if line.first == "-" {
                failed.insert(String(line.dropFirst()))
            } else {
                failed.remove(String(line.dropFirst()))
            }
        }
    }

    mutating func note(_ entry: String, hasFailed: Bool) {
        guard failed.contains(entry) != hasFailed else { return }
        if hasFailed { failed.insert(entry) } else { failed.remove(entry) }
        _ = file?.locked { append in append((hasFailed ? "-" : "+") + entry) }
        refresh()
        if lines > 2 * limit { file?.trim(to: limit) }
    }
}
