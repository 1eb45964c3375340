import CPty
import Glibc

/// A terminal's mode: all that `stty -a` shows but the window's size (termios(3)).
package struct TerminalMode: Sendable, Equatable {
    package var input, output, control, local: tcflag_t
    package var characters: [UInt8]

    init(_ mode: termios) {
        (input, output, control, local) = (mode.c_iflag, mode.c_oflag, mode.c_cflag, mode.c_lflag)
        characters = withUnsafeBytes(of: mode.c_cc) { Array($0) }
    }

    /// Of the terminal whose master this is.
    static func of(_ master: Int32) -> TerminalMode? {
        var mode = termios()
        return tcgetattr(master, &mode) == 0 ? TerminalMode(mode) : nil
    }
}
