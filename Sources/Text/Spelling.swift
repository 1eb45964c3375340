/// Finds what somebody may have meant.
package enum Spelling {
    /// The candidates at most two edits away from `word` (one for short words), and those that it begins; nearest first.
    package static func nearest(to word: String, among candidates: [String]) -> [String] {
        let word = word.lowercased()
        let reach = word.count <= 3 ? 1 : 2
        return
            candidates
            .map { (name: $0, distance: $0.hasPrefix(word) ? 0 : distance(word, $0.lowercased())) }
            .filter { $0.distance <= reach }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(3).map(\.name)
    }

    /// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
    static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left), b = Array(right)
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
