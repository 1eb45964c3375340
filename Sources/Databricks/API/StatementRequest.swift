import Results

/// A SQL statement to run on a warehouse, with everything the API lets one say about it.
package struct StatementRequest: Sendable, Equatable {
    /// A typed value for the marker `:name`.
    package struct Parameter: Sendable, Equatable {
        package let name: String
        /// SQL type such as `INT`; nil is STRING.
        package let type: String?
        /// Always text, whatever the type; nil is NULL.
        package let value: String?

        package init(name: String, type: String? = nil, value: String?) {
            self.name = name
            self.type = type
            self.value = value
        }
    }

    /// How long the POST itself may wait for the statement to finish.
    package enum Wait: Sendable, Equatable {
        /// The reply comes at once, with the id.
        case none
        /// 5 to 50 s; what lies outside is brought inside.
        case seconds(Int)

        var text: String {
            switch self {
            case .none: "0s"
            case .seconds(let seconds): "\(min(max(seconds, 5), 50))s"
            }
        }
    }

    /// Where the rows come from.
    package enum Disposition: String, Sendable {
        /// Inside the replies; a result over 25 MiB makes the statement fail.
        case inline = "INLINE"
        /// From presigned links, up to 100 GiB.
        case externalLinks = "EXTERNAL_LINKS"
    }

    /// What a chunk of rows is written in. Only JSON can come inline.
    package enum Format: String, Sendable {
        case json = "JSON_ARRAY"
        /// An Arrow IPC stream for each chunk.
        case arrow = "ARROW_STREAM"
        /// With a header in the first chunk; NULL is the word `null`.
        case csv = "CSV"
    }

    package var statement: String
    package var warehouseID: String
    /// Like USE, for this statement only.
    package var catalog: String?
    package var schema: String?
    package var parameters: [Parameter] = []
    /// Most rows to return; the manifest says when there were more.
    package var rowLimit: Int?
    package var disposition = Disposition.inline
    package var format = Format.json
    /// Free labels that query history shows; at most 20.
    package var queryTags: [(key: String, value: String?)] = []
    /// A server-side session, whose `USE`, `SET` and temporary views hold for the statement.
    package var sessionID: String?

    package init(_ statement: String, warehouseID: String) {
        self.statement = statement
        self.warehouseID = warehouseID
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.json(wait: .none) == right.json(wait: .none)
    }

    /// Body of the submission.
    func json(wait: Wait) -> JSONValue {
        .fields([
            ("warehouse_id", .string(warehouseID)),
            ("statement", .string(statement)),
            ("catalog", catalog.map(JSONValue.string)),
            ("schema", schema.map(JSONValue.string)),
            ("parameters", parameters.isEmpty ? nil : .array(parameters.map(Self.json))),
            ("row_limit", rowLimit.map { .number(String($0)) }),
            ("disposition", .string(disposition.rawValue)),
            ("format", .string(format.rawValue)),
            ("wait_timeout", .string(wait.text)),
            ("on_wait_timeout", wait == .none ? nil : .string("CONTINUE")),
            ("query_tags", queryTags.isEmpty ? nil : .array(queryTags.map(Self.json))),
            ("session_id", sessionID.map(JSONValue.string)),
        ])
    }

    private static func json(_ parameter: Parameter) -> JSONValue {
        .fields([
            ("name", .string(parameter.name)), ("type", parameter.type.map(JSONValue.string)),
            ("value", parameter.value.map(JSONValue.string)),
        ])
    }

    private static func json(_ tag: (key: String, value: String?)) -> JSONValue {
        .fields([("key", .string(tag.key)), ("value", tag.value.map(JSONValue.string))])
    }
}
