import Terminal
import Text

/// The texts of `.help`, made from the registry.
enum Help {
    static var overview: String {
        var lines: [String] = []
        for (title, rows) in beginnings {
            lines += [title] + rows.map { Wrapping.row($0.0, $0.1) } + [""]
        }
        lines.removeLast()
        for section in CommandSection.allCases {
            let commands = Registry.specs.filter { $0.section == section }
            guard !commands.isEmpty else { continue }
            lines += ["", section.rawValue]
            lines += commands.map { Wrapping.row($0.usage, $0.summary) }
        }
        lines += ["", "Topics"] + Topic.all.map { Wrapping.row(".help \($0.name)", $0.summary) }
        lines.append(Wrapping.row(".help %run", "a cell's magic: " + MagicHelp.all.map(\.name).joined(separator: " ")))
        lines += ["", ".help COMMAND explains a command, with examples; .tutorial is a five-minute tour."]
        return lines.joined(separator: "\n")
    }

    /// What one needs first.
    private static let beginnings: [(String, [(String, String)])] = [
        (
            "Cells",
            [
                ("select 1 as x;", "SQL ends with ; and runs on the warehouse; \\G shows the result vertically"),
                ("%python print(1)", "one cell in Python (%scala, %r), on the cluster; .lang python stays in it"),
                ("%run FILE", "a script or a notebook; .help cells says more"),
            ]
        ),
        (
            "Results",
            [
                (".last vertical", "the last result again, in another format; .mode sets it, .help results lists more"),
                (".plot", "a chart of the last result"), (".summary", "what its columns hold"),
                (".export FILE", "the last result in a file: csv, json, arrow, html and others, by its ending"),
            ]
        ),
        (
            "Keys",
            [
                ("Tab", "completes names, clauses and arguments; Right takes what is suggested in grey"),
                ("F3", "all rows and columns of the last result, on the whole screen"),
                ("Ctrl-C", "cancels what runs"), ("Ctrl-D", "leaves; .help keys lists all keys"),
            ]
        ),
    ]

    /// What there is about a topic, a magic or a command, whose dot may be left out; nil for any other word.
    static func text(about word: String) -> String? {
        let name = (word.hasPrefix(".") ? String(word.dropFirst()) : word).lowercased()
        return Topic.named(name)?.text ?? MagicHelp.named(name)?.text
            ?? (try? Registry.command(named: name)).map { text(for: $0.spec) }
    }

    static func text(for spec: any Signature) -> String {
        var lines = [spec.usage, "  \(spec.summary)"]
        let arguments = spec.arguments.filter { !$0.help.isEmpty }.map { ($0.label, $0.help) }
        let options = arguments + spec.flags.map { ($0.usage, $0.help) }
        if !options.isEmpty { lines += [""] + options.map { Wrapping.row($0.0, $0.1) } }
        for argument in spec.arguments {
            if case .words(let words) = argument.candidates, words.contains(where: { !$0.note.isEmpty }) {
                lines += ["", argument.label] + words.map { Wrapping.row($0.text, $0.note) }
            }
        }
        if !spec.details.isEmpty {
            lines += [""] + Wrapping.paragraphs(spec.details).map { "  \($0)" }
        }
        if !spec.examples.isEmpty {
            lines += ["", "Examples"] + spec.examples.map { Wrapping.row($0.text, $0.explanation) }
        }
        return lines.joined(separator: "\n")
    }

    /// Prints a help text with lines that fit the window; elsewhere 80 columns.
    static func show(_ text: String, on console: Console, _ environment: ShellEnvironment) throws {
        let window =
            console.resultsReachTerminal
            ? TerminalSize.of(environment.standardOutput, environment: environment.variables) : nil
        try console.result(text: Wrapping.fitted(text, width: window?.columns ?? 80))
    }
}
