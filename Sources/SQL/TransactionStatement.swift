/// A statement that begins or ends a transaction of several statements.
package enum TransactionStatement: Sendable {
    /// `BEGIN TRANSACTION`, `BEGIN WORK` or `START TRANSACTION`.
    case begin
    /// `COMMIT` or `ROLLBACK`.
    case end
    /// `SET AUTOCOMMIT = FALSE`, after which a statement begins a transaction by itself, and `SET AUTOCOMMIT = TRUE`.
    case autocommit(Bool)

    /// nil when the text is no such statement.
    package init?(_ statement: String) {
        let verb = SQLText.firstWord(of: statement)
        if verb == "COMMIT" || verb == "ROLLBACK" {
            self = .end
        } else if verb == "SET", let isOn = SQLText(statement).statements.first.flatMap(SQLText.autocommit) {
            self = .autocommit(isOn)
        } else if verb == "BEGIN" || verb == "START", let text = SQLText(statement).statements.first,
            SQLText.beginsTransaction(text)
        {
            self = .begin
        } else {
            return nil
        }
    }
}

extension SQLText {
    /// Whether `SET AUTOCOMMIT = …` switches it on; nil for any other statement, and one that only asks.
    static func autocommit(_ statement: ArraySlice<Piece>) -> Bool? {
        let words = statement.compactMap(\.word)
        guard words.count == 3, words[0] == "SET", words[1] == "AUTOCOMMIT" else { return nil }
        return ["TRUE": true, "ON": true, "FALSE": false, "OFF": false][words[2]]
    }

    /// Whether a statement may stand in a transaction (Databricks SQL, "Transactions"), and begins one where none commits by itself.
    package static func isTransactional(_ statement: String) -> Bool {
        ["SELECT", "WITH", "FROM", "VALUES", "TABLE", "INSERT", "MERGE", "UPDATE", "DELETE"].contains(
            firstWord(of: statement))
    }

    /// Whether a statement begins with `BEGIN TRANSACTION`, `BEGIN WORK` or `START TRANSACTION`.
    static func beginsTransaction(_ statement: ArraySlice<Piece>) -> Bool {
        switch (statement.first?.word, statement.dropFirst().first?.word) {
        case ("BEGIN", "TRANSACTION"), ("BEGIN", "WORK"), ("START", "TRANSACTION"): true
        default: false
        }
    }
}
