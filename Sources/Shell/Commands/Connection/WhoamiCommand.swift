import Databricks
import Results
import System

/// `.whoami` — the user the workspace takes us for.
struct WhoamiCommand: MetaCommand {
    var spec: CommandSpec {
        CommandSpec(
            "whoami", in: .connection, "show the current user and how you are signed in",
            details: """
                Asks the workspace, so it also checks the credentials. token_expires is empty when the token does not expire, or
                when its expiry is not known.
                """,
            examples: [.init(".whoami", "user, host, authentication and token expiry")])
    }

    func run(_ call: Call, in session: Session) async throws {
        let client = try await session.workspace.connected()
        let user = try await client.currentUser.me()
        try session.presenter.show(
            [
                .text("user"), .text("name").leaving(3), .whole("id").leaving(2), .text("host"),
                .text("authentication").leaving(1), .whole("token_expires").leaving(1),
            ],
            rows: [
                [
                    user.userName, user.displayName, user.id, client.connection.host,
                    client.connection.authType.rawValue,
                    await client.connection.credential.expiry?.text,
                ]
            ])
    }
}
