import Text

/// The texts of `dbsh --help` and `dbsh SUBCOMMAND --help`, made from the specs.
struct CommandLineHelp {
    let subcommands: [any Subcommand]

    func text(for spec: ProgramSpec) -> String { spec.name.isEmpty ? program(spec) : subcommand(spec) }

    private func program(_ spec: ProgramSpec) -> String {
        var lines = [
            "dbsh \(Version.number): \(spec.summary)", "", "usage: \(spec.usage)",
            "       dbsh [OPTIONS] SUBCOMMAND …",
        ]
        lines += ["", "Subcommands"] + subcommands.map { Wrapping.row($0.spec.name, $0.spec.summary) }
        lines += options(spec)
        return (lines + [""] + Wrapping.paragraphs(spec.details)).joined(separator: "\n")
    }

    private func subcommand(_ spec: ProgramSpec) -> String {
        var lines = ["usage: \(spec.usage)", "  \(spec.summary)"]
        let arguments = spec.arguments.filter { !$0.help.isEmpty }
        if !arguments.isEmpty { lines += [""] + arguments.map { Wrapping.row($0.label, $0.help) } }
        lines += options(spec)
        let shared = spec.shared.filter { !$0.isHidden }.map { $0.short ?? $0.name }
        if !shared.isEmpty {
            let names = shared.joined(separator: ", ")
            lines += ["", "Options of dbsh that it takes too (dbsh --help explains them)"]
            lines.append("  " + names)
        }
        if !spec.details.isEmpty { lines += [""] + Wrapping.paragraphs(spec.details) }
        if !spec.examples.isEmpty {
            lines += ["", "Examples"] + spec.examples.map { Wrapping.row($0.text, $0.explanation) }
        }
        return lines.joined(separator: "\n")
    }

    private func options(_ spec: ProgramSpec) -> [String] {
        spec.groups.flatMap { group in
            ["", group.title] + group.flags.filter { !$0.isHidden }.map { Wrapping.row(Self.heading($0), $0.help) }
        }
    }

    /// `-m, --mode NAME`
    static func heading(_ flag: any AnyFlag) -> String {
        let names = [flag.short, flag.name].compactMap(\.self).joined(separator: ", ")
        return flag.label.map { "\(names) \($0)" } ?? names
    }
}
