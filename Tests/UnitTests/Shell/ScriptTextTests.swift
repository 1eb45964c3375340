import Databricks
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
    ]

    @Test(arguments: scripts, Language.allCases) func scriptsReadBack(_ text: String, _ language: Language) {
        // Cells are read in one language of plain cells and may be read back in any other.
        let cells = Self.cells(text, .sql)
        let written = cells.map { ScriptText.text(of: $0, language: language) }.joined()
        #expect(Self.cells(written, language).map(Self.shown) == cells.map(Self.shown), "\(written)")
    }

    @Test(arguments: scripts) func notebooksReadBack(_ text: String) throws {
        let cells = Self.cells(text, .sql)
        let log = SessionLog()
        for cell in cells {
            let number = log.begin(cell, language: .sql)
            try log.end(number, .succeeded, elapsed: .zero)
        }
        let source = SourceNotebook.text(of: log.entries)
        let notebook = try #require(SourceNotebook(head: Array(source.utf8), name: "x.py")).read(Array(source.utf8))
        let read = notebook.cells.flatMap { $0.parts(in: notebook.language) }
        #expect(read.map(Self.shown) == cells.map(Self.shown).map(Self.withoutEnding), "\(source)")
        let jupyter = try JupyterNotebook.read(Array(JupyterWriter().text(of: log.entries).utf8), name: "x.ipynb")
        let again = jupyter.cells.flatMap { $0.parts(in: jupyter.language) }
        #expect(again.map(Self.shown) == cells.map(Self.shown).map(Self.withoutEnding))
    }

    private static func cells(_ text: String, _ language: Language) -> [Cell] { cells(Array(text.utf8), language) }

    private static func cells(_ bytes: [UInt8], _ language: Language, rules: CellReader.Rules = .script) -> [Cell] {
        var reader = CellReader(language: language, commands: ["mode"], rules: rules)
        reader.append(bytes)
        reader.finish()
        var cells: [Cell] = []
        while let cell = reader.next() { cells.append(cell) }
        return cells
    }

    private static func shown(_ cell: Cell) -> String {
        switch cell.content {
        case .meta(let text): "meta|\(text)"
        case .code(let language, let text): "\(language)|\(text)|\(cell.ending == .semicolon ? .open : cell.ending)"
        case .clusterMagic(let text): "magic|\(text)"
        case .run(let path): "run|\(path)"
        case .note(let text): "note|\(text)"
        case .skipped(let text): "skip|\(text)"
        case .invalid(let why): "invalid|\(why)"
        }
    }

    /// A notebook's cell has no `\G` and no `&`.
    private static func withoutEnding(_ text: String) -> String {
        text.replacing("|vertical", with: "|open").replacing("|background", with: "|open")
    }
}
