import Databricks
import Text

/// `.gexec` — run each cell of the last result as a statement.
struct GexecCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "gexec", in: .scripts, "run each value of the last result as an SQL statement",
            details: """
                Row by row, and in a row from left to right; NULL is passed over. It stops at the first that fails unless .onerror \
                is continue. A value is one statement, whatever is in it: no command of dbsh, no other language.
                """,
            examples: [
                .init(".gexec", "after select 'optimize ' || table_name from …", runs: false)
            ], isImmediate: true, traits: .runsCells)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let table = session.log.lastTable else {
            throw UsageError("there is no result yet", hint: "run a query first")
        }
        guard table.isWhole else {
            throw UsageError("the last result is too large to be run", hint: "select fewer rows")
        }
        let rows = table.rows(.max)
        let script = ScriptRun(session, name: ".gexec", mayWait: true)
        for (row, values) in rows.enumerated() {
            for value in values.compactMap(\.self) {
                var text = value.trimmingBlanks()
                while text.hasSuffix(";") { text = String(text.dropLast()).trimmingBlanks() }
                if text.isEmpty { continue }
                let cell = Cell(.code(.sql, text), ending: .semicolon, start: .init(line: 1, column: 1))
                try await script.run(cell, name: ".gexec row \(row + 1)")
            }
        }
        let outcome = try await script.finish()
        if outcome.failures > 0 { throw ScriptFailed(path: ".gexec", exitCode: outcome.exitCode) }
    }
}
