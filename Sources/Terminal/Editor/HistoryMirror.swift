import CEdit

/// A copy of the history for libedit's own commands (vi's `/`, `n`, `K`), which know only their own kind.
final class HistoryMirror {
    private let mirror: OpaquePointer
    private var total = 0
    private var generation = 0
    private static let limit = 10_000

    init?(for engine: Engine) {
        guard let mirror = history_winit() else { return nil }
        self.mirror = mirror
        cedit_history_limit(mirror, Int32(Self.limit))
        cedit_set_history(engine.line, mirror)
    }

    /// Only after the engine is gone, which holds it.
    deinit { history_wend(mirror) }

    func catchUp(with history: History) {
        let news = history.news(since: total, generation: generation)
        if news.generation != generation { cedit_history_clear(mirror) }
        (total, generation) = (news.total, news.generation)
        for entry in news.entries { withWide(entry.unicodeScalars) { cedit_history_add(mirror, $0) } }
    }
}
