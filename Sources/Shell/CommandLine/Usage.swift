/// The text of `dbsh --help`, made from the list of options.
enum Usage {
    static var text: String {
        let sections = [
            ("Connection", CommandLineOption.connection), ("Running", CommandLineOption.running),
            ("Results", CommandLineOption.results.filter { !$0.help.hasPrefix("short for") }),
            ("General", CommandLineOption.general),
        ]
        var lines = [
            "dbsh \(Version.number): the shell for Databricks", "",
            "usage: dbsh [OPTIONS] [SCRIPT.dbsh …]    without a script, at a terminal: the interactive shell",
            "       … | dbsh                          standard input is a script",
            "       dbsh test PATH…                   run scripts as tests: summary, TAP, JUnit (dbsh test --help)",
            "       dbsh verify FILE.dbsh             compare a script's transcript (dbsh verify --help)",
            "       dbsh serve [--port N]             the local workspace, for any Databricks client",
        ]
        for (title, options) in sections {
            lines += ["", title]
            for option in options {
                let left = "  " + heading(option)
                let gap =
                    left.count < 34
                    ? String(repeating: " ", count: 34 - left.count) : "\n" + String(repeating: " ", count: 34)
                lines.append(left + gap + option.help)
            }
        }
        lines += [
            "", "A token is never an option: set DATABRICKS_HOST and DATABRICKS_TOKEN, or use a profile.",
            "Exit codes: 0 all cells succeeded, 1 a cell failed, 2 bad usage, 3 workspace not reached, 130 interrupted.",
        ]
        return lines.joined(separator: "\n")
    }

    private static func heading(_ option: CommandLineOption) -> String {
        let names = [option.short, option.long].compactMap(\.self).joined(separator: ", ")
        if case .take(let label, _) = option.effect { return "\(names) \(label)" }
        return names
    }
}
