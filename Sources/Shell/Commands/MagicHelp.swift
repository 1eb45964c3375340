/// What `.help %NAME` says about a magic.
enum MagicHelp {
    static let all: [Topic] = [
        Topic(
            name: "%sql", summary: "one cell in SQL",
            text: """
                %sql STATEMENT
                  One cell in SQL while the language is another. On its own line, the cell is what follows.
                  See .help sql.
                """),
        Topic(
            name: "%python", summary: "one cell in Python",
            text: """
                %python CODE
                  One cell in Python, on the cluster; %py is short for it. On its own line, the cell is what follows; at the
                  prompt a blank line ends it. See .help python.
                """),
        Topic(
            name: "%scala", summary: "one cell in Scala",
            text: "%scala CODE\n  One cell in Scala, on the cluster. .lang scala makes it the language of all cells."),
        Topic(
            name: "%r", summary: "one cell in R",
            text: "%r CODE\n  One cell in R, on the cluster. .lang r makes it the language of all cells."),
        Topic(
            name: "%md", summary: "a note",
            text: """
                %md TEXT
                  A note in Markdown: headings, lists, tables, code, bold and italic type. It is drawn at a terminal, kept in
                  notebooks and pages that .save writes, and sent nowhere.
                """),
        Topic(
            name: "%run", summary: "runs a script or notebook",
            text: """
                %run FILE [$NAME="VALUE" …]
                  Runs a script (.sql, .py, .scala, .r, .dbsh) or a notebook (.ipynb, or source as Databricks exports it), whose
                  ending may be left out. Parameters are :NAME in its SQL and dbutils.widgets in its Python. Its variables stay.

                Examples
                  %run ./setup                    a notebook beside this one
                  %run ./load $day="2026-01-01"   with a parameter
                """),
        Topic(
            name: "%pip", summary: "installs Python packages",
            text: """
                %pip install NAME…
                  Runs pip for the session's Python on the cluster. Variables may be lost when it restarts Python; dbsh says so.
                """),
        Topic(
            name: "%sh", summary: "runs a program on the cluster",
            text: """
                %sh COMMAND
                  Runs a line, or the lines below, in a shell on the cluster's driver. .sh runs a command on this machine.
                """),
        Topic(
            name: "%fs", summary: "files of the workspace",
            text: "%fs ls PATH\n  Short for dbutils.fs: ls, head, cp, mv, rm, mkdirs, put."),
        Topic(
            name: "%skip", summary: "switches a cell off",
            text: "%skip\n  As the first line of a cell: the cell is read, kept by .save and not run."),
    ]

    static func named(_ name: String) -> Topic? { all.first { $0.name == name } }
}
