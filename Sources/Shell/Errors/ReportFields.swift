import Databricks
import Results

extension Report {
    /// The error for programs: `class`, `sqlstate`, `message`, `detail`, `hint`, and where in its script it is.
    var fields: JSONValue {
        func text(_ text: String?) -> JSONValue {
            text.map { .string(Redaction.secrets(in: Self.plain($0))) } ?? .null
        }
        return .object([
            .init("class", text(codes.first { $0 != sqlState })), .init("sqlstate", text(sqlState)),
            .init("message", text(headline)), .init("detail", text(detail)), .init("hint", text(hint)),
            .init("file", text(source?.name)), .init("line", .count(source?.line)),
            .init("column", .count(source?.column)),
        ])
    }

    /// Without the colours of a traceback.
    static func plain(_ text: String) -> String { text.replacing(/\u{1B}\[[0-?]*[ -\/]*[@-~]/, with: "") }
}

extension JSONValue {
    /// A whole number, or null.
    static func count(_ number: Int?) -> JSONValue { number.map { .number(String($0)) } ?? .null }
    /// A text, or null.
    static func text(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
}
