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
    /// Where results go.
    private(set) var results: BufferedOutput
    private let errors: BufferedOutput
    private let standardResults: BufferedOutput
    /// The file that results go to, when it is not standard output.
    private var file: Int32?
    /// What is being waited for, at the bottom of the terminal.
    private let status: StatusLine
    /// Remembers what results the running cell has.
    var log: SessionLog?
    /// Lines that are printed while a line is being edited go through the editor, which puts them above the prompt.
    var printAbovePrompt: ((String) -> Void)?

    init(environment: ShellEnvironment, color: ColorChoice) {
        self.environment = environment
        resultsAreShown = environment.outputIsTerminal
        colorsErrors = color.isEnabled(for: environment.standardError, environment: environment.variables)
        colorsResults = color.isEnabled(for: environment.standardOutput, environment: environment.variables)
        standardResults = BufferedOutput(fileDescriptor: environment.standardOutput)
        results = standardResults
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

    /// Results go to a new file from now on, until `finish`.
    /// - Throws: `FileError`.
    func sendResults(toFile path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
        try closeFile()
        file = descriptor
        results = BufferedOutput(fileDescriptor: descriptor)
    }

    /// Writes out what is held back, and closes the file that results went to.
    /// - Throws: `OutputError`: a full disk is noticed here at the latest.
    func finish() throws {
        try closeFile()
        try standardResults.flush()
        try errors.flush()
    }

    /// Writes out what is held back, before something else writes to the same place.
    /// - Throws: `OutputError`.
    func flush() throws {
        try results.flush()
        try errors.flush()
    }

    private func closeFile() throws {
        guard let descriptor = file else { return }
        file = nil
        defer { results = standardResults }
        do { try results.flush() } catch {
            close(descriptor)
            throw error
        }
        if close(descriptor) != 0 { throw OutputError(errno) }
    }

    /// Whether results reach a terminal as they are, so that control characters in them must be made visible.
    var resultsReachTerminal: Bool { resultsAreShown && results === standardResults }

    /// Text that is a result, e.g. what a Python cell printed. Written as it is to a file or pipe.
    func result(text: String) throws {
        guard !text.isEmpty else { return }
        log?.add(.text(text.hasSuffix("\n") ? text : text + "\n"))
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
