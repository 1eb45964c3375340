/// A SQL session: what `USE`, `SET` and temporary views of one statement leave to the next.
///
/// Its statements wait until the engine has carried out what the session was opened with.
struct SessionLifeCycle: Sendable {
    enum State: Sendable, Equatable {
        /// The engine has not been told of it.
        case new
        /// The engine has this many set-up statements to answer yet.
        case opening(remaining: Int)
        case open
        case failed(StatementFailure)
    }

    private(set) var state = State.new
    /// Statements that make the session what was asked for.
    let setUp: [String]

    /// Settings of SQL warehouses that have no meaning here: they are accepted and do nothing.
    private static let withoutMeaning: Set<String> = [
        "ENABLE_PHOTON", "LEGACY_TIME_PARSER_POLICY", "MAX_FILE_PARTITION_BYTES", "QUERY_TAGS",
        "READ_ONLY_EXTERNAL_METASTORE", "STATEMENT_TIMEOUT", "USE_CACHED_RESULT",
    ]

    /// - Throws: `APIError` for a setting that cannot be written as a statement.
    init(catalog: String?, schema: String?, settings: [(name: String, value: String)]) throws {
        func quoted(_ name: String) -> String {
            "`" + name.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``") + "`"
        }
        var setUp: [String] = []
        if let catalog { setUp.append("USE CATALOG " + quoted(catalog)) }
        if let schema { setUp.append("USE SCHEMA " + quoted(schema)) }
        for (name, value) in settings where !Self.withoutMeaning.contains(name.uppercased()) {
            setUp.append(try Self.assignment(name, value))
        }
        self.setUp = setUp
    }

    private static func assignment(_ name: String, _ value: String) throws -> String {
        let nameIsPlain =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                Unicode.Scalar(byte).properties.isAlphabetic || Unicode.Scalar(byte).properties.numericType != nil
                    || [UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-")].contains(byte)
            }
        guard nameIsPlain, !value.utf8.contains(where: { $0 < 0x20 || [0x27, 0x3B, 0x5C].contains($0) }) else {
            throw APIError.invalidParameter("The session setting '\(name)' is not valid.")
        }
        return switch name.uppercased() {
        case "TIMEZONE": "SET TIME ZONE '\(value)'"
        case "ANSI_MODE": "SET spark.sql.ansi.enabled = \(value)"
        default: "SET \(name) = \(value)"
        }
    }

    /// The engine has to be told of the session now: returns what to run, once.
    mutating func begin() -> [String] {
        guard state == .new else { return [] }
        state = setUp.isEmpty ? .open : .opening(remaining: setUp.count)
        return setUp
    }

    /// One of the set-up statements is over. True when the session's statements can move on.
    mutating func answered(_ failure: StatementFailure?) -> Bool {
        guard case .opening(let remaining) = state else { return false }
        if let failure {
            state = .failed(failure)
        } else {
            state = remaining == 1 ? .open : .opening(remaining: remaining - 1)
        }
        return remaining == 1 || failure != nil
    }
}
