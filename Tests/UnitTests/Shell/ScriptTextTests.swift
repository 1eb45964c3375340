import Databricks
import Support
import Testing

@testable import Shell

/// What is written as a script or a notebook reads back as the same cells.
@MainActor @Suite struct ScriptTextTests {
    nonisolated private static let scripts: [String] = [
        "select 1;\nselect 2 -- why\n;\nselect 3\\G\nselect 4;&\n",
        ".mode csv\n%python\nfor i in x:\n\n    print(i)\n\ny\n# %%\nselect 1;\n",
        "%python print(1)\n%python print(2)\n%sql select 'a;b';\n",
        "%md\n# Title\n\ntext\n# %%\n%sh\nls\npwd\n# %%\n%pip install x\n%fs ls /\n%run other.dbsh\n",
        "%scala\nval s = \"\"\"a\n.mode\n\"\"\"\n# %%\n%r\nx <- c(1,\n2)\n# %%\nbegin\n  select 1;\nend;\n",
        "select '\n-- %%\n';\nselect /* a\n.mode csv\n*/ 1;\n",
        "%python\n# MAGIC x\n# DBTITLE 1,y\n# COMMAND ----------\n# dbsh: .mode csv\nz\n# %%\n.echo a\\\\\n\nselect 1;\n",
    ]

    @Test(arguments: scripts, Language.allCases) func scriptsReadBack(_ text: String, _ language: Language) {
        // Cells are read in one language of plain cells and may be read back in any other.
        let cells = Self.cells(text, .sql)
        var script = ScriptText(plain: language, commands: Self.commands)
        let written = cells.map { script.text(of: $0) }.joined()
        #expect(Self.cells(written, language).map(Self.shown) == cells.map(Self.shown), "\(written)")
    }

    @Test(arguments: scripts) func notebooksReadBack(_ text: String) throws {
        try Self.checkNotebooks(Self.cells(text, .sql))
    }

    @Test func linesThatWouldEndTheirCellAreWrittenBehindABackslash() {
        let text =
            "%python\n\\# %%\nx\n\\.mode csv\n\\\\%sql\n.select(1)\n'''\n.mode\n'''\n# %%\n%md\n\\%sql drop\n# %%\n"
        let cells = Self.cells(text, .sql)
        #expect(
            cells.map(CellShown.text) == [
                "python|# %%\nx\n.mode csv\n\\%sql\n.select(1)\n'''\n.mode\n'''", "note|%sql drop",
            ])
        var script = ScriptText(commands: Self.commands)
        #expect(cells.map { script.text(of: $0) }.joined() == text)
    }

    @Test(arguments: [Language.python, .sql]) func aLineThatIsMadeTextIsKept(_ language: Language) {
        #expect(
            Self.cells("%\(language.rawValue)\n\\# %%\n\n# %%\n", .sql).map(CellShown.text) == [
                "\(language.rawValue)|# %%"
            ])
    }

    /// Sessions made of everything that has meant trouble; 400 of them by default.
    @Test func randomSessionsReadBack() throws {
        var random = SplitMix(seed: 20_261_128)
        for round in 0..<400 {
            let cells = RandomSession.cells(&random, commands: Self.commands)
            var script = ScriptText(commands: Self.commands)
            let written = cells.map { script.text(of: $0) }.joined()
            let expected = cells.filter { cell in
                var alone = ScriptText(commands: Self.commands)
                return !alone.text(of: cell).isEmpty
            }
            let read = Self.cells(written, .sql)
            let (got, wanted) = (read.map(Self.shown), expected.map(Self.inScript).map(Self.shown))
            guard got == wanted else {
                let first = zip(got + [""], wanted + [""]).first { $0 != $1 }
                Issue.record("round \(round): \(written.debugDescription): \(String(describing: first))")
                return
            }
            try Self.checkNotebooks(cells.filter(RandomSession.fitsNotebook), "round \(round)")
        }
    }

    private static func checkNotebooks(_ cells: [Cell], _ comment: String = "") throws {
        let log = SessionLog()
        for cell in cells {
            let number = log.begin(cell, language: .sql)
            try log.end(number, .succeeded, elapsed: .zero)
        }
        let expected = cells.map(CellShown.text)
        let environment = NotebookEnvironment(lines: ["environment_version = \"5\"", "dependencies = [", "\"a\"]"])
        let source = SourceNotebook.text(of: log.entries, environment: environment)
        let notebook = try #require(SourceNotebook(head: Array(source.utf8), name: "x.py")).read(Array(source.utf8))
        let read = notebook.cells.flatMap { $0.parts(in: notebook.language) }
        #expect(read.map(CellShown.text) == expected, "\(comment) \(source.debugDescription)")
        #expect(notebook.environment == environment)
        let text = JupyterWriter(environment: environment).text(of: log.entries)
        let jupyter = try JupyterNotebook.read(Array(text.utf8), name: "x.ipynb")
        let again = jupyter.cells.flatMap { $0.parts(in: jupyter.language) }
        #expect(again.map(CellShown.text) == expected, "\(comment)")
        #expect(jupyter.environment?.summary == environment.summary)
    }

    private static let commands: Set<String> = ["mode", "echo", "lang"]

    private static func cells(_ text: String, _ language: Language) -> [Cell] {
        var reader = CellReader(language: language, commands: commands)
        reader.append(Array(text.utf8))
        reader.finish()
        var cells: [Cell] = []
        while let cell = reader.next() {
            if case .meta(".lang python") = cell.content { reader.language = .python }
            cells.append(cell)
        }
        return cells
    }

    /// With its ending; one cell's text has no `;`.
    private static func shown(_ cell: Cell) -> String {
        "\(CellShown.text(cell))|\(cell.ending == .semicolon ? .open : cell.ending)"
    }

    /// A script has a shell script below its magic.
    private static func inScript(_ cell: Cell) -> Cell {
        guard case .clusterMagic(let text) = cell.content, text.hasPrefix("%sh "), text.contains("\n"),
            !Magic.opensShell(text.dropFirst(4).prefix { $0 != "\n" }.utf8),
            !text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().allSatisfy({ $0.hasSuffix("\\") })
        else { return cell }
        var cell = cell
        cell.content = .clusterMagic("%sh\n" + text.dropFirst(4).drop { $0 == " " })
        return cell
    }
}

