import Text

/// The candidates below the text, one of which may be chosen.
struct CompletionMenu {
    enum Direction { case forward, backward }

    let candidates: [Candidate]
    /// The text before any candidate was put in, and the part that they replace.
    let base: EditBuffer
    let range: Range<Int>
    private(set) var selected: Int?
    /// Whether it has been on the screen: a burst of keys is drawn at its end only.
    var isShown = false
    /// What the menu shows: names and notes may come from a server.
    private let names: [String]
    private let notes: [String]

    init(_ candidates: [Candidate], base: EditBuffer, replacing range: Range<Int>) {
        self.candidates = candidates
        self.base = base
        self.range = range
        names = candidates.map { Sanitizer.oneLine($0.text) }
        notes = candidates.map { Sanitizer.oneLine($0.note) }
    }

    /// Chooses the next one, going round, and returns it.
    mutating func choose(_ direction: Direction) -> Candidate {
        let count = candidates.count
        let next =
            switch (selected, direction) {
            case (nil, .forward): 0
            case (nil, .backward): count - 1
            case (let selected?, .forward): (selected + 1) % count
            case (let selected?, .backward): (selected + count - 1) % count
            }
        selected = next
        return candidates[next]
    }

    /// How all candidates begin.
    static func commonPrefix(of candidates: [Candidate]) -> String {
        guard var prefix = candidates.first?.text[...] else { return "" }
        for candidate in candidates.dropFirst() {
            let same = zip(prefix, candidate.text).prefix { $0 == $1 }.count
            prefix = prefix.prefix(same)
        }
        return String(prefix)
    }

    /// With notes and enough room one candidate a row, else columns, filled downwards. What is too much for `height` scrolls with the
    /// choice, and the last row says so.
    func rows(width: Int, height: Int, policy: WidthPolicy) -> [StyledText] {
        let widths = names.map { policy.width(of: $0) }
        let widest = widths.max() ?? 0
        if notes.contains(where: { !$0.isEmpty }), candidates.count <= height {
            return candidates.indices.map { index in
                let gap = String(repeating: " ", count: widest - widths[index] + 2)
                let text = names[index] + (notes[index].isEmpty ? "" : gap + "-- " + notes[index])
                let row = Self.cut(text, to: width - 1, policy)
                return StyledText(row, index == selected ? .inverse : .dim)
            }
        }
        return columns(widths, widest, width: width, height: height, policy)
    }

    private func columns(_ widths: [Int], _ widest: Int, width: Int, height: Int, _ policy: WidthPolicy) -> [StyledText]
    {
        let perRow = max(1, (width - 1) / (widest + 2))
        let rowCount = (candidates.count + perRow - 1) / perRow
        let fits = rowCount <= height
        let shown = fits ? rowCount : max(1, height - 1)
        let first = selected.map { max(0, min($0 % rowCount - shown + 1, rowCount - shown)) } ?? 0
        var rows = (first..<first + shown).map { row in
            let cells = stride(from: row, to: candidates.count, by: rowCount).map { index in
                (index == selected ? "*" : " ") + names[index]
                    + String(repeating: " ", count: widest - widths[index] + 1)
            }
            return StyledText(Self.cut(cells.joined(), to: width - 1, policy), .dim)
        }
        if !fits { rows.append(StyledText("(\(candidates.count) candidates, \(rowCount - shown) more rows)", .dim)) }
        return rows
    }

    private static func cut(_ text: String, to width: Int, _ policy: WidthPolicy) -> String {
        guard policy.width(of: text) > width else { return text }
        var used = 1  // for the sign that something is missing
        let kept = text.prefix { character in
            used += policy.width(of: character)
            return used <= width
        }
        return kept + "…"
    }
}
