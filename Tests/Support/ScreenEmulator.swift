import Text

/// A small terminal: as much of ECMA-48 and xterm as the shell uses, so that tests compare the screen and not the bytes. It draws
/// clusters as one glyph, keeps the cursor on the last column until the next character (as xterm does), and answers requests for
/// the cursor's position.
package struct ScreenEmulator: Sendable {
    package internal(set) var columns: Int
    package private(set) var rows: Int
    /// What has gone out at the top, oldest first.
    package internal(set) var scrollback: [String] = []
    /// The cursor, counted from 0.
    package internal(set) var column = 0
    package internal(set) var row = 0
    /// DEC private modes that were set or reset, such as `2004` for bracketed paste.
    package private(set) var modes: [String: Bool] = [:]
    /// How often the bell rang.
    package private(set) var bells = 0
    /// What the terminal would send back.
    package private(set) var replies = ""
    /// Titles that were set, oldest first.
    package private(set) var titles: [String] = []
    private var titleStack: [String] = []
    /// What was sent to the clipboard, as it was sent (OSC 52).
    package private(set) var clipboard: String?
    private var main: Main?

    /// What the alternate screen covers.
    private struct Main {
        var cells: [[String]]
        var looks: [[Look]]
        var goesOn: [Bool]
        var row: Int
        var column: Int
    }

    /// Pictures of pixels that were drawn.
    package private(set) var pictures: [TerminalPicture] = []
    /// How what is written from now on looks.
    private var look = Look()

    /// The right half of a wide character is empty.
    var cells: [[String]]
    var looks: [[Look]]
    /// Whether a row goes on in the next one, because it was full.
    var goesOn: [Bool]
    var wrapsNext = false
    /// Where the last character was put, as long as nothing else has happened: what comes next may belong to it.
    var last: (row: Int, column: Int)?
    /// The beginning of a character or sequence whose end has not come yet.
    private var unfinished: [UInt8] = []

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Self.blank(columns), count: rows)
        looks = Array(repeating: Self.plain(columns), count: rows)
        goesOn = Array(repeating: false, count: rows)
    }

    static func blank(_ columns: Int) -> [String] { Array(repeating: " ", count: columns) }

    static func plain(_ columns: Int) -> [Look] { Array(repeating: Look(), count: columns) }

    /// How a cell looks.
    package func look(_ row: Int, _ column: Int) -> Look { looks[row][column] }

    /// The glyph in a cell; empty in the right half of a wide one.
    package func glyph(_ row: Int, _ column: Int) -> String { cells[row][column] }

    static func trimmed(_ cells: [String]) -> String {
        var cells = cells[...]
        while cells.last == " " { cells.removeLast() }
        return cells.joined()
    }

    /// The rows without trailing blanks.
    package var lines: [String] { cells.map(Self.trimmed) }

    /// The rows down to the last that is not blank.
    package var text: String {
        var lines = lines[...]
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// The row that the cursor is in.
    package var cursorLine: String { lines[row] }

    /// The picture for failure reports.
    package var picture: String {
        lines.enumerated().map { ($0 == row ? ">" : "|") + $1 }.joined(separator: "\n")
            + "\n(cursor at column \(column), row \(row); \(scrollback.count) rows scrolled off)"
    }

    package mutating func takeReplies() -> String {
        defer { replies = "" }
        return replies
    }

    /// Another size, as a terminal that cuts and does not rewrap.
    package mutating func resize(columns: Int, rows: Int) {
        // What does not fit goes out at the top, as far as the cursor needs it.
        for _ in 0..<max(0, row - rows + 1) {
            scrollback.append(Self.trimmed(cells.removeFirst()))
            row -= 1
        }
        cells = (0..<rows).map { index in
            let old = index < cells.count ? cells[index] : []
            return Array(old.prefix(columns)) + Self.blank(max(0, columns - old.count))
        }
        looks = (0..<rows).map { index in
            let old = index < looks.count ? looks[index] : []
            return Array(old.prefix(columns)) + Self.plain(max(0, columns - old.count))
        }
        goesOn = (0..<rows).map { $0 < goesOn.count && goesOn[$0] }
        (self.columns, self.rows) = (columns, rows)
        column = min(column, columns - 1)
        (wrapsNext, last) = (false, nil)
    }

    package mutating func feed(_ text: String) { feed(Array(text.utf8)) }

    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        let all = unfinished + bytes
        unfinished = []
        let complete = ControlSequence.lengthOfWholeCharacters(all)
        let scalars = Array(String(decoding: all[..<complete], as: UTF8.self).unicodeScalars)
        var index = 0
        while index < scalars.count {
            if scalars[index] == "\u{1B}" {
                guard let end = ControlSequence.end(scalars, index) else {
                    unfinished = Array(String(String.UnicodeScalarView(scalars[index...])).utf8)
                    break
                }
                apply(scalars[(index + 1)...end])
                index = end + 1
            } else if scalars[index].value < 0x20 {
                control(scalars[index])
                index += 1
            } else {
                let end = scalars[index...].firstIndex { $0.value < 0x20 } ?? scalars.count
                put(String(String.UnicodeScalarView(scalars[index..<end])))
                index = end
            }
        }
        unfinished += all[complete...]
    }

    private mutating func control(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\r": column = 0
        case "\n": lineFeed()
        case "\u{8}": column = max(0, column - 1)
        case "\u{7}": bells += 1
        default: return
        }
        guard scalar != "\u{7}" else { return }
        wrapsNext = false
        last = nil
    }

    private mutating func put(_ text: String) {
        for character in text {
            if let last {
                let joined = cells[last.row][last.column] + String(character)
                if joined.count == 1 {
                    // A cluster that came in pieces: the first piece goes, the whole takes its place.
                    (row, column, wrapsNext) = (last.row, last.column, false)
                    put(joined, columns: DisplayWidth.of(joined))
                    continue
                }
            }
            let width = DisplayWidth.of(String(character))
            if width > 0 { put(String(character), columns: width) }
        }
    }

    private mutating func put(_ glyph: String, columns width: Int) {
        if wrapsNext || column + width > columns {
            column = 0
            goesOn[row] = true
            lineFeed()
        }
        // Half of a wide character that is written over goes blank.
        if cells[row][column] == "", column > 0 { cells[row][column - 1] = " " }
        if column + width < columns, cells[row][column + width] == "" { cells[row][column + width] = " " }
        cells[row][column] = glyph
        looks[row][column] = look
        if width == 2 {
            cells[row][column + 1] = ""
            looks[row][column + 1] = look
        }
        last = (row, column)
        column += width
        wrapsNext = column >= columns
        column = min(column, columns - 1)
    }

    private mutating func lineFeed() {
        if row == rows - 1 { scroll() } else { row += 1 }
    }

    private mutating func scroll() {
        scrollback.append(Self.trimmed(cells.removeFirst()))
        cells.append(Self.blank(columns))
        looks.removeFirst()
        looks.append(Self.plain(columns))
        goesOn.removeFirst()
        goesOn.append(false)
        for index in pictures.indices { pictures[index].row -= 1 }
        if row >= rows { row -= 1 }
    }

    /// A control string without its ESC and its end: a title, or a picture, which the cursor goes past.
    private mutating func apply(string: String) {
        if string.hasPrefix("]52;c;") {
            clipboard = String(string.dropFirst(6))
        } else if string.hasPrefix("]0;") || string.hasPrefix("]2;") {
            titles.append(String(string.dropFirst(3)))
        } else if string.hasPrefix("_G"), pictures.last?.isComplete == false {
            pictures[pictures.count - 1].add(string)
        } else if let picture = TerminalPicture(string, row: row, column: column) {
            pictures.append(picture)
            // kitty and iTerm2 leave the cursor right of the last row, sixels at its beginning (ctlseqs, kitty's and iTerm2's pages).
            for _ in 1..<max(2, picture.rows) where picture.rows > 1 { lineFeed() }
            if picture.kind != .sixel { column = min(columns - 1, column + picture.columns) }
        }
    }

    /// A control sequence without its ESC; other escape sequences mean nothing here.
    private mutating func apply(_ sequence: ArraySlice<Unicode.Scalar>) {
        if let first = sequence.first, "]P_".unicodeScalars.contains(first) {
            let end = sequence.last == "\u{7}" ? 1 : 2
            return apply(string: String(String.UnicodeScalarView(sequence.dropLast(end))))
        }
        guard sequence.first == "[", let final = sequence.last else { return }
        let parameters = String(String.UnicodeScalarView(sequence.dropFirst().dropLast()))
        let numbers = parameters.split(separator: ";").map { Int($0) ?? 0 }
        let count = max(1, numbers.first ?? 1)
        switch final {
        case "A": row = max(0, row - count)
        case "B": row = min(rows - 1, row + count)
        case "C": column = min(columns - 1, column + count)
        case "D": column = max(0, column - count)
        case "H":
            row = min(rows, count) - 1
            column = min(columns, numbers.count > 1 ? max(1, numbers[1]) : 1) - 1
        case "K": erase(row, from: column)
        case "J":
            if numbers.first != 2 { erase(row, from: column) }
            for row in (numbers.first == 2 ? 0 : row + 1)..<max(rows, row + 1) { erase(row, from: 0) }
        case "n": if numbers.first == 6 { replies += "\u{1B}[\(row + 1);\(column + 1)R" }
        case "m": return look.change(parameters)
        case "t":
            // xterm's stack of titles (ctlseqs, XTWINOPS 22 and 23).
            if numbers.first == 22 { titleStack.append(titles.last ?? "") }
            if numbers.first == 23, let title = titleStack.popLast() { titles.append(title) }
        case "h" where parameters == "?1049": enterAlternate()
        case "l" where parameters == "?1049": leaveAlternate()
        case "h", "l": modes[parameters.filter { $0 != "?" }] = final == "h"
        default: return  // colours and what is not known leave the screen as it is
        }
        last = nil
        if "ABCDH".unicodeScalars.contains(final) { wrapsNext = false }
    }

    /// The alternate screen begins empty; what was there comes back with the cursor (xterm's ctlseqs, 1049).
    private mutating func enterAlternate() {
        modes["1049"] = true
        main = Main(cells: cells, looks: looks, goesOn: goesOn, row: row, column: column)
        for row in 0..<rows { erase(row, from: 0) }
        wrapsNext = false
    }

    private mutating func leaveAlternate() {
        modes["1049"] = false
        guard let main else { return }
        (cells, looks, goesOn, row, column) = (main.cells, main.looks, main.goesOn, main.row, main.column)
        let (columns, rows) = (columns, rows)
        (self.columns, self.rows) = (cells.first?.count ?? columns, cells.count)
        self.main = nil
        resize(columns: columns, rows: rows)
    }

    private mutating func erase(_ row: Int, from start: Int) {
        goesOn[row] = false
        for column in start..<columns {
            cells[row][column] = " "
            looks[row][column] = Look(background: look.background)
        }
    }
}
