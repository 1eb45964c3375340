import Databricks
import Glibc
import Results
import Terminal
import Text

/// The two streams of a session: results go to stdout (or a file), messages about them go to stderr.
final class Console {
    let environment: ShellEnvironment
    /// Whether messages on stderr, and results on stdout, may be coloured.
    let colorsErrors: Bool
    let colorsResults: Bool
    let resultsAreShown: Bool
    /// How messages are written.
    let errorFormat: ErrorFormat
    private let errors: BufferedOutput
    private let standardResults: BufferedOutput
    /// Where results go, when that is not standard output (`-o`, `.output`), and where the next one goes (`.once`).
    private var destination: ResultDestination?
    private var onceDestination: ResultDestination?
    /// The status line at the bottom of the terminal: what is being waited for.
    private let status: StatusLine
    /// Records the results of the running cell.
    var log: SessionLog?
    /// What shows all of the last result on the whole screen; nil where nothing does.
    var browseKey: String?
    /// Lines that are printed while a line is being edited go through the editor, which puts them above the prompt.
    var printAbovePrompt: ((String) -> Void)?

    init(environment: ShellEnvironment, color: ColorChoice, errors format: ErrorFormat = .text) {
        self.environment = environment
        errorFormat = format
        resultsAreShown = environment.outputIsTerminal
        colorsErrors =
            format == .text && color.isEnabled(for: environment.standardError, environment: environment.variables)
        colorsResults = color.isEnabled(for: environment.standardOutput, environment: environment.variables)
        standardResults = BufferedOutput(fileDescriptor: environment.standardOutput)
        errors = BufferedOutput(fileDescriptor: environment.standardError)
        status = StatusLine(descriptor: environment.standardError, isEnabled: format == .json ? false : nil)
    }

    /// Shows what is being waited for and for how long while `body` runs: after a delay, dim, and removed afterwards.
    func waiting<T>(for text: String, _ body: () async throws -> T) async rethrows -> T {
        try await status.showing(Self.line(text), while: body)
    }

    /// Says nothing of waiting while `body` has the terminal, e.g. for a question.
    func notWaiting<T>(_ body: () async throws -> T) async rethrows -> T { try await status.hidden(while: body) }

    /// The work being waited for was abandoned (a second Ctrl-C).
    func stopWaiting() { status.abandon() }

    /// Whether the status line can be shown.
    var showsWaiting: Bool { status.isEnabled }

    /// Updates what is being waited for.
    func nowWaiting(for text: String) { status.update(Self.line(text)) }

    private nonisolated static func line(_ text: String) -> @Sendable (Duration) -> String {
        { elapsed in "\(Quantity.seconds(elapsed)) · \(Sanitizer.oneLine(text))" }
    }

    /// Where results go now.
    var current: ResultDestination? { onceDestination ?? destination }
    var results: BufferedOutput { current?.output ?? pager?.output ?? standardResults }
    /// Buffers what the running cell writes, to page it.
    private var pager: Pager?

    /// What is written from now on is shown by `endPaging`, through a pager if it does not fit the window.
    func beginPaging() {
        if resultsReachTerminal { pager = Pager(environment: environment) }
    }

    /// Shows the buffered results, then the messages that came with them.
    /// - Throws: `OutputError`.
    func endPaging(interrupts: Interrupts) async throws {
        guard let pager else { return }
        self.pager = nil
        for remark in try await pager.show(to: standardResults, interrupts: interrupts) { say(styled: remark) }
    }

    /// Writes a control sequence that changes the terminal and shows nothing.
    func signal(_ sequence: String) {
        status.outOfTheWay {
            try? write(sequence, to: errors, line: false)
            try? errors.flush()
        }
    }

    /// Whether results reach a terminal as they are, so that control characters in them must be escaped.
    var resultsReachTerminal: Bool { resultsAreShown && current == nil }
    /// Whether results are read by a person at this terminal, directly or through a command such as a pager.
    var resultsAreForReading: Bool { resultsAreShown && (current?.isCommand ?? true) }

    /// Results go to `destination` from now on; nil is standard output. The destination before is closed.
    /// - Throws: `WriteError`, when that could not be written to its end.
    func sendResults(to destination: ResultDestination?) async throws {
        let before = self.destination
        self.destination = destination
        try await before?.finish()
    }

    /// The results of the next cell go to `destination`, until `endOnce`.
    func sendNextResults(to destination: ResultDestination) { onceDestination = destination }

    /// Whether the results of the next cell go somewhere else (`.once`).
    var hasOnceDestination: Bool { onceDestination != nil }

