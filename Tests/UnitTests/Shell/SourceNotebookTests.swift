import Databricks
import Testing

@testable import Shell

/// Notebooks as they are in the wild: what their files are read as.
@MainActor @Suite struct SourceNotebookTests {
    /// Written with the marks of Python; every other language has its own.
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// Behind the header.
        var text: String
        /// In every language, with `<own>` for the notebook's.
        var cells: [String]

        var testDescription: String { name }
    }

    nonisolated private static let separator = "\n# COMMAND ----------\n"

    nonisolated private static let cases: [Case] = [
        Case(
            name: "notes, titles and another language",
            text: "# MAGIC %md\n# MAGIC # Title\n\(separator)# DBTITLE 1,What it does\nx = 1\n\(separator)"
                + "# MAGIC %python\n# MAGIC y = 2\n",
            cells: ["note|# Title", "<own>|x = 1", "python|y = 2"]),
        Case(
            name: "a quoted separator is text",
            text: "# MAGIC %md\n# MAGIC # COMMAND ----------\n# MAGIC drop('it')\n\(separator)x",
            cells: ["note|# COMMAND ----------\ndrop('it')", "<own>|x"]),
        Case(
            name: "what is left open ends with its cell",
            text: "x = (1,\n\(separator)y\n\(separator)z = \"a\n\(separator)w = 'b\n\(separator)"
                + "v = \"\"\"c\n\(separator)# MAGIC %md\n# MAGIC it's\n\(separator)u",
            cells: [
                "<own>|x = (1,", "<own>|y", "<own>|z = \"a", "<own>|w = 'b", "<own>|v = \"\"\"c", "note|it's",
                "<own>|u",
            ]),
        Case(
            name: "an open comment ends with its cell, in the languages that have it",
            text: "# MAGIC %scala\n# MAGIC /* a\n\(separator)# MAGIC %sql\n# MAGIC /* b\n\(separator)x",
            cells: ["scala|/* a", "sql|/* b", "<own>|x"]),
        Case(
            name: "other separators separate nothing",
            text:
                "# MAGIC %sql\n# MAGIC -- %% a\n# MAGIC select 1\n# MAGIC # %%\n# MAGIC // %%\n# MAGIC + 1\n\(separator)"
                + "# MAGIC %python\n# MAGIC # %% b\n# MAGIC -- %%\n# MAGIC x\n",
            cells: ["sql|-- %% a\nselect 1\n# %%\n// %%\n+ 1", "python|# %% b\n-- %%\nx"]),
        Case(
            name: "dots, magics and commands in the middle are text",
            text: "a\n.mode csv\n.select(1)\n%sql x\n", cells: ["<own>|a\n.mode csv\n.select(1)\n%sql x"]),
        Case(name: "a dot at the start is no command", text: ".libPaths(1)\n", cells: ["<own>|.libPaths(1)"]),
        Case(
            name: "the environment is metadata",
            text: "# /// script\n# [tool.databricks.environment]\n# dependencies = [\n#   \"-r ./r.txt\",\n# ]\n# ///\n"
                + "# MAGIC %md\n# MAGIC it's (a note\n\(separator)x",
            cells: ["note|it's (a note", "<own>|x"]),
        Case(
            name: "an environment block without its end is a comment",
            text: "# /// script\nx = 1\n", cells: ["<own>|# /// script\nx = 1"]),
        Case(
            name: "short and rare magics",
            text: "# MAGIC %py\n# MAGIC x\n\(separator)# MAGIC %md-sandbox\n# MAGIC <p>it's\n\(separator)"
                + "# MAGIC %skip\n# MAGIC %sql\n# MAGIC drop table t\n\(separator)# MAGIC %restart_python\n",
            cells: ["python|x", "note|<p>it's", "skip|%sql\ndrop table t", "magic|%restart_python"]),
        Case(
            name: "arguments go on behind a backslash",
            text:
                "# MAGIC %pip install a \\\n# MAGIC   b \\\n# MAGIC   c\n\(separator)# MAGIC %run ./x \\\n# MAGIC  $a=\"b\"\n",
            cells: ["magic|%pip install a \\\n  b \\\n  c", "run|./x  $a=\"b\""]),
        Case(
            name: "meta commands stand behind a mark of ours",
            text: "# dbsh: .mode csv\n\(separator)# dbsh: .null -\n# MAGIC %python\n# MAGIC x\n",
            cells: ["meta|.mode csv", "meta|.null -", "python|x"]),
        Case(
            name: "blanks behind a separator, none before it",
            text: "x\n# COMMAND ----------  \r\ny\n# COMMAND ----------z",
            cells: ["<own>|x", "<own>|y\n# COMMAND ----------z"]),
    ]

    @Test(arguments: cases, [("#", "x.py"), ("#", "x.r"), ("--", "x.sql"), ("//", "x.scala")])
    func readAsCells(_ test: Case, _ file: (mark: String, name: String)) throws {
        // What SQL and R say to a line of another language is theirs to say; here it only has to arrive whole.
        let text = ("# Databricks notebook source\n" + test.text).split(
            separator: "\n", omittingEmptySubsequences: false
        )
        .map { Self.isMark($0) ? file.mark + $0.dropFirst() : $0[...] }.joined(separator: "\n")
        let notebook = try #require(SourceNotebook(head: Array(text.utf8), name: file.name)).read(Array(text.utf8))
        let own = notebook.language.rawValue
        let expected = test.cells.map { cell -> String in
            guard cell.hasPrefix("<own>") else { return cell }
            let lines = cell.split(separator: "\n", omittingEmptySubsequences: false)
            return lines.map { $0.hasPrefix("# ") ? file.mark + $0.dropFirst() : $0[...] }.joined(separator: "\n")
                .replacing("<own>|# ", with: own + "|" + file.mark + " ").replacing("<own>", with: own)
        }
        #expect(notebook.cells.flatMap { $0.parts(in: notebook.language) }.map(CellShown.text) == expected)
    }

    private static func isMark(_ line: Substring) -> Bool {
        ["# Databricks", "# MAGIC", "# COMMAND", "# DBTITLE", "# dbsh:", "# ///", "# [", "# dep", "#   \"-r", "# ]"]
            .contains(where: line.hasPrefix)
    }

    @Test func environmentsAreKept() throws {
        let block = """
            # /// script
            # [tool.databricks.environment]
            # base_environment = "a.yml"
            # environment_version = "5"
            # dependencies = [
            #   "pandas<3", # why
            #   '-r ./"r".txt',
            # ]
            # ///

            """
        let text = "# Databricks notebook source\n" + block + "x = 1\n"
        let notebook = try #require(SourceNotebook(head: Array(text.utf8), name: "x.py")).read(Array(text.utf8))
        let environment = try #require(notebook.environment)
        #expect(environment.summary == "version 5; a.yml; pandas<3, -r ./\"r\".txt")
        #expect(environment.block(comment: "#") == block)
        let again = try #require(NotebookEnvironment(environment.json))
        #expect(again.summary == environment.summary)
        #expect(
            NotebookEnvironment(
                lines: again.block(comment: "#").split(separator: "\n").map {
                    String($0.dropFirst(2))
                }
            ).summary == environment.summary)
    }

    @Test(arguments: [
        ("%no_such x", true), ("\n  %%no_such\nx", true), ("%time x", false), ("%%bash\nls", false),
        ("x = 5 %no_such", false),
        ("%skip\n%no_such", false), ("# why\n%no_such", false),
    ])
    func pythonMagicsThatNobodyHasAreRefused(_ text: String, _ isRefused: Bool) {
        let other = Notebook.Cell(number: 1, text: Array("print(1)".utf8))
        let cell = Notebook.Cell(number: 2, text: Array(text.utf8))
        #expect((Notebook(.python, [other, cell], environment: nil).firstInvalid?.index == 1) == isRefused)
        let loads = Notebook.Cell(number: 1, text: Array("%load_ext no_such".utf8))
        #expect(Notebook(.python, [loads, cell], environment: nil).firstInvalid == nil)
    }

    @Test(arguments: [Language.sql, .scala, .r]) func otherLanguagesRefuseWhatTheyDoNotKnow(_ language: Language) {
        let notebook = Notebook(
            language, [.init(number: 1, text: Array("%slq\ndrop table t".utf8))], environment: nil)
        // The whole cell is the refused one: what its magic was meant to switch is not run as something else.
        #expect(notebook.cells[0].parts(in: language).map(\.isInvalid) == [true])
        #expect(notebook.firstInvalid?.cell.start == SourcePosition(line: 1, column: 1))
    }

    @Test func otherTextsAreNoNotebooks() {
        #expect(SourceNotebook(head: Array("print(1)\n".utf8), name: "a.py") == nil)
        #expect(SourceNotebook(head: Array("-- a comment\nselect 1".utf8), name: "a.sql") == nil)
    }

    @Test func linesAreThoseOfTheFile() throws {
        let text = "# Databricks notebook source\n# /// script\n# ///\nx\n\n# COMMAND ----------\n# DBTITLE 1,t\n\ny\n"
        let notebook = try #require(SourceNotebook(head: Array(text.utf8), name: "x.py")).read(Array(text.utf8))
        #expect(notebook.cells.flatMap { $0.parts(in: .python) }.map(\.start.line) == [4, 9])
    }
}

/// A cell written down for comparison.
enum CellShown {
    static func text(_ cell: Cell) -> String {
        switch cell.content {
        case .meta(let text): "meta|\(text)"
        case .code(let language, let text): "\(language.rawValue)|\(text)"
        case .clusterMagic(let text): "magic|\(text)"
        case .run(let path): "run|\(path)"
        case .note(let text): "note|\(text)"
        case .skipped(let text): "skip|\(text)"
        case .invalid(let why): "invalid|\(why)"
        }
    }
}
