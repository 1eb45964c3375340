import CEdit
import Glibc

/// What the editor's thread owns: the line being edited, and waiting for what happens to it. It lives on that thread alone: made
/// there, and never handed to another.
///
/// libedit edits, this draws. libedit runs on a private pty with a huge screen, and what it draws there is thrown away; each time
/// it wants a key (EL_GETCFN), prompt, text and menu are painted as one picture. The commands are in the files beside this one.
final class Editor {
    let mailbox: Mailbox
    let options: EditorOptions
    /// Nil when there is no editing: no terminal, or no pty to be had.
    var engine: Engine?
    var terminal: EditorTerminal
    var keys = KeyDecoder()

    // The read going on.
    var request: Mailbox.Request?
    /// The text that Enter has handed in.
    var accepted: String?
    var stop: Stop?
    var isPasting = false

    var screen: EditorScreen
    var history = HistoryWalk()
    var mirror: HistoryMirror?
    var undo = UndoStack()
    var kills = KillRing()
    var menu: CompletionMenu?
    /// A line that stands in place of the menu: a question, or a sign of waiting.
    var notice: String?
    /// What is said about the line just opened, until the text changes.
    var remark: (text: String, left: EditBuffer)?
    /// What came back from another program's editing.
    var edited: String??
    /// What was typed on a view of the whole screen and is for the line again.
    var browsed: [UInt8]?
    /// The column that Up and Down keep to, as long as the cursor is where they left it.
    var goal: (column: Int, cursor: Int)?
    var completion = PendingCompletion()
    /// The text that was drawn last, as far as `EditorOptions.onEdit` knows.
    var told = ""
    /// Whether the end of a read may still be put off for the width's answer.
    var mayWaitForReport = true
    /// What is to stand there before the first key.
    var initialText: String?

    /// Why the read must end.
    enum Stop { case interrupted, terminated, endOfInput }

    /// A Tab that is being answered, and the state in which the last one left the text.
    struct PendingCompletion {
        var serial = 0
        var task: Task<Void, Never>?
        /// The text that is being completed.
        var asked: EditBuffer?
        /// The Tab before had left that text as it was.
        var isRepeated = false
        var answer: Completion?
        var left: EditBuffer?
    }

    init(_ mailbox: Mailbox) {
        self.mailbox = mailbox
        options = mailbox.options
        terminal = EditorTerminal(input: options.input, output: options.output)
        screen = EditorScreen(policy: options.widthPolicy)
    }

    /// The commands' closures get here by the pointer that the engine was given.
    static func of(_ line: OpaquePointer?) -> Editor {
        // Set in `openEngine` to the thread's own object, which owns the engine.
        Unmanaged<Editor>.fromOpaque(cedit_client(line)).takeUnretainedValue()
    }

    // MARK: - Waiting

    enum Wakeup { case input, message, timeout }

    /// Waits for messages, which are dealt with, and, if asked to, for input, which is not.
    @discardableResult
    func wait(forInput: Bool, milliseconds: Int32 = -1) -> Wakeup {
        var polled = [
            pollfd(fd: mailbox.wakeDescriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: forInput ? options.input : -1, events: Int16(POLLIN), revents: 0),
        ]
        let count = poll(&polled, 2, milliseconds)
        if count == 0 { return .timeout }
        guard count > 0 else { return .message }  // EINTR: as if there had been one
        if polled[0].revents != 0 {
            for message in mailbox.takeMessages() where request != nil { deal(with: message) }
            if mailbox.isClosing, request != nil { stop = .terminated }
        }
        return polled[1].revents != 0 ? .input : .message
    }

    private func deal(with message: Mailbox.Message) {
        switch message {
        case .signal(.interrupt), .abandon: stop = stop ?? .interrupted
        case .signal(.terminate): stop = .terminated
        case .signal(.resized): resized()
        case .signal(.suspend): suspend()
        case .signal(.continued): continued()
        case .completion(let serial, let answer): if serial == completion.serial { completion.answer = answer }
        case .output: showOutput()
        case .edited(let text): edited = .some(text)
        case .browsed(let typed): browsed = typed
        }
    }

    /// Takes in what the terminal has sent.
    func readInput() {
        var chunk = [UInt8](repeating: 0, count: 4096)
        let count = Glibc.read(options.input, &chunk, chunk.count)
        if count > 0 {
            options.onInput()
            keys.append(chunk[..<count], droppingBeforeInterrupt: terminal.isRaw && !isPasting)
        } else if count == 0 || (errno != EINTR && errno != EAGAIN) {
            stop = stop ?? .endOfInput
        }
    }
}
