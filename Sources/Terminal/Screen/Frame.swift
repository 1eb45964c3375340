/// One picture of the edit area: rows that each begin and end with the default look, and where the cursor stands.
struct Frame: Equatable {
    struct Row: Equatable {
        /// With SGR sequences, and no other control characters.
        var text = ""
        var columns = 0
    }

    var rows = [Row()]
    var cursorRow = 0
    var cursorColumn = 0
}

/// Lays text out in rows of a given width.
struct FrameBuilder {
    let width: Int
    let policy: WidthPolicy
    private(set) var rows = [Frame.Row()]
    private var style = Style.plain
    private var cursor: (row: Int, column: Int)?

    init(width: Int, policy: WidthPolicy) {
        self.width = max(2, width)  // a wide character needs two
        self.policy = policy
    }

    /// The columns taken in the last row.
    var column: Int { rows[rows.count - 1].columns }

    mutating func newRow() {
        endStyle()
        rows.append(Frame.Row())
    }

    mutating func put(_ text: String, _ style: Style = .plain) {
        for character in text {
            if character.isNewline { newRow() } else { put(character, style) }
        }
    }

    mutating func put(_ text: [StyledText]) {
        for part in text { put(part.text, part.style) }
    }

    mutating func put(_ character: Character, _ style: Style) {
        let (shown, columns) = Self.visible(character, at: column, policy)
        // A wide character goes to the next row as a whole.
        if column + columns > width {
            newRow()
            if columns > width { return }
        }
        if self.style != style {
            endStyle()
            if style != .plain { rows[rows.count - 1].text += "\u{1B}[\(style.parameters)m" }
            self.style = style
        }
        rows[rows.count - 1].text += shown
        rows[rows.count - 1].columns += columns
    }

    /// The cursor goes where the next character would; behind a full row that is the start of the next.
    mutating func markCursor() {
        if column >= width { newRow() }
        cursor = (rows.count - 1, column)
    }

    mutating func finish() -> Frame {
        endStyle()
        let end = (row: rows.count - 1, column: column)
        return Frame(rows: rows, cursorRow: (cursor ?? end).row, cursorColumn: (cursor ?? end).column)
    }

    private mutating func endStyle() {
        guard style != .plain else { return }
        rows[rows.count - 1].text += "\u{1B}[0m"
        style = .plain
    }

    /// What is drawn for a character: control characters become visible, a tab goes to the next multiple of 8, and what would
    /// change the direction of the text around it is replaced, as it could make code look like other code.
    private static func visible(_ character: Character, at column: Int, _ policy: WidthPolicy) -> (String, columns: Int)
    {
        guard let scalar = character.unicodeScalars.first else { return ("", 0) }
        switch scalar.value {
        case 9:
            let columns = 8 - column % 8
            return (String(repeating: " ", count: columns), columns)
        case 0..<0x20: return ("^" + String(Unicode.Scalar(UInt8(scalar.value) + 0x40)), 2)
        case 0x7F: return ("^?", 2)
        case 0x80..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x200E, 0x200F, 0x061C: return ("\u{FFFD}", 1)
        default: return (String(character), policy.width(of: character))
        }
    }
}
