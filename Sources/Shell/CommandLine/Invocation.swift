import Databricks
import Results
import Terminal
import Text

/// What the command line asks for.
package struct Invocation {
    /// One thing to run, in the order given.
    package enum Step: Equatable {
        case command(String)
        case file(String)
        case standardInput
    }

    package enum Action: Equatable {
        case shell
        case help
        case version
    }

    package var action = Action.shell
    package var steps: [Step] = []
    package var profile: String?
    package var host: String?
    package var isLocal = false
    package var isEphemeral = false
    package var cluster: String?
    package var warehouse: String?
    package var catalog: String?
    package var schema: String?
    package var language: Language?
    var parameters = Parameters()
    package var mode: Format?
    package var choosesByWidth = false
    package var output: String?
    /// What goes there is the service's own CSV.
    package var serviceCSV = false
    package var continuesOnError = false
    package var skipsRC = false
    package var isQuiet = false
    package var showsTiming = false
    package var startsStopped = false
    package var isDebugging = false
    package var resumes = false
    package var isReadOnly = false
    package var color = ColorChoice.auto

    /// - Throws: `UsageError` (exit code 2) for an unknown option or a value that does not fit.
    package init(arguments: [String]) throws {
        var rest = arguments[...]
        var optionsEnded = false
        while let word = rest.popFirst() {
            if optionsEnded || word == "-" || !word.hasPrefix("-") {
                steps.append(word == "-" ? .standardInput : .file(word))
                continue
            }
            if word == "--" {
                optionsEnded = true
                continue
            }
            for (name, inline) in Self.split(word) {
                guard let option = CommandLineOption.named(name) else {
                    let near = Spelling.nearest(to: name, among: CommandLineOption.all.map(\.long))
                    let hint = near.first.map { "did you mean \($0)?" } ?? "dbsh --help lists the options"
                    throw UsageError("\(name) is not an option of dbsh", hint: hint)
                }
                switch option.effect {
                case .set(let set):
                    if inline != nil { throw UsageError("\(option.long) takes no value") }
                    set(&self)
                case .take(let label, let take):
                    guard let value = inline ?? rest.popFirst() else { throw UsageError("\(name) needs \(label)") }
                    try take(&self, value)
                }
            }
        }
    }

    /// `--name=value` is cut at the `=`; `-qX` is several short options, of which one that takes a value takes the rest.
    private static func split(_ word: String) -> [(name: String, inline: String?)] {
        if word.hasPrefix("--") {
            guard let equals = word.firstIndex(of: "=") else { return [(word, nil)] }
            return [(String(word[..<equals]), String(word[word.index(after: equals)...]))]
        }
        var found: [(String, String?)] = []
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let name = "-\(letter)"
            if case .take = CommandLineOption.named(name)?.effect, !letters.isEmpty {
                found.append((name, String(letters)))
                break
            }
            found.append((name, nil))
        }
        return found
    }
}
