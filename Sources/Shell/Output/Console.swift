import Glibc
import Results
import Terminal
import Text

/// The two streams of a session: results go to stdout (or a file), everything said about them goes to stderr.
final class Console {
    let environment: ShellEnvironment
    /// Whether what is said on stderr, and results on stdout, may carry colours.
    let colorsErrors: Bool
    let colorsResults: Bool
    let resultsAreShown: Bool
    private let errors: BufferedOutput
    private let standardResults: BufferedOutput
    /// Where results go, when that is not standard output (`-o`, `.output`), and where the next one goes (`.once`).
    private var destination: ResultDestination?
    private var onceDestination: ResultDestination?
    /// What is being waited for, at the bottom of the terminal.
    private let status: StatusLine
    /// Lines that are printed while a line is being edited go through the editor, which puts them above the prompt.
    var printAbovePrompt: ((String) -> Void)?

    init(environment: ShellEnvironment, color: ColorChoice) {
        self.environment = environment
        resultsAreShown = environment.outputIsTerminal
        colorsErrors = color.isEnabled(for: environment.standardError, environment: environment.variables)
        colorsResults = color.isEnabled(for: environment.standardOutput, environment: environment.variables)
        standardResults = BufferedOutput(fileDescriptor: environment.standardOutput)
        errors = BufferedOutput(fileDescriptor: environment.standardError)
        status = StatusLine(descriptor: environment.standardError)
    }

    /// Shows what is waited for and for how long, while `body` runs. Late, thin and gone afterwards.
    func waiting<T>(for text: String, _ body: () async throws -> T) async rethrows -> T {
        try await status.showing(Self.line(text), while: body)
    }

    /// What is waited for has changed.
    func nowWaiting(for text: String) { status.update(Self.line(text)) }

    private nonisolated static func line(_ text: String) -> @Sendable (Duration) -> String {
        { elapsed in "\(Quantity.seconds(elapsed)) · \(Visible.oneLine(text))" }
    }

    /// Where results go now.
    var current: ResultDestination? { onceDestination ?? destination }
    var results: BufferedOutput { current?.output ?? standardResults }

    /// Whether results reach a terminal as they are, so that control characters in them must be made visible.
    var resultsReachTerminal: Bool { resultsAreShown && current == nil }
    /// Whether results are read by a person at this terminal, directly or through a command such as a pager.
    var resultsAreForReading: Bool { resultsAreShown && (current?.isCommand ?? true) }

    /// Results go to `destination` from now on; nil is standard output. What they went to before is finished.
    /// - Throws: `WriteError`, when that could not be written to its end.
    func sendResults(to destination: ResultDestination?) async throws {
        let before = self.destination
        self.destination = destination
        try await before?.finish()
    }

    /// The results of the next cell go to `destination`, until `endOnce`.
    func sendNextResults(to destination: ResultDestination) { onceDestination = destination }

    /// Whether the results of the next cell go somewhere else.
    var isArmedOnce: Bool { onceDestination != nil }

    /// The cell that `.once` was for is over.
    /// - Throws: `WriteError`.
    func endOnce() async throws {
        let destination = onceDestination
        onceDestination = nil
        try await destination?.finish()
    }

    /// A result broke off in the middle: what was drawn of it is shown, and a file that holds it is not whole.
    func resultBrokeOff() {
        try? results.flush()
        current?.isBroken = true
    }

    /// Writes out what is held back, and finishes what results went to.
    /// - Throws: `OutputError`, `WriteError`: a full disk is noticed here at the latest.
    func finish() async throws {
        try? await endOnce()
        try await sendResults(to: nil)
        try standardResults.flush()
        try errors.flush()
    }

    /// Text that is a result, e.g. what a Python cell printed. Written as it is to a file or pipe.
    func result(text: String) throws {
        guard !text.isEmpty else { return }
        try write(resultsReachTerminal ? Visible.text(text) : text, to: results, line: true)
        try results.flush()
    }

    /// One line of conversation, on stderr.
    func say(_ line: String) {
        say(styled: colorsErrors ? "\u{1b}[\(Style.dim.parameters)m\(line)\u{1b}[0m" : line)
    }

    /// Text that is conversation and carries its own style, e.g. a report.
    func say(styled text: String) {
        if let printAbovePrompt { return printAbovePrompt(text.hasSuffix("\n") ? text : text + "\n") }
        status.outOfTheWay {
            try? write(text, to: errors, line: true)
            try? errors.flush()
        }
    }

    private func write(_ text: String, to output: BufferedOutput, line: Bool) throws {
        var text = line && !text.hasSuffix("\n") ? text + "\n" : text
        try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
    }
}
