import Terminal
import Text

/// Asks questions at a terminal, where there is one.
struct Asker {
    private let editor: LineEditor?

    init(_ environment: ShellEnvironment) {
        guard environment.inputIsTerminal, environment.outputIsTerminal else {
            editor = nil
            return
        }
        var options = EditorOptions()
        (options.input, options.output) = (environment.standardInput, environment.standardOutput)
        editor = LineEditor(options: options)
    }

    /// - Returns: nil when nobody can be asked, or nobody wants to answer.
    func ask(_ question: String) async -> String? {
        if case .line(let answer) = await editor?.ask(Prompt(question)) { answer.trimmingBlanks() } else { nil }
    }

    func say(_ line: String) { editor?.print(line + "\n") }

    func close() async { await editor?.close() }
}
