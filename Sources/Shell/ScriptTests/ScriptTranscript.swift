import Databricks
import Glibc

/// Writes down a script as it runs: its cells behind `> `, below each what it wrote, with lines of stderr behind `! `.
final class ScriptTranscript: ScriptObserver {
    private let output: CapturedOutput
    private let errors: CapturedOutput
    private var lines: [String] = []

    init(_ output: CapturedOutput, _ errors: CapturedOutput) {
        self.output = output
        self.errors = errors
    }

    func willRun(_ cell: Cell, _ name: String) {
        gather()
        var script = ScriptText(commands: [], showsOpenCells: true)
        let text = script.text(of: cell)
        lines += Self.lines(text).map { $0.isEmpty ? ">" : "> " + $0 }
    }

    func passedOver() { lines.append("[skipped]") }

    /// The whole transcript, once the script has ended. `path` is the script's, which is shortened to its name.
    func text(path: String, exitCode: Int32) -> String {
        gather()
        if exitCode != 0 { lines.append("[exit \(exitCode)]") }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return lines.map { Self.normalized($0.replacing(path, with: name)) + "\n" }.joined()
    }

    private func gather() {
        lines += Self.lines(output.take())
        lines += Self.lines(errors.take()).map { "! " + $0 }
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Replaces what differs from run to run: ids, how long things took, and where a picture was saved.
    static func normalized(_ line: String) -> String {
        var line = line
        line.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
        line.replace(/\b[0-9a-f]{32}\b/, with: "ID")
        line.replace(/\b[0-9]+(\.[0-9]+)? (s|ms)\b/, with: "TIME")
        line.replace(/<command-[0-9]+>/, with: "<command-N>")
        line.replace(/(picture saved: ).*\/[0-9]+-[0-9]+(\.[a-z0-9]+)/) { "\($0.1)PICTURE\($0.2)" }
        return line
    }
}
