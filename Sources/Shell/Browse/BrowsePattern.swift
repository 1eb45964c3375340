import Results

/// What is searched for in the cells of a result. A small letter means a capital one too, as with vi's smartcase; a timestamp can
/// be typed as it is shown.
struct BrowsePattern {
    private let texts: [[UInt8]]
    private let ignoresCase: Bool

    init(_ text: String) {
        ignoresCase = text == text.lowercased()
        var texts = [Array(text.utf8)]
        if let day = text.firstMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]/) {
            // Cells have a T between day and hour.
            var sent = text
            let blank = text.index(day.range.upperBound, offsetBy: -2)
            sent.replaceSubrange(blank...blank, with: ignoresCase ? "t" : "T")
            texts.append(Array(sent.utf8))
        }
        self.texts = texts
    }

    /// The first of the rows that holds it.
    func row(in rows: Range<Int>, of store: ResultStore) -> Int? {
        texts.compactMap { store.row(containing: $0, in: rows, ignoresCase: ignoresCase) }.min()
    }

    /// The columns of a row that hold it.
    func columns(of row: Int, in store: ResultStore) -> [Int] {
        texts.flatMap { store.columns(of: row, containing: $0, ignoresCase: ignoresCase) }.sorted()
    }
}
