import Text

/// The manual page of dbsh, in mdoc(7): options, subcommands and examples as they are declared, and what there is to say
/// besides.
struct ManualPage {
    let program: ProgramSpec
    let subcommands: [ProgramSpec]

    var text: String {
        let parts = [
            head, synopsis, [".Sh DESCRIPTION"] + description, program.groups.flatMap(section), subcommandSections,
            environment, files, exitStatus, examples,
            [".Sh SEE ALSO", ".Xr gnuplot 1 ,", ".Xr less 1 ,", ".Xr editrc 5"],
        ]
        return parts.joined().joined(separator: "\n") + "\n"
    }

    private var head: [String] {
        [
            ".Dd \(Version.date)", ".Dt DBSH 1", ".Os", ".Sh NAME", ".Nm dbsh", ".Nd \(program.summary)",
            ".Sh SYNOPSIS",
        ]
    }

    private var synopsis: [String] {
        ([program] + subcommands).flatMap { spec in
            [".Nm", ".Op Ar options"] + (spec.name.isEmpty ? [] : [".Cm \(spec.name)"])
                + spec.arguments.map(Self.argument)
        }
    }

    private static func argument(_ argument: any AnyArgument) -> String {
        let name = Self.alternatives(argument.label) + (argument.takesRest ? " ..." : "")
        return argument.usage.hasPrefix("[") ? ".Op Ar \(name)" : ".Ar \(name)"
    }

    private static func alternatives(_ label: String) -> String {
        label.lowercased().split(separator: "|").joined(separator: " | ")
    }

    // MARK: Options

    private func section(_ group: OptionGroup) -> [String] {
        [".Ss \(group.title)"] + Self.list(group.flags.filter { !$0.isHidden }.map(Self.item))
    }

    private static func item(_ flag: any AnyFlag) -> (head: String, meaning: String) {
        (".It \(heading(flag))", flag.help)
    }

    /// A list of things with what they are.
    static func list(_ items: [(head: String, meaning: String)]) -> [String] {
        items.isEmpty ? [] : [".Bl -tag -width Ds"] + items.flatMap { [$0.head] + prose($0.meaning) } + [".El"]
    }

    /// `Fl p , Fl -profile Ar name`: in mdoc a long option is one whose name begins with a dash.
    static func heading(_ flag: any AnyFlag) -> String {
        let names = [flag.short, flag.name].compactMap { $0.map { "Fl \($0.dropFirst())" } }.joined(separator: " , ")
        guard let label = flag.label else { return names }
        let isChoice = if case .words = flag.candidates { label.contains("|") } else { false }
        return "\(names) \(isChoice ? "Cm" : "Ar") \(Self.alternatives(label))"
    }

    private var subcommandSections: [String] {
        var lines = [".Sh SUBCOMMANDS"]
        lines += Self.prose(
            "options may stand before and after the name. A script that is called so is written ./test.")
        for spec in subcommands {
            lines += [".Ss \(spec.title)"] + Self.prose(spec.summary)
            let arguments = spec.arguments.map { (".It Ar \(Self.alternatives($0.label))", $0.help) }
            lines += Self.list(arguments + spec.groups.flatMap(\.flags).filter { !$0.isHidden }.map(Self.item))
            let shared = spec.shared.filter { !$0.isHidden }.map(\.name)
            if !shared.isEmpty {
                lines += [".Pp"] + Self.prose("it also takes " + shared.joined(separator: ", "))
            }
            if !spec.details.isEmpty { lines += [".Pp"] + Self.prose(spec.details) }
            lines += Self.examples(of: spec)
        }
        return lines
    }

    private static func examples(of spec: ProgramSpec) -> [String] {
        spec.examples.flatMap { example in
            [".Pp"] + prose(example.explanation + ":") + [".Dl \(escaped(example.text))"]
        }
    }

    private var examples: [String] { [".Sh EXAMPLES"] + Self.examples(of: program).dropFirst() }

    // MARK: Text

    /// Sentences that begin with a capital and have lines of their own, as mdoc wants it.
    static func prose(_ text: String) -> [String] {
        var text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if let first = text.first, !text.hasPrefix("dbsh"), !text.hasPrefix("rc.dbsh") {
            text = first.uppercased() + text.dropFirst()
        }
        if let last = text.last, !".:?!".contains(last) { text += "." }
        var sentences = [""]
        for word in escaped(text).split(separator: " ") {
            sentences[sentences.count - 1] += (sentences[sentences.count - 1].isEmpty ? "" : " ") + word
            if let last = word.last, ".?!".contains(last) { sentences.append("") }
        }
        return sentences.filter { !$0.isEmpty }.flatMap { Wrapping.lines($0, width: 76) }.map { line in
            line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
        }
    }

    /// Text that roff(7) takes as it is, with the dashes that can be copied.
    static func escaped(_ line: String) -> String {
        var text = ""
        var previous: Character = " "
        for character in line {
            switch character {
            case "\\": text += "\\e"
            case "-" where previous == " " || previous == "-" || previous == "(": text += "\\-"
            case "…": text += "..."
            default: text.append(character)
            }
            previous = character
        }
        return text
    }
}
