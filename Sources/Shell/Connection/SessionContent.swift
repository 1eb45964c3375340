import Databricks
import Results
import System

/// What the file of a session says: what it has in the workspace, and of one that is kept also how it is set.
struct SessionContent: Equatable {
    struct Context: Equatable {
        let cluster: String
        let id: String
    }

    /// The server-side session of a warehouse.
    struct SQLSession: Equatable {
        let id: String
        let warehouse: String
        var transaction: StatementSessions.Transaction?
        var commitsByItself = true
    }

    var host = ""
    var contexts: [Context] = []
    var sqlSession: SQLSession?
    /// Those of Python on this machine, which outlives dbsh.
    var pythons: [KeptPython] = []
    var cluster: String?
    /// The cluster is reached by Spark Connect.
    var clusterIsConnect = false
    var warehouse: String?
    var target: SQLTarget?
    var catalog: String?
    var schema: String?
    var language: Language?
    var parameters: [StatementRequest.Parameter] = []
    var user: String?
    var made: WallTime?

    /// The document of a file.
    /// - Parameter process: whose session it is.
    func json(process: Int32) -> JSONValue {
        .object([
            .init("host", .string(host)), .init("process", .count(Int(process))),
            .init("used", .string(WallTime.now.text)), .init("made", .text(made?.text)),
            .init(
                "contexts",
                .array(
                    contexts.map {
                        .object([.init("cluster", .string($0.cluster)), .init("context", .string($0.id))])
                    })),
            .init("pythons", .array(pythons.map(\.json))),
            .init(
                "sql_session",
                sqlSession.map {
                    .object([
                        .init("id", .string($0.id)), .init("warehouse", .string($0.warehouse)),
                        .init("transaction", .text($0.transaction?.rawValue)),
                        .init("autocommit", .bool($0.commitsByItself)),
                    ])
                } ?? .null), .init("cluster", .text(cluster)), .init("connect", .bool(clusterIsConnect)),
            .init("warehouse", .text(warehouse)),
            .init("target", .text(target?.rawValue)), .init("catalog", .text(catalog)), .init("schema", .text(schema)),
            .init("language", .text(language?.rawValue)), .init("user", .text(user)),
            .init(
                "parameters",
                .array(
                    parameters.map {
                        .object([
                            .init("name", .string($0.name)), .init("type", .text($0.type)),
                            .init("value", .text($0.value)),
                        ])
                    })),
        ])
    }

    /// nil for a document that is no session's.
    init?(_ json: JSONValue) {
        guard let host = json["host"]?.text else { return nil }
        self.host = host
        contexts = (json["contexts"]?.elements ?? []).compactMap { entry in
            guard let cluster = entry["cluster"]?.text, let id = entry["context"]?.text else { return nil }
            return Context(cluster: cluster, id: id)
        }
        if let id = json["sql_session"]?["id"]?.text, let warehouse = json["sql_session"]?["warehouse"]?.text {
            let transaction = json["sql_session"]?["transaction"]?.text.flatMap(StatementSessions.Transaction.init)
            sqlSession = SQLSession(
                id: id, warehouse: warehouse, transaction: transaction,
                commitsByItself: json["sql_session"]?["autocommit"] != .bool(false))
        }
        pythons = (json["pythons"]?.elements ?? []).compactMap(KeptPython.init)
        cluster = json["cluster"]?.text
        clusterIsConnect = json["connect"] == .bool(true)
        warehouse = json["warehouse"]?.text
        target = json["target"]?.text.flatMap(SQLTarget.init)
        catalog = json["catalog"]?.text
        schema = json["schema"]?.text
        language = json["language"]?.text.flatMap(Language.init(name:))
        user = json["user"]?.text
        made = json["made"]?.text.flatMap { WallTime($0) }
        parameters = (json["parameters"]?.elements ?? []).compactMap { entry in
            entry["name"]?.text.map {
                .init(name: $0, type: entry["type"]?.text, value: entry["value"]?.text)
            }
        }
    }

    init() {}
}
