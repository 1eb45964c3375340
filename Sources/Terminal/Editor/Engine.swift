import CEdit
import Glibc

/// libedit as an engine: its edit buffer, its keymaps and its reader, without its screen.
///
/// The guards here come from bugs of libedit 3.1 that crash or overwrite memory:
/// - The pty has more rows and columns than any text that is let in: on a smaller screen libedit's refresh runs off its buffers
///   (re_fastputc) when the cursor leaves it. For the same reason el_resize is never called.
/// - Commands answer CC_REFRESH and never CC_CURSOR, whose fast path keeps the same wrong idea of the screen.
/// - The cursor is repaired before each key: vi commands can leave it outside of the buffer.
final class Engine {
    private static let rows: Int32 = 2000
    private static let columns: Int32 = 250
    /// The largest text that fits the private screen for certain.
    static let maximumLines = 1500
    static let maximumScalars = 300_000

    private let engine: OpaquePointer
    let line: OpaquePointer

    /// Nil when there is no pty to be had.
    ///
    /// - Parameters:
    ///   - program: the name by which `~/.editrc` addresses this program.
    ///   - terminal: whose erase and kill characters are taken over.
    ///   - client: what commands and `getKey` find through libedit.
    ///   - getKey: gives libedit its next key (EL_GETCFN).
    init?(
        program: String, like terminal: Int32, client: UnsafeMutableRawPointer, getKey: @escaping cedit_getc
    ) {
        guard let engine = cedit_engine_open(program, terminal, Self.rows, Self.columns) else { return nil }
        self.engine = engine
        line = cedit_engine_line(engine)
        cedit_set_client(line, client)
        cedit_set_signal(line, 0)  // libedit's handlers do terminal I/O and signal the whole process group
        cedit_set_prompt(line) { _ in UnsafeMutablePointer(mutating: emptyPrompt) }
        cedit_set_getc(line, getKey)
        cedit_set_editor(line, "emacs")
    }

    deinit { cedit_engine_close(engine) }

    var isVi: Bool { cedit_editor(line).map { String(cString: $0) } == "vi" }

    func takeBell() -> Bool { cedit_engine_take_bell(engine) }

    /// Runs libedit until a command ends the line. False for end of file and errors.
    func readLine() -> Bool {
        var count: Int32 = 0
        return el_wgets(line, &count) != nil && count > 0
    }

    /// The next key, by way of the client's reader; nil when the read must end.
    func nextKey() -> Unicode.Scalar? {
        var key: wchar_t = 0
        guard el_wgetc(line, &key) == 1 else { return nil }
        return Unicode.Scalar(UInt32(bitPattern: key)) ?? "\u{FFFD}"
    }

    /// Makes `keys` the next to be read.
    func push(_ keys: [Unicode.Scalar]) { withWide(keys) { el_wpush(line, $0) } }

    // MARK: - The buffer

    // el_wline's pointers lead into libedit's own buffer, which stays where it is until the next call into libedit.

    var buffer: EditBuffer {
        let info = el_wline(line).pointee
        let count = max(0, info.lastchar - info.buffer)
        let wide = UnsafeBufferPointer(start: info.buffer, count: count)
        return EditBuffer(
            scalars: wide.map { Unicode.Scalar(UInt32(bitPattern: $0)) ?? "\u{FFFD}" },
            cursor: min(max(0, info.cursor - info.buffer), count))
    }

    /// The length of the text in scalars.
    var count: Int {
        let info = el_wline(line).pointee
        return max(0, info.lastchar - info.buffer)
    }

    /// Puts `text` in at the cursor. False, and nothing done, if the whole would outgrow the private screen.
    func insert(_ text: String) -> Bool {
        let new = text.unicodeScalars.filter { $0 != "\0" }
        let info = el_wline(line).pointee
        let old = UnsafeBufferPointer(start: info.buffer, count: info.lastchar - info.buffer)
        let lines = old.count { $0 == 10 } + new.count { $0 == "\n" }
        guard old.count + new.count <= Self.maximumScalars, lines <= Self.maximumLines else { return false }
        if !new.isEmpty { withWide(new) { _ = el_winsertstr(line, $0) } }
        return true
    }

    func moveCursor(to position: Int) {
        let info = el_wline(line).pointee
        el_cursor(line, Int32(position - (info.cursor - info.buffer)))
    }

    func deleteBeforeCursor(_ count: Int) {
        if count > 0 { el_deletestr(line, Int32(count)) }
    }

    /// Puts `text` in place of a range, leaving the cursor behind it.
    @discardableResult
    func replace(_ range: Range<Int>, with text: String) -> Bool {
        moveCursor(to: range.upperBound)
        deleteBeforeCursor(range.count)
        return insert(text)
    }

    /// False, and the text empty, if `text` is too large.
    @discardableResult
    func replaceAll(with text: String, cursor: Int? = nil) -> Bool {
        let fits = replace(0..<count, with: text)
        if let cursor, fits { moveCursor(to: cursor) }
        return fits
    }

    /// libedit's vi commands can leave the cursor one before the buffer (`$` on an empty line) or behind the text, and the end of
    /// the text before the buffer; the next command would then write out of bounds.
    func repairCursor() {
        let info = el_wline(line).pointee
        if info.lastchar < info.buffer {
            // The only call that sets the end of the text by itself; it needs at least one character, which goes again.
            withWide([" "]) { _ = el_wreplacestr(line, $0) }
            let replaced = el_wline(line).pointee
            el_cursor(line, Int32(replaced.lastchar - replaced.cursor))
            el_deletestr(line, 1)
        }
        let sound = el_wline(line).pointee
        if sound.cursor < sound.buffer {
            el_cursor(line, Int32(sound.buffer - sound.cursor))
        } else if sound.cursor > sound.lastchar {
            el_cursor(line, Int32(sound.lastchar - sound.cursor))
        }
    }
}

/// Lends scalars as a C wide string for the time of the call.
func withWide<T>(_ scalars: some Sequence<Unicode.Scalar>, _ body: (UnsafePointer<wchar_t>) -> T) -> T {
    let wide = scalars.map { wchar_t(bitPattern: $0.value) } + [0]
    return wide.withUnsafeBufferPointer { body($0.baseAddress!) }  // never empty: it ends in 0
}

/// A wide string that is never freed, for libedit keeps the names of commands as pointers.
func immortalWide(_ text: String) -> UnsafePointer<wchar_t> {
    let wide = text.unicodeScalars.map { wchar_t(bitPattern: $0.value) } + [0]
    let copy = UnsafeMutablePointer<wchar_t>.allocate(capacity: wide.count)
    copy.initialize(from: wide, count: wide.count)
    return UnsafePointer(copy)
}

/// A constant, made once and only read.
nonisolated(unsafe) private let emptyPrompt = immortalWide("")
