/// A statement that begins or ends a transaction of several statements.
package enum TransactionStatement: Sendable {
    /// `BEGIN TRANSACTION`, `BEGIN WORK` or `START TRANSACTION`.
    case begin
    /// `COMMIT` or `ROLLBACK`.
    case end

    /// nil when the text is no such statement.
    package init?(_ statement: String) {
        let verb = SQLText.firstWord(of: statement)
        if verb == "COMMIT" || verb == "ROLLBACK" {
            self = .end
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
    /// Whether a statement begins with `BEGIN TRANSACTION`, `BEGIN WORK` or `START TRANSACTION`.
    static func beginsTransaction(_ statement: ArraySlice<Piece>) -> Bool {
        switch (statement.first?.word, statement.dropFirst().first?.word) {
        case ("BEGIN", "TRANSACTION"), ("BEGIN", "WORK"), ("START", "TRANSACTION"): true
        default: false
        }
    }
}