    /// The cell that `.once` was for is over.
    /// - Throws: `WriteError`.
    func endOnce() async throws {
        let destination = onceDestination
        onceDestination = nil
        try await destination?.finish()
    }

    /// Whether the command that reads the results has closed its input (`|head`), which is no failure.
    func readerHasClosed(_ error: any Error) -> Bool {
        (error as? OutputError)?.isBrokenPipe == true && current?.isCommand == true
    }

    /// A result ended early: what was drawn of it is shown, and a file that holds it counts as incomplete.
    func resultBrokeOff() {
        try? results.flush()
        current?.isBroken = true
    }

    /// Rewords an error of writing results in terms of their file. It is reported now, and not once more at the end.
    func explained(_ error: any Error) async -> any Error {
        guard let current, let file = current.file else { return error }
        let reason = await file.explained(error)
        if reason is WriteError {
            current.isBroken = true
            current.failureIsTold = true
        }
        return reason
    }

    /// Flushes both streams and closes the destination.
    /// - Throws: `OutputError`, `WriteError`: a full disk is noticed here at the latest.
    func finish() async throws {
        try? await endOnce()
        try await sendResults(to: nil)
        try standardResults.flush()
        try errors.flush()
    }

    /// Flushes both streams, before something else writes to the same place.
    /// - Throws: `OutputError`.
    func flush() throws {
        try results.flush()
        try errors.flush()
    }

    /// Text that is a result, e.g. what a Python cell printed. Written as it is to a file or pipe.
    func result(text: String) throws {
        try refuseDetached()
        guard !text.isEmpty else { return }
        log?.add(.text(text.hasSuffix("\n") ? text : text + "\n"))
        try write(resultsReachTerminal ? TerminalText.shown(text, color: colorsResults) : text, to: results, line: true)
        try results.flush()
    }

    /// A drawing for the terminal. It consists of control sequences that dbsh made, so it is not escaped.
    func draw(_ drawing: String) throws {
        try refuseDetached()
        // Pixels do not go through a pager.
        try pager?.copy(to: standardResults)
        try write(drawing, to: current == nil ? standardResults : results, line: true)
        try standardResults.flush()
        try results.flush()
    }

    /// One line for the user, on stderr; at a terminal it is wrapped at words.
    func say(_ line: String) {
        let line = fitted(line)
        say(styled: colorsErrors ? "\u{1b}[\(Style.dim.parameters)m\(line)\u{1b}[0m" : line)
    }

    /// A message, broken at words where it is read at a terminal.
    func fitted(_ line: String) -> String { messageWidth.map { Wrapping.fitted(line, width: $0) } ?? line }

    /// Text for the user that is styled already, e.g. an error report.
    func say(styled text: String) {
        guard !Attachment.isDetached else { return }
        let text = Redaction.secrets(in: text)
        if errorFormat == .json {
            let text = JSONValue.string(Report.plain(text))
            return write(message: .object([.init("type", .string("message")), .init("text", text)]))
        }
        if let pager, pager.holdsText { return pager.add(remark: text) }
        status.outOfTheWay {
            if let printAbovePrompt { return printAbovePrompt(text.hasSuffix("\n") ? text : text + "\n") }
            try? write(text, to: errors, line: true)
            try? errors.flush()
        }
    }

    /// A line for the program that reads stderr.
    private func write(message: JSONValue) {
        try? write(message.serialized(sanitize: true), to: errors, line: true)
        try? errors.flush()
    }

    /// Tells an error: drawn at a terminal, plain elsewhere.
    ///
    /// - Parameter location: `file:line`, put before it.
    func tell(_ report: Report, location: String? = nil) {
        if errorFormat == .json, !Attachment.isDetached {
            let head: [JSONValue.Member] = [
                .init("type", .string("error")), .init("location", .text(location)),
                .init("exit_code", .count(Int(report.exitCode.rawValue))),
            ]
            return write(message: .object(head + (report.fields.members ?? [])))
        }
        say(styled: report.text(color: colorsErrors, location: location, width: messageWidth))
    }

    /// Columns that messages may take; nil where they are not for a person at a terminal.
    private var messageWidth: Int? {
        guard errorFormat == .text, isatty(environment.standardError) == 1 else { return nil }
        return TerminalSize.of(environment.standardError, environment: environment.variables)?.columns
    }

    /// Work abandoned by a second Ctrl-C must not write any more.
    /// - Throws: `CancellationError`.
    func refuseDetached() throws { if Attachment.isDetached { throw CancellationError() } }

    private func write(_ text: String, to output: BufferedOutput, line: Bool) throws {
        var text = line && !text.hasSuffix("\n") ? text + "\n" : text
        try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
    }
}
