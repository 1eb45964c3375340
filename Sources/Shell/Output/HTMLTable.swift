import Text

/// The cells of a table, with those that reach over several columns or rows in each of them.
nonisolated final class HTMLTable {
    private var header: [String] = []
    private var rows: [[String]] = []
    private var row: [String] = []
    private var isHeader = true
    private var cell: String?
    private var spans = (columns: 1, rows: 1)
    /// What reaches down into the rows to come, by column.
    private var reaching: [Int: (text: String, rows: Int)] = [:]

    func start(_ name: String) {
        switch name {
        case "tr":
            row = []
            isHeader = true
        case "td", "th":
            if name == "td" { isHeader = false }
            cell = ""
            spans = (1, 1)
        case "br": if cell?.isEmpty == false { cell?.append(" ") }
        default: break
        }
    }

    func attribute(_ name: String, _ value: String) {
        guard cell != nil, let count = Int(value), (1...1000).contains(count) else { return }
        if name == "colspan" { spans.columns = count }
        if name == "rowspan" { spans.rows = count }
    }

    func text(_ text: String) {
        cell?.appendCollapsing(text)
    }

    func end(_ name: String) {
        switch name {
        case "td", "th":
            guard let text = cell?.trimmingBlanks() else { return }
            cell = nil
            fillFromAbove()
            for _ in 0..<spans.columns {
                if spans.rows > 1 { reaching[row.count] = (text, spans.rows - 1) }
                row.append(text)
            }
        case "tr":
            fillFromAbove()
            guard !row.isEmpty else { return }
            // Of several header rows the names of the last that has one count.
            if isHeader, rows.isEmpty {
                let above = header
                header = row.enumerated().map { index, text in
                    text.isEmpty && index < above.count ? above[index] : text
                }
            } else {
                rows.append(row)
            }
        default: break
        }
    }

    private func fillFromAbove() {
        while let above = reaching[row.count] {
            reaching[row.count] = above.rows > 1 ? (above.text, above.rows - 1) : nil
            row.append(above.text)
        }
    }

    func finish() -> HTMLDocument.Part? {
        guard !header.isEmpty || !rows.isEmpty else { return nil }
        let width = max(header.count, rows.map(\.count).max() ?? 0)
        let names = (0..<width).map { $0 < header.count ? header[$0] : "c\($0 + 1)" }
        return .table(
            columns: names, rows: rows.map { $0 + Array(repeating: "", count: width - $0.count) })
    }
}
