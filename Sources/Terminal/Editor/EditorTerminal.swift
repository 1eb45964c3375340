import CEdit
import Glibc

/// The terminal as the editor's thread holds it: its mode and its size.
struct EditorTerminal {
    let input: Int32
    let output: Int32
    private var tty: OpaquePointer?
    private(set) var isRaw = false
    private var marksPastes = true
    private(set) var size = TerminalSize(rows: 24, columns: 80)

    private static let pasteOn = "\u{1B}[?2004h"
    private static let pasteOff = "\u{1B}[?2004l"

    init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// Whether there is a terminal to read from.
    var isOpen: Bool { tty != nil }

    /// From here on a crash or exit(3) puts the terminal's mode back.
    mutating func open() {
        tty = cedit_tty_open(input, output)
        measure()
    }

    mutating func close() {
        if let tty { cedit_tty_close(tty) }
        tty = nil
    }

    /// Keys come one by one, unseen, and as bytes: also Ctrl-C and Ctrl-Z, so that their order among the others is kept and a
    /// pasted one does nothing; and Ctrl-S, so that it does not freeze the screen. Pastes come marked as such, unless the terminal
    /// might print the request instead of acting on it.
    mutating func makeRaw(marksPastes: Bool = true) {
        guard let tty else { return }
        cedit_tty_raw(tty)
        isRaw = true
        self.marksPastes = marksPastes
        if marksPastes { emit(Self.pasteOn) }
    }

    /// As it was found, for what runs between two reads.
    ///
    /// - Parameter showsInput: otherwise what is typed meanwhile is not shown.
    mutating func makeCooked(showsInput: Bool = true) {
        guard let tty, isRaw else { return }
        if marksPastes { emit(Self.pasteOff) }
        _ = showsInput ? cedit_tty_cooked(tty) : cedit_tty_quiet(tty)
        isRaw = false
    }

    /// Whether somebody else has changed the mode while this process was stopped.
    var hasLostMode: Bool { isRaw && !cedit_tty_is_raw(input) }

    mutating func measure() {
        let window = TerminalSize.window(of: output) ?? TerminalSize(rows: 24, columns: 80)
        size = TerminalSize(rows: window.rows, columns: max(2, window.columns))
    }

    func emit(_ text: String) {
        if !text.isEmpty { writeAll(output, text) }
    }
}
