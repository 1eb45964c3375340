import FoundationEssentials
import Results
import Terminal
import Text

/// What the browser does with the rows: finding, sorting, taking away.
extension Browser {
    // MARK: Finding

    func startSearch(_ text: String) {
        pattern = BrowsePattern(text)
        findNext(backwards: false, including: true)
    }

    func findNext(backwards: Bool, including: Bool = false) {
        guard let pattern else { return message = "/ searches first" }
        let start = including ? table.row : table.row + (backwards ? -1 : 1)
        search = Search(pattern: pattern, row: start, backwards: backwards)
        find()
    }

    /// Searches what is here; the rest follows when it has been fetched.
    func find() {
        guard let search else { return }
        if let order = table.order {
            self.search = nil
            return go(to: findInOrder(search, order))
        }
        let (found, goOn) = rows.find(search.pattern, from: search.row, backwards: search.backwards)
        if let goOn {
            self.search?.row = goOn
        } else {
            self.search = nil
            go(to: found)
        }
    }

    func findInOrder(_ search: Search, _ order: [Int]) -> Int? {
        func holds(_ view: Int) -> Bool {
            guard let (store, row) = rows.place(of: order[view]) else { return false }
            return search.pattern.row(in: row..<row + 1, of: store) != nil
        }
        let start = search.row
        if search.backwards { return (0..<max(0, min(start + 1, order.count))).reversed().first(where: holds) }
        return (min(max(0, start), order.count)..<order.count).first(where: holds)
    }

    func go(to row: Int?) {
        guard let row, let pattern else { return message = "not found" }
        table.row = row
        if let (store, line) = rows.place(of: table.number(of: row)) {
            let columns = pattern.columns(of: line, in: store)
            if !columns.contains(table.column), let first = columns.first { table.column = first }
        }
        settle()
    }

    // MARK: Sorting

    /// Up, down, and as the result came.
    func sort() {
        let current = table.sorted
        let here = rows.here()
        guard !here.isEmpty || rows.count == 0 else { return message = "nothing is here yet to be sorted" }
        table.top = 0
        table.row = 0
        if let current, current.column == table.column, current.descending {
            (table.sorted, table.order) = (nil, nil)
            return
        }
        let descending = current?.column == table.column
        let order = CellOrder(rows.columns[table.column])
            .sorted(here.map { (store: $0.store, row: $0.row) }, by: table.column, descending: descending)
        table.order = order.map { here[$0].number }
        table.sorted = (table.column, descending)
        if here.count < rows.count {
            message =
                "sorted what is here, \(Quantity.grouped(here.count)) of \(Quantity.grouped(rows.count)) rows: order by in SQL sorts all"
        }
    }

    // MARK: Taking away

    /// The terminal's clipboard, by OSC 52 (xterm's ctlseqs).
    func copy() {
        guard count > 0, let (store, row) = rows.place(of: table.number(of: table.row)) else { return }
        let text = store.text(row, table.column) ?? ""
        guard text.utf8.count <= 100_000 else { return message = "the cell is too long for the clipboard: e exports" }
        screen.send("\u{1B}]52;c;\(Data(text.utf8).base64EncodedString())\u{7}")
        message =
            "sent to the terminal's clipboard: \(text.count == 1 ? "1 character" : "\(Quantity.grouped(text.count)) characters")"
    }

    func export(to name: String) async {
        message = "exporting …"
        draw()
        let before = session.console.printAbovePrompt
        // What is said meanwhile is for the last line.
        session.console.printAbovePrompt = { [weak self] text in
            let line = TerminalText.shown(text, color: false).split(separator: "\n").last ?? ""
            self?.message = Sanitizer.oneLine(String(line))
        }
        defer { session.console.printAbovePrompt = before }
        let path = session.paths.resolve(name)
        isExporting = true
        let task = Task {
            do {
                try await Exporter(session: session).export(to: path, FileFormat(path: path))
                if message == "exporting …" { message = "written to \(path)" }
            } catch {
                message = Report.cancellation(error) ?? session.report(error).headline
            }
            isExporting = false
            screen.wake()
        }
        while isExporting {
            switch await screen.next() {
            case .key(.interrupt), .key(.escape), .terminated: task.cancel()
            case .key, .resized, .woken: break
            }
        }
        screen.refresh()
    }
}
