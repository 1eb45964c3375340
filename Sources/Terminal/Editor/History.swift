import Glibc
import System

/// What was entered before, oldest first: shared by all sessions through one append-only file, and never losing an entry to
/// another session. Entries are whole cells; one that repeats the last is not stored again.
package final class History: Sendable {
    private struct State {
        var entries: [String] = []
        /// Counts every entry ever taken in, repetitions included, so that a mirror can tell how many are new to it.
        var total = 0
        /// Counts the times that `entries` was started afresh because the file was replaced.
        var generation = 0
        var file: HistoryFile?
        /// What was entered here.
        var session: Set<String> = []
        var outcomes: HistoryOutcomes
    }

    private let state: Locked<State>
    private let limit: Int
    private let shouldStore: @Sendable (String) -> Bool

    /// - Parameters:
    ///   - path: the file; it and its directory are made when the first entry is stored. Nil keeps entries in memory only.
    ///   - limit: how many entries are kept.
    ///   - shouldStore: says no to an entry that is private. The default refuses a leading space.
    package init(
        path: String?, limit: Int = 10_000, shouldStore: @escaping @Sendable (String) -> Bool = { !$0.hasPrefix(" ") }
    ) {
        state = Locked(
            State(
                file: path.map { HistoryFile(path: $0) },
                outcomes: HistoryOutcomes(path: path.map { $0 + "-outcomes" }, limit: limit)))
        self.limit = limit
        self.shouldStore = shouldStore
    }

    /// The entries known now, oldest first.
    package var entries: [String] { state.withLock { $0.entries } }

    /// Takes in what any session has stored since the last time.
    package func refresh() {
        state.withLock {
            refresh(&$0)
            $0.outcomes.refresh()
        }
    }

    var ranking: HistoryRanking { state.withLock { HistoryRanking(session: $0.session, failed: $0.outcomes.failed) } }

    /// An entry has run. One that failed is suggested again only when there is no other.
    package func note(_ entry: String, hasFailed: Bool) {
        guard shouldStore(entry) else { return }
        state.withLock { $0.outcomes.note(entry, hasFailed: hasFailed) }
    }

    /// Stores an entry, unless it is blank, private or a repetition of the last one. False when it was not stored.
    @discardableResult package func add(_ entry: String) -> Bool {
        guard entry.contains(where: { !$0.isWhitespace }), shouldStore(entry) else { return false }
        return state.withLock { state in
            state.session.insert(entry)
            guard let file = state.file else { return remember(entry, &state) }
            var isNew = true
            // The file is locked while the closure runs, so "the last entry" is the last of all sessions.
            let stored = file.locked { append in
                refresh(&state)
                isNew = state.entries.last != entry
                return !isNew || append(entry)
            }
            guard stored else { return remember(entry, &state) }
            refresh(&state)
            if state.total > 2 * limit {
                file.trim(to: limit)
                refresh(&state)
            }
            return isNew
        }
    }

    private func refresh(_ state: inout State) {
        guard let news = state.file?.readNew() else { return }
        if news.isNewFile {
            state.entries = []
            state.total = 0
            state.generation += 1
        }
        state.total += news.entries.count
        for entry in news.entries where entry != state.entries.last { state.entries.append(entry) }
        if state.entries.count > limit { state.entries.removeFirst(state.entries.count - limit) }
    }

    private func remember(_ entry: String, _ state: inout State) -> Bool {
        guard state.entries.last != entry else { return false }
        state.entries.append(entry)
        state.total += 1
        if state.entries.count > limit { state.entries.removeFirst() }
        return true
    }

    /// What a mirror needs to catch up: the entries that are new since `total`, or everything in a new generation.
    func news(since total: Int, generation: Int) -> (entries: ArraySlice<String>, total: Int, generation: Int) {
        state.withLock { state in
            let count = state.generation == generation ? state.total - total : state.entries.count
            return (state.entries.suffix(max(0, count)), state.total, state.generation)
        }
    }
}
