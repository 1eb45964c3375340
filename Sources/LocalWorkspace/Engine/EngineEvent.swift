/// What the engine's processes say (Engine/PROTOCOL.md).
enum EngineEvent: Sendable, Equatable {
    /// Where a context reaches the engine's JVM.
    struct Gateway: Sendable, Equatable {
        let port: Int
        let secret: String
    }

    /// The engine's Spark Connect endpoint.
    struct Endpoint: Sendable, Equatable {
        let port: Int
        /// What runs there now.
        let operations: [Operation]
    }

    /// Something that a client of Spark Connect lets run.
    struct Operation: Sendable, Equatable {
        let id: String
        let session: String
        let state: String

        init(_ json: JSON) {
            id = json["id"]?.string ?? ""
            session = json["session"]?.string ?? ""
            state = json["state"]?.string ?? ""
        }
    }

    /// The endpoint, or why there is none.
    struct EndpointAnswer: Sendable, Equatable {
        let endpoint: Endpoint?
        let problem: String?
    }

    case boot(stage: String, message: String?)
    /// Of a context whose Spark is elsewhere.
    case connect(ConnectNotice)
    case endpoint(id: String, EndpointAnswer)
    case gateway(Gateway)
    /// A context's process takes commands.
    case contextReady
    case running(id: String)
    case progress(id: String, StatementMetrics)
    case statementDone(id: String, StatementOutput)
    /// What a statement cost: an object in the words of the query history's metrics.
    case statementMeasured(id: String, JSON)
    case statementFailed(id: String, StatementFailure)
    case statementCanceled(id: String)
    /// A command of a context is over; `results` is finished text for the API.
    case commandDone(id: String, canceled: Bool, results: JSON)

    /// Reads one line. Nil for events this server does not know, which the protocol allows, and for lines that are not
    /// of the protocol.
    init?(line: [UInt8]) {
        let (head, passedOn) = Self.split(line)
        guard let message = try? JSON(parsing: head), let name = message["ev"]?.string else { return nil }
        let id = message["id"]?.string
        switch (name, id) {
        case ("boot", _):
            self = .boot(stage: message["stage"]?.string ?? "", message: message["message"]?.string)
        case ("gateway", _):
            guard let port = message["port"]?.integer, let secret = message["secret"]?.string else { return nil }
            self = .gateway(Gateway(port: port, secret: secret))
        case ("ready", _): self = .contextReady
        case ("credentials", _): self = .connect(.signature(refused: message["refused"]?.boolean ?? false))
        case ("session", _):
            let headers = (message["headers"]?.elements ?? []).compactMap(\.string)
            self = .connect(.session(id: message["session"]?.string ?? "", headers: headers))
        case ("waiting", _): self = .connect(.waiting(message["message"]?.string ?? ""))
        case ("tasks", _):
            self = .connect(.progress(tasks: message["tasks"]?.integer ?? 0, left: message["tasks_left"]?.integer ?? 0))
        case ("connect", let id?):
            let operations = (message["operations"]?.elements ?? []).map(Operation.init)
            let endpoint = message["port"]?.integer.map { Endpoint(port: $0, operations: operations) }
            self = .endpoint(id: id, EndpointAnswer(endpoint: endpoint, problem: message["error"]?.string))
        case ("running", let id?): self = .running(id: id)
        case ("progress", let id?):
            guard let metrics = StatementMetrics(message) else { return nil }
            self = .progress(id: id, metrics)
        case ("done", let id?):
            guard let output = StatementOutput(message, rows: passedOn) else { return nil }
            self = .statementDone(id: id, output)
        case ("error", let id?):
            self = .statementFailed(
                id: id,
                StatementFailure(
                    code: "BAD_REQUEST", message: message["message"]?.string ?? "",
                    sqlState: message["sql_state"]?.string))
        case ("measured", let id?):
            guard case .object(let members) = message else { return nil }
            self = .statementMeasured(id: id, .object(members.filter { $0.name != "ev" && $0.name != "id" }))
        case ("canceled", let id?): self = .statementCanceled(id: id)
        case ("result", let id?):
            guard let passedOn else { return nil }
            self = .commandDone(id: id, canceled: message["canceled"]?.boolean ?? false, results: .raw(passedOn))
        default: return nil
        }
    }

    /// A line without its `rows` or `results`, and the text of those. They are always the last member, can be megabytes
    /// and go to the client as they are, so that they are not read.
    private static func split(_ line: [UInt8]) -> (head: [UInt8], passedOn: [UInt8]?) {
        // A quote within a string has a backslash before it: this can only be a member's name.
        let names = [Array(#","rows":"#.utf8), Array(#","results":"#.utf8)]
        var at = line.startIndex
        while let comma = line[at...].firstIndex(of: UInt8(ascii: ",")) {
            if let name = names.first(where: { line[comma...].starts(with: $0) }) {
                return (line[..<comma] + [UInt8(ascii: "}")], Array(line[(comma + name.count)...].dropLast()))
            }
            at = comma + 1
        }
        return (line, nil)
    }
}

extension StatementMetrics {
    /// The `progress` event of a statement.
    fileprivate init?(_ message: JSON) {
        guard let rows = message["rows_read"]?.integer, let bytes = message["bytes_read"]?.integer,
            let left = message["tasks_left"]?.integer
        else { return nil }
        self.init(rowsRead: rows, bytesRead: bytes, tasksLeft: left)
    }
}

extension StatementOutput {
    /// The `done` event of a statement.
    fileprivate init?(_ message: JSON, rows: [UInt8]?) {
        guard let columns = message["columns"]?.elements, let rowCount = message["row_count"]?.integer else {
            return nil
        }
        // As the service orders them.
        self.columns = columns.map { $0.ordered(["name", "type_text", "type_name", "position"]) }
        self.rowCount = rowCount
        truncated = message["truncated"]?.boolean ?? false
        if let rows {
            chunks = [Chunk(index: 0, rowOffset: 0, rowCount: rowCount, byteCount: rows.count, source: .rows(rows))]
        } else {
            chunks = (message["chunks"]?.elements ?? []).compactMap { chunk in
                guard let file = chunk["file"]?.string, let index = chunk["chunk_index"]?.integer,
                    let offset = chunk["row_offset"]?.integer, let rows = chunk["row_count"]?.integer,
                    let bytes = chunk["byte_count"]?.integer
                else { return nil }
                return Chunk(index: index, rowOffset: offset, rowCount: rows, byteCount: bytes, source: .file(file))
            }
            guard chunks.count == message["chunks"]?.elements?.count else { return nil }
        }
    }
}
