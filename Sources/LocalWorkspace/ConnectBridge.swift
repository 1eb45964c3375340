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
    private let idleness: IdleWatch<ContinuousClock>
    private let ended: FirstOutcome<Void>

    /// - Parameters:
    ///   - directory: the working directory of Python.
    ///   - idleLimit: how long it is kept by `untilUnused`.
    /// - Throws: `LocalWorkspaceError` when the port, a scratch directory, libmicrohttpd or a process cannot be had.
    package init(
        _ target: ConnectTarget, _ installation: ConnectInstallation, directory: String,
        idleLimit: Duration = .seconds(24 * 3600)
    ) async throws {
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
        let state = ConnectState()
        var target = target
        target.notice = { [notice = target.notice] in
            state.note($0)
            notice($0)
        }
        let idleness = IdleWatch(limit: idleLimit, clock: ContinuousClock())
        let ended = FirstOutcome<Void>()
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
                ClusterRoutes.routes(workspace) + ContextRoutes.routes(workspace) + CommandRoutes.routes(workspace)
                    + ConnectStateRoutes.routes(state))
            let gate = Gate(
                router: router, credentials: credentials, workspaceID: facts.workspaceID,
                secretPath: ResultLinkRoutes.path, log: nil)
            do {
                server = try HTTPServer(port: 0) { request in
                    idleness.note()
                    if request.path == CommandRoutes.executePath { state.begin() }
                    let response = await gate.answer(request)
                    if await !workspace.cluster.usesEngine { ended.settle(.success(())) }
                    return response
                }
            } catch {
                guardian.stop()
                throw error
            }
            url = "http://127.0.0.1:\(server.port)"
            (self.workspace, self.idleness, self.ended) = (workspace, idleness, ended)
            await workspace.runWithoutEngine()
        } catch {
            data.close()
            throw error
        }
    }

    /// Returns once a client has terminated the cluster, or it is of no use any more: nothing ran in it and nobody asked it
    /// anything for the limit, or for a minute while it has no context. Also when the task is cancelled. To be called once.
    package func untilUnused() async {
        let (workspace, ended, idleness) = (workspace, ended, idleness)
        let watch = Task {
            do { try await idleness.wait { await workspace.use } } catch { return }
            ended.settle(.success(()))
        }
        defer { watch.cancel() }
        await withTaskCancellationHandler {
            _ = try? await ended.value
        } onCancel: {
            ended.settle(.success(()))
        }
    }

    /// Ends every context, which lets go of its Spark session, and the server.
    package func stop() async {
        server.stop()
        await workspace.stop()
    }
}
