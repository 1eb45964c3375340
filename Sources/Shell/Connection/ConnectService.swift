import Databricks
import System

/// Python on this machine whose Spark is on the workspace, by Spark Connect, as the shell sees it. `main` makes it with the
/// LocalWorkspace module, which the shell does not depend on.
nonisolated package struct ConnectService: Sendable {
    /// Python for it, as it is installed.
    package struct Installation: Sendable {
        /// Such as `3.12`.
        package let pythonVersion: String
        /// It is older than the set-up that made it, which should run again.
        package let isStale: Bool

        package init(pythonVersion: String, isStale: Bool) {
            self.pythonVersion = pythonVersion
            self.isStale = isStale
        }
    }

    /// What is started.
    package struct Request: Sendable {
        package let environment: ShellEnvironment
        /// The working directory of Python.
        package let directory: String
        package let compute: ConnectCompute
        /// The workspace's URL.
        package let url: String
        package let userAgent: String
        /// Signs calls to the workspace. The argument says whether the last signature was refused.
        package let sign: @Sendable (Bool) async throws -> CallSignature
        /// Is told what happens, on any thread.
        package let notice: @Sendable (Notice) -> Void
    }

    /// What happens between Python and its Spark.
    package enum Notice: Sendable {
        /// A session was opened: its id, and the headers of its calls but for those that sign them.
        case session(id: String, headers: [String], since: WallTime)
        case progress(tasks: Int, left: Int)
        case waiting(String)
        case signature(refused: Bool)
    }

    /// It runs, and speaks the Command Execution API.
    package struct Server: Sendable {
        package let url: String
        package let token: Secret
        /// Returns once it was not used for a day, or when a client has ended it.
        package let untilUnused: @Sendable () async -> Void
        /// Ends it and all its processes.
        package let stop: @Sendable () async -> Void

        package init(
            url: String, token: Secret, untilUnused: @escaping @Sendable () async -> Void,
            stop: @escaping @Sendable () async -> Void
        ) {
            self.url = url
            self.token = token
            self.untilUnused = untilUnused
            self.stop = stop
        }
    }

    /// Nil when nothing is installed.
    package let installation: @Sendable (ShellEnvironment) -> Installation?
    /// Starts it. Throws `LocalWorkspaceNotStarted`.
    package let start: @Sendable (Request) async throws -> Server

    package init(
        installation: @escaping @Sendable (ShellEnvironment) -> Installation?,
        start: @escaping @Sendable (Request) async throws -> Server
    ) {
        self.installation = installation
        self.start = start
    }
}

/// A compute that is reached by Spark Connect.
nonisolated package enum ConnectCompute: Sendable, Equatable {
    case serverless
    /// A cluster, by its id.
    case cluster(String)

    /// What serverless compute is called, as if it were a cluster.
    static let serverlessID = "serverless"

    /// The id that contexts on it go by.
    package var id: String {
        switch self {
        case .serverless: Self.serverlessID
        case .cluster(let id): id
        }
    }
}
