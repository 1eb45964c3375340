extension ScreenEmulator {
    /// Makes the window as wide as `columns`, and wraps lines that are longer or were wrapped before anew. The cursor stays at its
    /// character.
    package mutating func rewrap(columns new: Int) {
        var lines: [(glyphs: [String], looks: [Look])] = []
        var cursor = (line: 0, offset: 0)
        var isOpen = false
        let used = max(row, cells.lastIndex { Self.trimmed($0) != "" } ?? 0)
        for index in 0...used {
            if !isOpen { lines.append(([], [])) }
            if index == row {
                cursor = (lines.count - 1, lines[lines.count - 1].glyphs.count + column + (wrapsNext ? 1 : 0))
            }
            lines[lines.count - 1].glyphs += cells[index]
            lines[lines.count - 1].looks += looks[index]
            isOpen = goesOn[index]
        }
        var rewrapped: (cells: [[String]], looks: [[Look]], goesOn: [Bool]) = ([], [], [])
        var place = (row: 0, column: 0)
        for (number, line) in lines.enumerated() {
            let isCursors = number == cursor.line
            let length = max((line.glyphs.lastIndex { $0 != " " } ?? -1) + 1, isCursors ? cursor.offset : 0)
            var start = 0
            repeat {
                var end = min(start + new, length)
                // A wide character is not torn apart.
                if end < length, line.glyphs[end] == "" { end -= 1 }
                if isCursors, cursor.offset >= start, cursor.offset < end || end == length {
                    place = (rewrapped.cells.count, cursor.offset - start)
                }
                let padding = max(0, new - (end - start))
                rewrapped.cells.append(Array(line.glyphs[start..<end]) + Self.blank(padding))
                rewrapped.looks.append(Array(line.looks[start..<end]) + Self.plain(padding))
                rewrapped.goesOn.append(end < length)
                start = end
            } while start < length
        }
        show(rewrapped.cells, rewrapped.looks, rewrapped.goesOn, columns: new, cursor: place)
    }

    private mutating func show(
        _ all: [[String]], _ allLooks: [[Look]], _ allGoOn: [Bool], columns new: Int, cursor: (row: Int, column: Int)
    ) {
        let gone = max(0, all.count - rows)
        scrollback += all.prefix(gone).map(Self.trimmed)
        let missing = max(0, rows - all.count)
        cells = all.dropFirst(gone) + Array(repeating: Self.blank(new), count: missing)
        looks = allLooks.dropFirst(gone) + Array(repeating: Self.plain(new), count: missing)
        goesOn = allGoOn.dropFirst(gone) + Array(repeating: false, count: missing)
        columns = new
        row = max(0, cursor.row - gone)
        wrapsNext = cursor.column >= new
        column = min(cursor.column, new - 1)
        last = nil
    }
}
