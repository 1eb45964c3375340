import Results

/// Commands in a context, API 1.2 (`/api/1.2/commands`).
package struct Commands: Sendable {
    let client: Client

    /// Sends code to a context; returns at once. The text goes as it is.
    ///
    /// Never sent twice by itself: code must not run twice.
    /// - Returns: the command's id.
    package func execute(
        clusterID: String, contextID: String, language: Language, code: String
    ) async throws -> String {
        let call = APICall.post(
            "/api/1.2/commands/execute", language == .sql ? .runsSQL(code) : .runsCode,
            Self.ids(clusterID, contextID) + [("language", .string(language.rawValue)), ("command", .string(code))])
        let json = try await client.json(call)
        guard let id = json.string("id") else {
            throw APIError(
                status: 200, code: APIError.notJSON, message: "the reply has no command id", method: call.method,
                path: call.path)
        }
        return id
    }

    /// State of a command, with its result once it has ended.
    package func status(
        clusterID: String, contextID: String, commandID: String, retry: RetryPolicy = .standard
    ) async throws -> CommandStatus {
        var call = APICall.get(
            "/api/1.2/commands/status",
            [("clusterId", clusterID), ("contextId", contextID), ("commandId", commandID)])
        call.retry = retry
        return CommandStatus(json: try await client.json(call))
    }

    /// Asks the cluster to interrupt a command; it ends a moment later. The ids go in the body, unlike those of
    /// `status`.
    package func cancel(clusterID: String, contextID: String, commandID: String, of owner: WorkOwner) async throws {
        var call = APICall.post(
            "/api/1.2/commands/cancel", owner.effect("cancelling command \(commandID)"),
            Self.ids(clusterID, contextID) + [("commandId", .string(commandID))])
        call.repetition = .freely
        _ = try await client.json(call)
    }

    private static func ids(_ clusterID: String, _ contextID: String) -> [(String, JSONValue?)] {
        [("clusterId", .string(clusterID)), ("contextId", .string(contextID))]
    }
}

extension Client {
    package var commands: Commands { Commands(client: self) }
}

/// State of a command, such as `RUNNING`.
package struct CommandState: OpenEnum {
    package let rawValue: String

    /// Newer documents spell it `COMMAND_FINISHED`; both are read.
    package init(rawValue: String) {
        self.rawValue = Self.word(rawValue, without: "COMMAND_")
    }

    package static let queued = CommandState(rawValue: "QUEUED")
    package static let running = CommandState(rawValue: "RUNNING")
    package static let cancelling = CommandState(rawValue: "CANCELLING")
    /// It has ended, well or not: a failed program is finished, and its result says so.
    package static let finished = CommandState(rawValue: "FINISHED")
    package static let cancelled = CommandState(rawValue: "CANCELLED")
    /// The service could not run it.
    package static let error = CommandState(rawValue: "ERROR")

    package var isFinal: Bool { [.finished, .cancelled, .error].contains(self) }
}

/// What the API says about a command.
package struct CommandStatus: Sendable {
    /// Every field the service sent.
    package let json: JSONValue

    package init(json: JSONValue) {
        self.json = json
    }

    package var id: String { json.string("id") ?? "" }
    package var state: CommandState { CommandState(reading: json.string("status") ?? "UNKNOWN") }
    /// Nil until it has ended: the API tells nothing before.
    package var results: JSONValue? { json["results"].flatMap { $0.isNull ? nil : $0 } }
}
