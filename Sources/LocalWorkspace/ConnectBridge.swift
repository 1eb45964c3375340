import System

/// The Command Execution API for compute that has none: a loopback server with one cluster, always running, whose contexts run
/// Python on this machine and Spark on a workspace, over Spark Connect. A client sees what it sees of any cluster: contexts,
/// commands, cancelling, tables, pictures.
package final class ConnectBridge: Sendable {
    /// Base URL, `http://127.0.0.1:PORT`.
    package let url: String
    /// The personal access token to send.
    package let token: String
    private let server: HTTPServer
    private let workspace: Workspace

    /// - Parameters:
    ///   - directory: the working directory of Python.
    /// - Throws: `LocalWorkspaceError` when the port, a scratch directory, libmicrohttpd or a process cannot be had.
    package init(_ target: ConnectTarget, _ installation: ConnectInstallation, directory: String) async throws {
        token = "dapi" + Random.hexadecimal(bytes: 16)
        let credentials = Credentials(
            token: token, clientID: Random.uuid(), clientSecret: Random.hexadecimal(bytes: 16),
            accessTokenLifetime: .seconds(3600))
        let engine = EngineInstallation(
            version: installation.pythonVersion, python: installation.python, java: "", app: installation.app, jar: "",
            archive: "", spark: "connect")
        let facts = Workspace.Facts(
            clusterID: target.clusterID, warehouseID: "", workspaceID: "0", userName: "me", engine: engine,
            cores: Machine.cores, memoryMegabytes: Machine.memoryMegabytes)
        let data = try DataDirectory(path: nil)
        do {
            let guardian: ProcessGuard
            do { guardian = try ProcessGuard() } catch {
                throw LocalWorkspaceError("Python cannot be started: \(systemMessage(error.code)).")
            }
            let workspace = Workspace(
                facts: facts, data: data, guardian: guardian, clock: ContinuousClock(),
                connect: .init(target: target, directory: directory))
            let router = Router(
                ClusterRoutes.routes(workspace) + ContextRoutes.routes(workspace) + CommandRoutes.routes(workspace))
            let gate = Gate(
                router: router, credentials: credentials, workspaceID: facts.workspaceID,
                secretPath: ResultLinkRoutes.path, log: nil)
            do { server = try HTTPServer(port: 0) { await gate.answer($0) } } catch {
                guardian.stop()
                throw error
            }
            url = "http://127.0.0.1:\(server.port)"
            self.workspace = workspace
            await workspace.runWithoutEngine()
        } catch {
            data.close()
            throw error
        }
    }

    /// Ends every context, which lets go of its Spark session, and the server.
    package func stop() async {
        server.stop()
        await workspace.stop()
    }
}
