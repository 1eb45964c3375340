/// What a client asked for when it submitted a statement.
struct StatementRequest: Sendable, Equatable {
    /// A value for a marker in the statement: `:name`, or `?` when there is no name.
    struct Parameter: Sendable, Equatable {
        var name: String?
        /// SQL type; STRING when nil.
        var type: String?
        /// The value as text; nil is NULL.
        var value: String?

        /// The parameter as the engine's protocol has it.
        var json: JSON {
            let empty: JSON = [:]
            return empty.adding(["name": .optional(name), "type": .optional(type), "value": .optional(value)])
        }
    }

    enum Disposition: String, Sendable {
        case inline = "INLINE"
        case externalLinks = "EXTERNAL_LINKS"
    }

    /// What the rows are written in.
    enum Format: String, Sendable {
        case json = "JSON_ARRAY"
        /// Every chunk is an Arrow IPC stream.
        case arrow = "ARROW_STREAM"

        /// RFC 4180, with a header row in the first chunk only; NULL is the word `null` (API README).
        case csv = "CSV"

        /// The name in the engine's protocol.
        var engineName: String {
            switch self {
            case .json: "json"
            case .arrow: "arrow"
            case .csv: "csv"
            }
        }

        /// Media type of a chunk (IANA registry of media types).
        var mediaType: String {
            switch self {
            case .json: "application/json"
            case .arrow: "application/vnd.apache.arrow.stream"
            case .csv: "text/csv"
            }
        }
    }

    var sql: String
    var sessionID: String?
    var catalog: String?
    var schema: String?
    var parameters: [Parameter] = []
    var rowLimit: Int?
    var byteLimit: Int?
    var disposition = Disposition.inline
    var format = Format.json
    /// As they were sent, for the history.
    var tags: JSON?
}
