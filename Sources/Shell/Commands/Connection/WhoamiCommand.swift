import Databricks
import Results

/// `.whoami` — the user the workspace takes us for.
struct WhoamiCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "whoami", in: .connection, "show the current user", examples: [.init(".whoami", "name, id and host")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let user = try await client.currentUser.me()
        try session.presenter.show(
            [.text("user"), .text("name"), .text("id"), .text("host")],
            rows: [[user.userName, user.displayName, user.id, client.connection.host]])
    }
}

extension Column {
    /// A column of a list that dbsh makes itself.
    static func text(_ name: String) -> Column { Column(name: name, typeText: "STRING") }
    static func number(_ name: String) -> Column { Column(name: name, typeText: "BIGINT") }
}
