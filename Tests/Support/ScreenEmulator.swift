import Text

/// A small terminal: as much of ECMA-48 and xterm as the shell uses, so that tests compare the screen and not the bytes. It draws
/// clusters as one glyph, keeps the cursor on the last column until the next character (as xterm does), and answers requests for
/// the cursor's position.
package struct ScreenEmulator: Sendable {
    package private(set) var columns: Int
    package private(set) var rows: Int
    /// What has gone out at the top, oldest first.
    package private(set) var scrollback: [String] = []
    /// The cursor, counted from 0.
    package private(set) var column = 0
    package private(set) var row = 0
    /// DEC private modes that were set or reset, such as `2004` for bracketed paste.
    package private(set) var modes: [String: Bool] = [:]
    /// How often the bell rang.
    package private(set) var bells = 0
    /// What the terminal would send back.
    package private(set) var replies = ""

    /// The right half of a wide character is empty.
    private var cells: [[String]]
    private var wrapsNext = false
    /// Where the last character was put, as long as nothing else has happened: what comes next may belong to it.
    private var last: (row: Int, column: Int)?
    /// The beginning of a character or sequence whose end has not come yet.
    private var unfinished: [UInt8] = []

    package init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Self.blank(columns), count: rows)
    }

    private static func blank(_ columns: Int) -> [String] { Array(repeating: " ", count: columns) }

    private static func trimmed(_ cells: [String]) -> String {
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
        (self.columns, self.rows) = (columns, rows)
        column = min(column, columns - 1)
        (wrapsNext, last) = (false, nil)
    }

    package mutating func feed(_ text: String) { feed(Array(text.utf8)) }

    package mutating func feed(_ bytes: some Sequence<UInt8>) {
        let all = unfinished + bytes
        unfinished = []
        let complete = Self.lengthOfWholeCharacters(all)
        let scalars = Array(String(decoding: all[..<complete], as: UTF8.self).unicodeScalars)
        var index = 0
        while index < scalars.count {
            if scalars[index] == "\u{1B}" {
                guard let end = Self.endOfSequence(scalars, index) else {
                    unfinished = Array(String(String.UnicodeScalarView(scalars[index...])).utf8)
                    break
                }
                obey(scalars[(index + 1)...end])
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

    private static func lengthOfWholeCharacters(_ bytes: [UInt8]) -> Int {
        let tail = bytes.suffix(3)
        guard let lead = tail.lastIndex(where: { $0 & 0xC0 != 0x80 }), bytes[lead] >= 0xC0 else { return bytes.count }
        let needed = bytes[lead] >= 0xF0 ? 4 : bytes[lead] >= 0xE0 ? 3 : 2
        return bytes.count - lead < needed ? lead : bytes.count
    }

    private static func endOfSequence(_ scalars: [Unicode.Scalar], _ start: Int) -> Int? {
        guard start + 1 < scalars.count else { return nil }
        guard scalars[start + 1] == "[" else { return start + 1 }
        return scalars[(start + 2)...].firstIndex { (0x40...0x7E).contains($0.value) }
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
            lineFeed()
        }
        // Half of a wide character that is written over goes blank.
        if cells[row][column] == "", column > 0 { cells[row][column - 1] = " " }
        if column + width < columns, cells[row][column + width] == "" { cells[row][column + width] = " " }
        cells[row][column] = glyph
        if width == 2 { cells[row][column + 1] = "" }
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
        if row >= rows { row -= 1 }
    }

    /// A control sequence without its ESC; other escape sequences mean nothing here.
    private mutating func obey(_ sequence: ArraySlice<Unicode.Scalar>) {
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
        case "m": return
        case "h", "l": modes[parameters.filter { $0 != "?" }] = final == "h"
        default: return  // colours and what is not known leave the screen as it is
        }
        last = nil
        if "ABCDH".unicodeScalars.contains(final) { wrapsNext = false }
    }

    private mutating func erase(_ row: Int, from start: Int) {
        for column in start..<columns { cells[row][column] = " " }
    }
}
