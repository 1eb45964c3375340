import Databricks
import System

/// The names an error goes by, for `.expect error`: the engine's error class (`TABLE_OR_VIEW_NOT_FOUND`), the SQLSTATE
/// (`42P01`), the service's code (`BAD_REQUEST`), the name of a Python exception (`ZeroDivisionError`).
enum ErrorCodes {
    static func of(_ error: any Error) -> [String] {
        switch error {
        case let error as StatementError:
            [errorClass(in: error.message), error.sqlState, error.errorCode].compactMap(\.self)
        case let error as CommandError:
            [errorClass(in: error.summary), exception(in: error.summary)].compactMap(\.self)
        case let error as APIError: [error.code, String(error.status)].filter { !$0.isEmpty }
        case is UsageError: ["USAGE"]
        case is ExpectationFailed: ["EXPECTATION"]
        case is RequestRefused: ["READ_ONLY"]
        case is TimeLimitPassed: ["TIMEOUT"]
        case is CutResult: ["CUT_RESULT"]
        case is ContextLost, is KeptSessionLost: ["CONTEXT_LOST"]
        case is StatementSessionLost: ["SESSION_LOST"]
        case is SubmissionLost: ["SUBMISSION_LOST"]
        case is TransportError: ["UNREACHABLE"]
        case is CredentialError, is ProfileError: ["CREDENTIALS"]
        case is LocalWorkspaceNotStarted: ["LOCAL_WORKSPACE"]
        case is CommandEnded: ["EXIT_STATUS"]
        case is FileError, is WriteError: ["FILE"]
        default: Report.isCancellation(error) ? ["CANCELLED"] : []
        }
    }

    /// The SQLSTATE of an error of SQL; nil when there is none.
    static func sqlState(of error: any Error) -> String? {
        switch error {
        case let error as StatementError: error.sqlState
        case let error as CommandError where error.language == .sql: SQLErrorMessage(error.summary)?.sqlState
        default: nil
        }
    }

    /// Whether an error that goes by `codes` is the one called `wanted`. `CLASS` matches its sub-classes `CLASS.SUB` too.
    static func matches(_ wanted: String, _ codes: [String]) -> Bool {
        codes.contains { code in
            code.lowercased() == wanted.lowercased() || code.lowercased().hasPrefix(wanted.lowercased() + ".")
        }
    }

    /// Spark begins a message with its class in brackets: `[DIVIDE_BY_ZERO] Division by zero. …`.
    private static func errorClass(in message: String) -> String? {
        guard let open = message.firstIndex(of: "["), let close = message[open...].firstIndex(of: "]") else {
            return nil
        }
        let name = message[message.index(after: open)..<close]
        let isClass =
            !name.isEmpty && name.allSatisfy { $0.isASCII && ($0.isUppercase || $0.isNumber || "_.".contains($0)) }
        return isClass ? String(name) : nil
    }

    private static func exception(in summary: String) -> String? {
        let name = summary.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
        guard !name.isEmpty, name.endIndex == summary.endIndex || summary[name.endIndex] == ":" else { return nil }
        return name.split(separator: ".").last.map(String.init)
    }
}
