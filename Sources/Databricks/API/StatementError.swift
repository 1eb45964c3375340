/// A statement ended without success. Text in it comes from the server: data, to be made harmless before it is shown.
package struct StatementError: Error, Sendable, Equatable {
    package let statementID: String
    /// `FAILED`, `CANCELED` (by somebody else) or `CLOSED`.
    package let state: StatementState
    /// The engine's own words, with the caret block under the offending place; without blank lines around it.
    package let message: String
    /// Five characters of the SQL standard, such as `42601`.
    package let sqlState: String?
    /// The service's code, such as `BAD_REQUEST`.
    package let errorCode: String?

    package init(
        statementID: String, state: StatementState, message: String, sqlState: String? = nil, errorCode: String? = nil
    ) {
        self.statementID = statementID
        self.state = state
        self.message = message
        self.sqlState = sqlState ?? Self.sqlState(in: message)
        self.errorCode = errorCode
    }

    /// The result is over what disposition INLINE can carry. The service has no code for it; its message names the
    /// disposition that would do (API/README.md).
    package var isOverInlineLimit: Bool {
        state == .failed && message.contains("EXTERNAL_LINKS") && message.lowercased().contains("inline")
    }

    /// The message of a reply. Databricks' may begin with line breaks; spaces of the first line belong to nothing
    /// either.
    static func message(_ text: String?, state: StatementState, code: String? = nil) -> String {
        let trimmed = (text ?? "").trimmingSpaces()
        if !trimmed.isEmpty { return trimmed }
        if let code, !code.isEmpty { return "the statement is \(state): \(code)" }
        switch state {
        case .canceled: return "the statement was cancelled"
        case .closed: return "the result of the statement is not kept any more"
        default: return "the statement failed, and the service does not say why"
        }
    }

    /// The state as messages have it, `… SQLSTATE: 42601 (line 1, pos 0)`, for replies without the field.
    private static func sqlState(in message: String) -> String? {
        guard let mark = message.firstRange(of: "SQLSTATE: ") else { return nil }
        let state = message[mark.upperBound...].prefix(5)
        return state.count == 5 && state.allSatisfy({ $0.isASCII && ($0.isNumber || $0.isUppercase) })
            ? String(state) : nil
    }
}

extension StatementError: CustomStringConvertible {
    package var description: String { message }
}
