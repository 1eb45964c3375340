import Text

/// The texts of `.help`, made from the registry.
enum Help {
    static var overview: String {
        var lines = [
            "SQL ends with ; and goes to the warehouse. Python, Scala and R go to the cluster:",
            "  select 1 as x;                a statement; \\G instead of ; shows the result vertically",
            "  %python print(1)              one cell in another language; .lang python changes it for good",
            "  Ctrl-C stops what runs, Ctrl-D leaves, Tab completes",
        ]
        for section in CommandSection.allCases {
            let commands = Registry.all.map(\.spec).filter { $0.section == section }
            guard !commands.isEmpty else { continue }
            lines += ["", section.rawValue]
            lines += commands.map { row($0.usage, $0.summary) }
        }
        lines += ["", "Topics"] + Topic.all.map { row(".help \($0.name)", $0.summary) }
        lines += ["", ".help COMMAND says more, with examples; .tutorial shows it all in five minutes."]
        return lines.joined(separator: "\n")
    }

    static func text(for spec: any Signature) -> String {
        var lines = [spec.usage, "  \(spec.summary)"]
        let arguments = spec.arguments.filter { !$0.help.isEmpty }.map { ($0.label, $0.help) }
        let options = arguments + spec.flags.map { ($0.usage, $0.help) }
        if !options.isEmpty { lines += [""] + options.map { row($0.0, $0.1) } }
        for argument in spec.arguments {
            if case .words(let words) = argument.candidates, words.contains(where: { !$0.note.isEmpty }) {
                lines += ["", argument.label] + words.map { row($0.text, $0.note) }
            }
        }
        if !spec.details.isEmpty {
            lines += [""] + TextLayout.filled(spec.details, to: 78).map { "  \($0)" }
        }
        if !spec.examples.isEmpty {
            lines += ["", "Examples"] + spec.examples.map { row($0.text, $0.explanation) }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ left: String, _ right: String) -> String {
        TextLayout.row(left, right, indent: 34, width: 80)
    }
}