/// Cells as scripts and notebooks bring them, of lines that look like something else.
@MainActor private enum RandomSession {
    private static let lines = [
        "x = 1", "select 1", "# %%", "-- %%", "// %%", "# COMMAND ----------", "# MAGIC x", "# MAGIC", "# DBTITLE 1,x",
        "# dbsh: .mode csv", "# /// script", "# ///", ".mode csv", ".select(1)", "%sql", "%md note", "%skip", "%py y",
        "%foo", "\\%sql", "\\\\# %%", "\\.mode", "\\", "", "  ", "    y = 2", "'", "'''", "\"\"\"", "/*", "*/", "-- c",
        "-- c \\", "select 'it''s'", "$$", "(", ")", "\u{2028}z", "a\u{0B}b", "é\u{85}ü",
        "# Databricks notebook source",
        "%pip install a \\", "  b", "tab\there", "ends in \\", "#!/bin/sh", "\rq",
    ]

    static func cells(_ random: inout SplitMix, commands: Set<String>) -> [Cell] {
        (0..<Int.random(in: 1...6, using: &random)).flatMap { _ in some(&random, commands) }
    }

    private static func some(_ random: inout SplitMix, _ commands: Set<String>) -> [Cell] {
        let text = (0..<Int.random(in: 1...5, using: &random)).map { _ in lines.randomElement(using: &random)! }
            .joined(separator: "\n")
        let head = ["", "%python\n", "%scala\n", "%r\n", "%sql\n", "%md\n", "%skip\n", "%sh\n", "%sh ", "%sh -e\n"]
            .randomElement(using: &random)!
        let bytes = Array((head + text).utf8)
        if Bool.random(using: &random) {
            let language = [Language.python, .sql, .scala].randomElement(using: &random)!
            return kept(Notebook.Cell(number: 1, text: bytes).parts(in: language))
        }
        var reader = CellReader(language: .sql, commands: commands)
        reader.append(bytes)
        reader.finish()
        var cells: [Cell] = []
        while let cell = reader.next() { cells.append(cell) }
        return kept(cells)
    }

    private static func kept(_ cells: [Cell]) -> [Cell] { cells.filter { !$0.isInvalid } }

    /// A notebook has no way to say that a cell's code begins with what looks like a magic.
    static func fitsNotebook(_ cell: Cell) -> Bool {
        guard case .code(_, let text) = cell.content else { return true }
        return !text.drop(while: \.isWhitespace).hasPrefix("%")
    }
}
