import Terminal
import Text

extension Browser {
    /// - Returns: whether the view goes on.
    func act(on key: ScreenKey) async -> Bool {
        message = nil
        if search != nil {
            // Any key ends a search that takes too long.
            search = nil
            fetching?.task.cancel()
            message = "search ended"
            return true
        }
        switch mode {
        case .table: return await actOnTable(key)
        case .record: actOnRecord(key)
        case .help: mode = .table
        case .asking(let question, let typed, let then): await type(key, question, typed, then)
        }
        return true
    }

    func actOnTable(_ key: ScreenKey) async -> Bool {
        let page = max(1, bodyLines - 1)
        switch key {
        case .character("q"), .escape, .interrupt, .browse: return false
        case .down, .character("j"): table.row += 1
        case .up, .character("k"): table.row -= 1
        case .pageDown, .character(" "), .control("f"): turn(page)
        case .pageUp, .character("b"), .control("b"): turn(-page)
        case .control("d"): turn(page / 2)
        case .control("u"): turn(-page / 2)
        case .right, .character("l"), .tab: table.column += 1
        case .left, .character("h"): table.column -= 1
        case .home, .character("0"), .character("^"): table.column = 0
        case .end, .character("$"): table.goToLastColumn()
        case .character("g"): table.row = 0
        case .character("G"): table.row = count - 1
        case .character("s"): sort()
        case .character("n"): findNext(backwards: false)
        case .character("N"): findNext(backwards: true)
        case .character("/"): mode = .asking("/", typed: "") { browser, text in browser.startSearch(text) }
        case .character("e"):
            mode = .asking("export to: ", typed: "") { browser, text in await browser.export(to: text) }
        case .character("y"): copy()
        case .enter: if count > 0 { (mode, record) = (.record, BrowseRecord()) }
        case .character("?"), .character("H"): mode = .help
        default: message = "? lists the keys"
        }
        settle()
        return true
    }

    func settle() {
        table.settle(rowCount: count, bodyLines: bodyLines, width: screen.size.columns)
    }

    func turn(_ lines: Int) {
        table.row += lines
        table.top += lines
    }

    func actOnRecord(_ key: ScreenKey) {
        let page = max(1, screen.size.rows - 2)
        switch key {
        case .character("q"), .escape, .interrupt, .enter, .browse: mode = .table
        case .down, .character("j"): record.top += 1
        case .up, .character("k"): record.top -= 1
        case .pageDown, .character(" "), .control("f"): record.top += page
        case .pageUp, .character("b"), .control("b"): record.top -= page
        case .home, .character("g"): record.top = 0
        case .end, .character("G"): record.top = record.lineCount
        case .right, .character("l"), .character("n"): showRecord(table.row + 1)
        case .left, .character("h"), .character("p"): showRecord(table.row - 1)
        default: message = "arrows scroll, n and p are the next row and the one before, q goes back"
        }
    }

    func showRecord(_ row: Int) {
        guard row >= 0, row < count else { return }
        table.row = row
        record.top = 0
        settle()
    }

    func type(
        _ key: ScreenKey, _ question: String, _ typed: String,
        _ then: @escaping @MainActor (Browser, String) async -> Void
    ) async {
        var typed = typed
        switch key {
        case .enter:
            mode = .table
            if !typed.isEmpty { await then(self, typed) }
            return
        case .escape, .interrupt:
            mode = .table
            return
        case .backspace:
            if typed.isEmpty { mode = .table }
            if typed.isEmpty { return }
            typed.removeLast()
        case .control("u"): typed = ""
        case .character(let character): typed.append(character)
        default: break
        }
        mode = .asking(question, typed: typed, then: then)
    }
}
