import CEdit
import Glibc
import System

extension SystemCommand {
    /// Runs it to its end as a program that has the terminal to itself: `.sh`, a pager, an editor. It is in the shell's process
    /// group, so Ctrl-C and Ctrl-Z reach it from the terminal; the shell leaves Ctrl-C to it. If it was killed, the terminal gets
    /// back the mode it had; output that ended within a line is completed, so that the prompt does not cover it. Cancelling the
    /// task sends SIGTERM.
    ///
    /// - Throws: `StartError`.
    package func runInForeground(interrupts: Interrupts = .shared) async throws -> ExitStatus {
        try await interrupts.ignoring {
            // Ctrl-\ is for the command as well.
            var quit = sigaction()
            sigaction(SIGQUIT, nil, &quit)
            cedit_signal_ignore(SIGQUIT)
            defer { sigaction(SIGQUIT, &quit, nil) }
            var mode = termios()
            let isTerminal = tcgetattr(STDIN_FILENO, &mode) == 0
            // Between two reads the line editor has switched off the showing of what is typed.
            let isQuiet = isTerminal && mode.c_lflag & tcflag_t(ICANON) != 0 && mode.c_lflag & tcflag_t(ECHO) == 0
            if isQuiet { Self.setEcho(true) }
            defer { if isQuiet { Self.setEcho(false) } }
            let status = await ExitStatus.of(try start())
            if isTerminal, case .signalled = status { tcsetattr(STDIN_FILENO, TCSADRAIN, &mode) }
            Self.freshLine()
            return status
        }
    }

    private static func setEcho(_ isOn: Bool) {
        var mode = termios()
        guard tcgetattr(STDIN_FILENO, &mode) == 0 else { return }
        let echo = tcflag_t(ECHO | ECHOE | ECHOK | ECHOKE | ECHOCTL)
        if isOn { mode.c_lflag |= echo } else { mode.c_lflag &= ~echo }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &mode)
    }

    /// Goes to the next line unless the cursor is at the start of one: a mark and a row's worth of blanks end on the next row in
    /// the one case, and on the same row, where they are wiped, in the other.
    private static func freshLine() {
        guard isatty(STDOUT_FILENO) == 1, TerminalType.canMoveCursor(environmentVariable("TERM")),
            let columns = TerminalSize.window(of: STDOUT_FILENO)?.columns
        else { return }
        let mark = "\u{1B}[7m%\u{1B}[0m"
        writeAll(STDOUT_FILENO, mark + String(repeating: " ", count: columns - 1) + "\r \r\u{1B}[K")
    }
}
