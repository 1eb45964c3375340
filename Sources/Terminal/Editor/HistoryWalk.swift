/// Which entries are more likely to be wanted again.
struct HistoryRanking: Sendable {
    var session: Set<String>
    var failed: Set<String>

    static let none = HistoryRanking(session: [], failed: [])

    /// 0 for this session's, then others', then those that failed.
    func rank(of entry: String) -> Int { failed.contains(entry) ? 2 : session.contains(entry) ? 0 : 1 }
}

/// The way through the history during one read. What is changed on the way is kept until the read ends.
struct HistoryWalk {
    enum Step { case older, newer }

    let entries: [String]
    /// Where the text comes from; nil for the one that was being typed.
    private var index: Int?
    private var typed = ""
    /// What entries must begin with to be stopped at.
    private var prefix = ""
    private var changed: [Int: String] = [:]

    private static let suggestionDepth = 2000
    private let ranking: HistoryRanking

    init(entries: [String] = [], ranking: HistoryRanking = .none) {
        self.entries = entries
        self.ranking = ranking
    }

    var isWalking: Bool { index != nil }

    /// The text that the step leads to; nil when there is none.
    mutating func step(_ step: Step, from text: String, matchingPrefix: Bool) -> String? {
        if let index {
            if text != entries[index] { changed[index] = text }
        } else {
            typed = text
            prefix = matchingPrefix ? text : ""
        }
        var next = index ?? entries.count
        repeat {
            next += step == .older ? -1 : 1
        } while entries.indices.contains(next) && (!entries[next].hasPrefix(prefix) || self.text(at: next) == text)
        if next < 0 || (next >= entries.count && index == nil) { return nil }
        index = next < entries.count ? next : nil
        return index.map { self.text(at: $0) } ?? typed
    }

    /// Goes to an entry that a search has found.
    mutating func jump(to index: Int, from text: String) {
        if !isWalking { typed = text }
        prefix = ""
        self.index = index
    }

    private func text(at index: Int) -> String { changed[index] ?? entries[index] }

    /// How an entry that begins with `text` goes on: the newest of this session, else the newest of all, and one that failed only
    /// when there is no other.
    func suggestion(for text: String) -> String {
        guard text.utf8.count >= 2 else { return "" }
        var best: (rank: Int, entry: String)?
        for entry in entries.suffix(Self.suggestionDepth).reversed()
        where entry.utf8.count > text.utf8.count && entry.hasPrefix(text) {
            let rank = ranking.rank(of: entry)
            if best.map({ rank < $0.rank }) ?? true { best = (rank, entry) }
            if rank == 0 { break }
        }
        return best.map { String($0.entry.dropFirst(text.count)) } ?? ""
    }

    /// The newest entry before `end` that holds `needle`, and the scalar at which it does.
    func search(_ needle: String, before end: Int) -> (index: Int, position: Int)? {
        for index in entries[..<min(max(end, 0), entries.count)].indices.reversed() {
            let entry = entries[index].unicodeScalars
            if let range = Self.range(of: Array(needle.unicodeScalars), in: entry) {
                return (index, entry.distance(from: entry.startIndex, to: range))
            }
        }
        return nil
    }

    private static func range(
        of needle: [Unicode.Scalar], in text: String.UnicodeScalarView
    ) -> String.UnicodeScalarView.Index? {
        guard let first = needle.first else { return nil }
        var rest = text[...]
        while let start = rest.firstIndex(of: first) {
            if rest[start...].starts(with: needle) { return start }
            rest = rest[rest.index(after: start)...]
        }
        return nil
    }
}
