import Glibc
import System

/// A workspace on this machine's loopback that speaks the Databricks REST API and really executes: SQL and Python run
/// on Apache Spark, in processes that this server starts and supervises.
///
/// It has one cluster and one warehouse, with the life cycles of real ones, and nothing but an address and a token
/// connects it to its clients: dbsh uses it exactly as it uses a remote workspace.
package final class LocalWorkspace: Sendable {
    /// What a local workspace is started with.
    package struct Options: Sendable {
        /// Port on 127.0.0.1; 0 takes a free one.
        package var port: UInt16 = 0
        /// Where tables and files are kept between runs (made when missing). Unused when `ephemeral`.
        package var dataDirectory: String
        /// The engine to run.
        package var engine: EngineInstallation
        /// Personal access token to accept; a random one when nil.
        package var token: String?
        /// Keep data in a temporary directory that goes away with the workspace.
        package var ephemeral = false
        /// Boot the cluster and the warehouse at once, so that the first cell finds them starting already. Otherwise
        /// the cluster waits for `clusters/start` and the warehouse for its first statement, as real ones do.
        package var autostart = true
        /// `userName` of the one user.
        package var userName = "me@local"
        /// Lifetime of access tokens from the OAuth endpoint.
        package var accessTokenLifetime: Duration = .seconds(3600)
        /// How long somebody who signed in with a browser stays signed in without coming back.
        package var refreshTokenLifetime: Duration = .seconds(30 * 86_400)
        /// Receives one line per request (method, path, status, time): no query, no header, no body, hence no secret.
        package var log: (@Sendable (String) -> Void)?
        /// Whether the cluster makes execution contexts. One that does not can still be reached by Spark Connect.
        package var makesContexts = true
        /// What waiting is measured with.
        package var clock: any Clock<Duration> = ContinuousClock()

        package init(dataDirectory: String, engine: EngineInstallation) {
            self.dataDirectory = dataDirectory
            self.engine = engine
        }
    }

    /// Base URL, `http://127.0.0.1:PORT`.
    package let url: String
    /// The personal access token to send.
    package let token: String
    /// Id of the one cluster; the same at every start, so that profiles and scripts may keep it.
    package let clusterID: String
    /// Id of the one SQL warehouse; the same at every start.
    package let warehouseID: String
    /// Numeric workspace id, as in the `x-databricks-org-id` header.
    package let workspaceID: String
    /// Account id used by the account-level OAuth endpoints.
    package let accountID: String
    /// Client id of the one service principal (OAuth 2.0 client credentials).
    package let clientID: String
    /// Secret of that service principal, made at start.
    package let clientSecret: String

    /// Where its data lies.
    var dataRoot: String { workspace.data.root }

    private let server: HTTPServer
    private let workspace: Workspace
    private let stopping = Locked<Task<Void, Never>?>(nil)

    /// Starts a workspace: it answers requests when this returns, while its engine boots.
    /// - Throws: `LocalWorkspaceError` when the port, the data directory, libmicrohttpd or a process cannot be had.
    package static func start(_ options: Options) async throws -> LocalWorkspace {
        let data = try DataDirectory(path: options.ephemeral ? nil : options.dataDirectory)
        do {
            let workspace = try LocalWorkspace(options, data)
            if options.autostart { await workspace.workspace.autostart() }
            return workspace
        } catch {
            data.close()
            throw error
        }
    }

    private init(_ options: Options, _ data: DataDirectory) throws {
        clusterID = "0101-000000-local001"
        warehouseID = "00000000000010ca"
        workspaceID = "1001"
        accountID = "00000000-0000-4000-8000-000000001001"
        clientID = Random.uuid()
        clientSecret = "dose" + Random.hexadecimal(bytes: 16)
        token = options.token ?? "dapi" + Random.hexadecimal(bytes: 16)
        let credentials = Credentials(
            token: token, clientID: clientID, clientSecret: clientSecret,
            accessTokenLifetime: options.accessTokenLifetime)
        let logins = BrowserLogins(refreshTokenLifetime: options.refreshTokenLifetime)
        let facts = Workspace.Facts(
            clusterID: clusterID, warehouseID: warehouseID, workspaceID: workspaceID, userName: options.userName,
            engine: options.engine, cores: Machine.cores, memoryMegabytes: Machine.memoryMegabytes,
            makesContexts: options.makesContexts)
        let guardian: ProcessGuard
        do { guardian = try ProcessGuard() } catch {
            throw LocalWorkspaceError("The local workspace cannot start a process: \(systemMessage(error.code)).")
        }
        let workspace = Workspace(facts: facts, data: data, guardian: guardian, clock: options.clock)
        // Routes need the port in what they answer, and the port is known once the server listens.
        let address = Address()
        let router = Router(
            CurrentUserRoutes.routes(workspace) + ClusterRoutes.routes(workspace)
                + ClusterEventRoutes.routes(workspace) + WarehouseRoutes.routes(workspace) { address.port }
                + StatementRoutes.routes(workspace) { address.base } + SessionRoutes.routes(workspace)
                + ContextRoutes.routes(workspace) + CommandRoutes.routes(workspace)
                + DBFSRoutes.routes(workspace) + VolumeRoutes.routes(workspace)
                + VolumeUploadRoutes.routes(workspace) { address.base } + CatalogRoutes.routes(workspace)
                + WorkspaceFileRoutes.routes(workspace) + QueryHistoryRoutes.routes(workspace)
                + ResultLinkRoutes.routes(workspace) + ConnectRoutes.routes(workspace, credentials)
                + AuthorizationRoutes.routes(logins, userName: options.userName, accountID: accountID) { address.base }
                + OAuthRoutes.routes(credentials, logins, workspaceID: workspaceID, accountID: accountID) {
                    address.base
                } issued: {
                    await workspace.connectTokensChanged(credentials.allTokens)
                })
        let gate = Gate(
            router: router, credentials: credentials, workspaceID: workspaceID, secretPath: ResultLinkRoutes.path,
            log: options.log)
        do {
            server = try HTTPServer(
                port: options.port, bodyFile: { VolumeRoutes.takesFile($0) ? data.upload() : nil },
                http2: { connection in Task { await Self.passToSpark(connection, workspace, credentials) } },
                handler: { await gate.answer($0) })
        } catch {
            guardian.stop()
            throw error
        }
        address.port = server.port
        url = address.base
        self.workspace = workspace
    }

    /// A connection of gRPC: the engine's Spark Connect endpoint, which this opens, checks its calls itself.
    private static func passToSpark(_ connection: Int32, _ workspace: Workspace, _ credentials: Credentials) async {
        let endpoint = try? await workspace.connectEndpoint(tokens: credentials.allTokens)
        guard let port = endpoint.flatMap({ UInt16(exactly: $0.port) }) else {
            close(connection)
            return
        }
        Relay.start(connection, to: port)
    }

    /// Ends everything: the port is free, every process gone, and an ephemeral workspace's data with them. Calling it
    /// again waits for the same end.
    package func stop() async {
        let task = stopping.withLock { stopping in
            if let stopping { return stopping }
            let task = Task {
                server.stop()
                await workspace.stop()
            }
            stopping = task
            return task
        }
        await task.value
    }
}

/// Where the server listens, known after it was made.
private final class Address: Sendable {
    private let value = Locked<UInt16>(0)

    var port: UInt16 {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }

    var base: String { "http://127.0.0.1:\(port)" }
}
