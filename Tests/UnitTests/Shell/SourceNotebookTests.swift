import Databricks
import Testing

@testable import Shell

/// Databricks' source format in its four languages: what a notebook's text is read as.
@MainActor @Suite struct SourceNotebookTests {
    private func cells(_ text: String, named name: String) throws -> [Cell.Content] {
        let bytes = Array(text.utf8)
        let notebook = try #require(SourceNotebook(head: bytes, name: name))
        var reader = CellReader(language: notebook.language, rules: .notebook)
        reader.append(notebook.script(bytes))
        reader.finish()
        var found: [Cell.Content] = []
        while let cell = reader.next() { found.append(cell.content) }
        return found
    }

    @Test(arguments: [
        ("#", "load.py", Language.python, "x = 1\nprint(x)"), ("#", "load.r", .r, "x <- 1\nprint(x)"),
        ("--", "load.sql", .sql, "select 1"), ("//", "load.scala", .scala, "val x = 1\nprintln(x)"),
    ])
    func everyLanguageHasItsOwnMarks(_ mark: String, _ name: String, _ language: Language, _ code: String) throws {
        let text = """
            \(mark) Databricks notebook source
            \(mark) MAGIC %md
            \(mark) MAGIC # Title

            \(mark) COMMAND ----------

            \(mark) DBTITLE 1,What it does
            \(code)

            \(mark) COMMAND ----------

            \(mark) MAGIC %python
            \(mark) MAGIC y = 2
            """
        #expect(try cells(text, named: name) == [.note("# Title"), .code(language, code), .code(.python, "y = 2")])
    }

    @Test func otherTextsAreNoNotebooks() {
        #expect(SourceNotebook(head: Array("print(1)\n".utf8), name: "a.py") == nil)
        #expect(SourceNotebook(head: Array("-- a comment\nselect 1".utf8), name: "a.sql") == nil)
    }
}
