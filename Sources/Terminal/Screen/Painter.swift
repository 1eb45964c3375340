/// Puts frames on a terminal, rewriting only the rows that have changed. It sends plain ANSI (A, B, C, J, K, m), which every
/// terminal with a cursor understands, so there is nothing to look up.
struct Painter {
    /// What is on the screen; nil when the cursor stands on a fresh line.
    private(set) var shown: Frame?
    /// The first row shown of a frame that is taller than the window.
    private var top = 0

    /// Clears from the start of this row to the end of the screen. A plain ESC [ J at the top left corner makes some terminals
    /// (tmux) push the picture into their scrollback, so this steps one cell aside first.
    private static let wipe = "\r \u{1B}[J\r\u{1B}[K"

    /// What turns the screen into `frame`.
    ///
    /// - Parameter height: the rows of the window. A taller frame is shown in part, around its cursor.
    mutating func paint(_ frame: Frame, height: Int) -> String {
        let new = visiblePart(of: frame, height: max(1, height))
        if shown == new { return "" }
        var stroke: Stroke
        if let shown {
            stroke = Stroke(row: shown.cursorRow, column: shown.cursorColumn, rowsOnScreen: shown.rows.count)
        } else {
            stroke = Stroke(row: 0, column: 0, rowsOnScreen: 1)
            stroke.output = Self.wipe
        }
        let old = shown?.rows ?? []
        for (index, row) in new.rows.enumerated() where index >= old.count || old[index] != row {
            stroke.write(row, over: index < old.count ? old[index] : Frame.Row(), at: index)
        }
        if old.count > new.rows.count {
            stroke.go(to: new.rows.count)
            stroke.output += "\r\u{1B}[J"
            stroke.column = 0
        }
        stroke.go(to: new.cursorRow)
        stroke.go(toColumn: new.cursorColumn)
        shown = new
        return stroke.output.isEmpty ? "" : "\u{1B}[?25l" + stroke.output + "\u{1B}[?25h"
    }

    /// What removes the frame and leaves the cursor where it began.
    mutating func erase() -> String {
        guard let shown else { return "" }
        self.shown = nil
        return (shown.cursorRow > 0 ? "\u{1B}[\(shown.cursorRow)A" : "") + Self.wipe
    }

    /// What leaves the frame as it is, with the cursor on a fresh line below.
    mutating func leave() -> String {
        guard let shown else { return "" }
        forget()
        let down = shown.rows.count - 1 - shown.cursorRow
        return (down > 0 ? "\u{1B}[\(down)B" : "") + "\r\n"
    }

    /// The window has got another width, and the terminal may have rewrapped what it shows: goes to where the frame's first row is
    /// now. The next painting wipes everything below.
    mutating func rewind(width: Int) -> String {
        guard let shown else { return "" }
        self.shown = nil
        let width = max(1, width)
        let above = shown.rows.prefix(shown.cursorRow).reduce(0) { $0 + max(1, ($1.columns + width - 1) / width) }
        let up = above + shown.cursorColumn / width
        return (up > 0 ? "\u{1B}[\(up)A" : "") + "\r"
    }

    /// The screen was written on by others: the cursor stands on a fresh line.
    mutating func forget() {
        shown = nil
        top = 0
    }

    private mutating func visiblePart(of frame: Frame, height: Int) -> Frame {
        guard frame.rows.count > height else {
            top = 0
            return frame
        }
        // Scroll as little as keeps the cursor in sight.
        top = max(min(top, frame.cursorRow), frame.cursorRow - height + 1)
        top = min(top, frame.rows.count - height)
        var part = frame
        part.rows = Array(frame.rows[top..<top + height])
        part.cursorRow -= top
        return part
    }
}

/// The output of one painting, and where it has left the terminal's cursor.
private struct Stroke {
    var output = ""
    var row: Int
    /// Nil when not known: after a full row the cursor is on its last cell, or behind it, as the terminal likes.
    var column: Int?
    /// Rows that exist on the screen, counted from the frame's first; below them, rows are made by newlines.
    var rowsOnScreen: Int

    init(row: Int, column: Int, rowsOnScreen: Int) {
        self.row = row
        self.column = column
        self.rowsOnScreen = rowsOnScreen
    }

    mutating func write(_ new: Frame.Row, over old: Frame.Row, at index: Int) {
        go(to: index)
        rowsOnScreen = max(rowsOnScreen, index + 1)
        if !old.text.isEmpty, new.columns > old.columns, new.text.hasPrefix(old.text) {
            // The usual key: something is added at the end.
            go(toColumn: old.columns)
            output += new.text.dropFirst(old.text.count)
        } else {
            go(toColumn: 0)
            output += new.text
            // Never after a full row, where it would take the last cell away.
            if new.columns < old.columns { output += "\u{1B}[K" }
        }
        column = nil
    }

    mutating func go(to target: Int) {
        if target < row { output += "\u{1B}[\(row - target)A" }
        if target > row {
            let existing = min(target, rowsOnScreen - 1)
            if existing > row { output += "\u{1B}[\(existing - row)B" }
            for _ in max(existing, row)..<target {
                output += "\r\n"
                column = 0
            }
        }
        row = target
    }

    mutating func go(toColumn target: Int) {
        if column != target { output += target == 0 ? "\r" : "\r\u{1B}[\(target)C" }
        column = target
    }
}
