/// Ctrl-R. libedit's own search looks keys up by their lowest 8 bits, so that letters act as control keys, and takes the text for a
/// regular expression.
struct IncrementalSearch {
    private(set) var needle = ""
    private(set) var found: (index: Int, position: Int)?
    private(set) var hasFailed = false

    var prompt: String { "(\(hasFailed ? "failed " : "")reverse-i-search)`\(needle)': " }

    mutating func type(_ scalar: Unicode.Scalar, _ history: HistoryWalk) {
        needle.unicodeScalars.append(scalar)
        // The entry found so far may hold the longer needle too.
        look(in: history, before: found.map { $0.index + 1 } ?? history.entries.count)
    }

    mutating func deleteLast(_ history: HistoryWalk) {
        guard !needle.isEmpty else { return }
        needle.removeLast()
        found = nil
        hasFailed = false
        if !needle.isEmpty { look(in: history, before: history.entries.count) }
    }

    mutating func older(_ history: HistoryWalk) {
        if !needle.isEmpty { look(in: history, before: found?.index ?? history.entries.count) }
    }

    private mutating func look(in history: HistoryWalk, before end: Int) {
        let result = history.search(needle, before: end)
        hasFailed = result == nil
        if let result { found = result }
    }
}

extension Editor {
    func searchHistory() -> UInt8 {
        guard let engine, request?.read.kind == .cell else { return Answer.error }
        let before = engine.buffer
        var search = IncrementalSearch()
        defer { screen.promptReplacement = nil }
        while true {
            screen.promptReplacement = search.prompt
            guard let key = engine.nextKey() else { return Answer.error }
            switch key.value {
            case 0x12: search.older(history)  // Ctrl-R
            case 0x08, 0x7F: search.deleteLast(history)
            case 0x07:  // Ctrl-G
                engine.replaceAll(with: before.text, cursor: before.cursor)
                return Answer.refresh
            case 0x0A, 0x0D:
                finish(search, before)
                return enter()
            case ..<0x20, 0x80..<0xA0:  // any other command ends the search and is then run; ESC only ends it
                finish(search, before)
                if key != "\u{1B}" { engine.push([key]) }
                return Answer.refresh
            default: search.type(key, history)
            }
            if search.hasFailed { screen.mustBeep = true }
            if let found = search.found {
                engine.replaceAll(with: history.entries[found.index], cursor: found.position)
            }
        }
    }

    private func finish(_ search: IncrementalSearch, _ before: EditBuffer) {
        screen.promptReplacement = nil
        if let found = search.found { history.jump(to: found.index, from: before.text) }
    }
}
