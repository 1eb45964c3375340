import Glibc

/// The size of a terminal window in character cells.
package struct TerminalSize: Sendable, Equatable {
    package var rows: Int
    package var columns: Int

    package init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
    }

    /// The size that output should be fitted to: `COLUMNS` and `LINES` win (POSIX XBD 8.3), else the terminal says
    /// (ioctl_tty(2)). Nil when `descriptor` is no terminal and `COLUMNS` says nothing.
    package static func of(_ descriptor: Int32, environment: [String: String]) -> TerminalSize? {
        let window = window(of: descriptor)
        guard let columns = environment["COLUMNS"].flatMap(count) ?? window?.columns else { return nil }
        return TerminalSize(rows: environment["LINES"].flatMap(count) ?? window?.rows ?? 24, columns: columns)
    }

    /// What the terminal itself says; nil when it is none or does not know (a serial line says 0).
    static func window(of descriptor: Int32) -> TerminalSize? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return TerminalSize(rows: Int(size.ws_row), columns: Int(size.ws_col))
    }

    /// The size of a character cell in pixels; nil when the terminal does not say (most answer 0).
    package static func cell(of descriptor: Int32) -> (width: Int, height: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        let width = Int(size.ws_xpixel / size.ws_col)
        let height = Int(size.ws_ypixel / size.ws_row)
        return width > 0 && height > 0 ? (width, height) : nil
    }

    private static func count(_ text: String) -> Int? {
        Int(text).flatMap { $0 > 0 ? $0 : nil }
    }
}
