import Synchronization

/// Reads text from a person at a terminal, with editing, history and completion by libedit's keys; and prints above the line
/// being edited. Safe to use from any task.
///
/// One thread owns libedit, the terminal's mode and the picture on the screen. It starts with the first read. Everything else
/// reaches it as a message: reads, output, completions, signals.
///
/// A process can have one that edits at a time: libedit, and the terminal library under it, keep state that is the process's.
package final class LineEditor: Sendable {
    private let mailbox: Mailbox

    /// Whether keys are read one by one; otherwise the input is no terminal, or one that cannot be drawn on, and whole lines are
    /// read, with the prompts shown if it is a terminal at all.
    package let isInteractive: Bool

    /// - Parameter interrupts: where SIGINT, SIGTERM and SIGWINCH come from while a line is being read.
    package init(options: EditorOptions, interrupts: Interrupts = .shared) {
        isInteractive = options.canEdit
        mailbox = Mailbox(options: options, interrupts: interrupts) { Editor($0).run() }
    }

    deinit { mailbox.close(nil) }

    /// Reads one cell: several lines when `EditorOptions.isComplete` says so. It becomes part of the history.
    ///
    /// - Parameter text: what stands there at first, to be edited.
    package func readLine(_ prompt: Prompt, editing text: String = "") async -> ReadResult {
        await mailbox.read(Read(kind: .cell, prompt: prompt, text: text))
    }

    /// Asks a question: one line, without completion, highlighting or history.
    package func ask(_ prompt: Prompt) async -> ReadResult {
        await mailbox.read(Read(kind: .question, prompt: prompt, text: ""))
    }

    /// Reads one line without showing it.
    package func readSecret(_ prompt: Prompt) async -> ReadResult {
        await mailbox.read(Read(kind: .secret, prompt: prompt, text: ""))
    }

    /// Writes to the terminal: above the prompt when a line is being edited, at once otherwise. `text` is whole lines, and
    /// harmless (see `Sanitizer`).
    package func print(_ text: String) { mailbox.print(text) }

    /// Draws the line being edited again, as what it shows has changed.
    package func redraw() { mailbox.post(.output) }

    /// Keys that came behind those of the last read, for somebody else who reads the terminal.
    package func takeTypeAhead() -> [UInt8] { mailbox.takeTypeAhead() }

    /// Keys for the next read.
    package func keep(typeAhead: [UInt8]) { mailbox.keep(typeAhead: typeAhead) }

    /// Ends the thread and gives the terminal back. Reads still waiting end as `.terminated`.
    package func close() async {
        await withCheckedContinuation { mailbox.close($0) }
    }
}
