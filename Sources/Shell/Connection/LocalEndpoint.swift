import Databricks

/// A running local workspace as the shell sees it: where it is and what to use there. `main` makes it with the
/// LocalWorkspace module, which the shell does not depend on.
nonisolated package struct LocalEndpoint: Sendable {
    package let url: String
    package let token: Secret
    package let clusterID: String
    package let warehouseID: String
    /// What both are called.
    package let name: String
    /// Ends the workspace and all its processes.
    package let stop: @Sendable () async -> Void

    package init(
        url: String, token: Secret, clusterID: String, warehouseID: String, name: String,
        stop: @escaping @Sendable () async -> Void
    ) {
        self.name = name
        self.url = url
        self.token = token
        self.clusterID = clusterID
        self.warehouseID = warehouseID
        self.stop = stop
    }

    /// What the shell asks for when it starts one.
    package struct Request: Sendable {
        package let environment: ShellEnvironment
        package let isEphemeral: Bool
    }

    /// What `dbsh serve` asks for.
    package struct ServeRequest: Sendable {
        package let environment: ShellEnvironment
        /// 0 is a free one.
        package let port: UInt16
        package let isEphemeral: Bool
        package let logsRequests: Bool
        package let tokenFile: String?
        /// How long access tokens are good for; nil is an hour.
        package let tokenLifetime: Duration?
    }

    /// Runs a local workspace until a signal ends it, and returns the exit code.
    package typealias Server = @MainActor @Sendable (ServeRequest) async -> Int32

    /// Says in a few words which engine a local workspace would run, without starting it. Throws `LocalWorkspaceNotStarted`.
    package typealias EngineDescription = @Sendable (ShellEnvironment) throws -> String

    /// Starts a local workspace. Throws `LocalWorkspaceNotStarted`.
    package typealias Starter = @Sendable (Request) async throws -> LocalEndpoint
}
