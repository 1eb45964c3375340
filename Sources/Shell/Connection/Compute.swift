import Databricks
import Results
import System

/// Where code runs, as the Command Execution API sees it: whom to ask, and the cluster's id there.
struct Compute {
    let client: Client
    let id: String
}

extension Workspace {
    /// What is chosen for code, when it is reached by Spark Connect.
    /// - Throws: as `clusterID`.
    func connectCompute(_ client: Client) async throws -> ConnectCompute? {
        guard let target = cluster, target.isConnect else { return nil }
        return target.isServerless ? .serverless : .cluster(try await clusterID(client))
    }

    /// Where code runs. Python on this machine is started, if that is where it is and it does not run yet.
    /// - Parameter directory: its working directory; nil is dbsh's own.
    /// - Throws: `UsageError` when nothing is chosen or it is not installed, `LocalWorkspaceNotStarted`.
    func compute(_ client: Client, directory: String?) async throws -> Compute {
        guard let compute = try await connectCompute(client) else {
            return Compute(client: client, id: try await clusterID(client))
        }
        if let running = bridges.client(of: compute) { return Compute(client: running, id: compute.id) }
        guard let service = connectService, let installation = service.installation(environment) else {
            throw UsageError("Python for Spark Connect is not installed", hint: Setup.hint)
        }
        let (isKept, directory, version) = (isKept, directory ?? ".", installation.pythonVersion)
        let opened = try await bridges.open(compute) { [self] in
            guard isKept else {
                return try await bridge(to: service.start(request(compute, client, directory)), version)
            }
            var connection = arguments
            connection.choosesCompute = true
            return try bridge(
                to: await KeptPython.start(
                    .init(connection: connection, compute: compute, directory: directory), version))
        }
        if isKept { contextsChanged() }
        return Compute(client: opened, id: compute.id)
    }

    /// The way to a server that is a part of this process.
    private func bridge(to server: ConnectService.Server, _ version: String) async throws -> ConnectBridges.Bridge {
        do {
            let (client, transport) = try bridgeClient(server.url, server.token)
            return .init(
                client: client, isGone: { transport.isGone }, stop: server.stop, kept: nil, pythonVersion: version)
        } catch {
            await server.stop()
            throw error
        }
    }

    /// The way to one in a process of its own.
    func bridge(to python: KeptPython) throws -> ConnectBridges.Bridge {
        let (client, transport) = try bridgeClient(python.url, python.token)
        var end = APICall.post("/api/2.1/clusters/delete", .ownSession(), [("cluster_id", .string(python.compute))])
        end.retry = .none
        return .init(
            client: client, isGone: { transport.isGone }, stop: { [end] in _ = try? await client.json(end) },
            kept: python, pythonVersion: python.pythonVersion)
    }

    private func bridgeClient(_ url: String, _ token: Secret) throws -> (Client, LocalProcessTransport) {
        let transport = LocalProcessTransport(makeTransport(isLocal: true), ending: KeptPython.ending)
        let connection = try Connection(host: url, credential: PersonalAccessToken(token))
        return (makeClient(connection, transport), transport)
    }

    /// Goes on with the Pythons of a kept session.
    /// - Returns: the computes of those that are gone.
    /// - Throws: what says nothing about that: `TransportError`, `CancellationError`.
    func adopt(_ pythons: [KeptPython], _ client: Client) async throws -> Set<String> {
        var gone: Set<String> = []
        for python in pythons {
            bridges.add(try bridge(to: python), as: python.compute)
            do {
                try await bridges.ask(python.compute, at: client.connection.host, retry: .standard)
            } catch let error where error is TransportError || error is APIError {
                // It is stopped, or has too much to do.
                if (error as? TransportError)?.kind == .timeout { throw error }
                // Whoever answers otherwise is somebody else, who was given the port.
                await bridges.drop(python.compute)
                gone.insert(python.compute)
            }
        }
        return gone
    }

    /// The same when it needs no start: nil while Python on this machine does not run.
    var knownCompute: Compute? {
        guard let client, let target = cluster else { return nil }
        guard target.isConnect else { return Compute(client: client, id: target.id ?? target.reference) }
        let compute = target.isServerless ? ConnectCompute.serverless : .cluster(target.id ?? target.reference)
        return bridges.client(of: compute).map { Compute(client: $0, id: compute.id) }
    }

    /// What a server is started with.
    func request(_ compute: ConnectCompute, _ client: Client, _ directory: String) -> ConnectService.Request {
        let signer = Signer(client)
        let host = client.connection.host
        return ConnectService.Request(
            environment: environment, directory: directory, compute: compute, url: host, userAgent: client.userAgent,
            sign: { try await signer.sign(replacingRefused: $0) },
            notice: { notice in Task { @MainActor in self.bridges.note(notice, of: compute.id, at: host) } })
    }

    /// The contexts that `--resume` finds after a crash: Python on this machine ends with this process.
    var lastingContexts: [SessionContent.Context] { contexts.listed.filter { bridges.facts[$0.cluster] == nil } }

    /// How the place where code runs is called in the prompt.
    var codeTitle: String? {
        clusterTitle.map { cluster?.isConnect == true ? "\($0) (Python here)" : $0 }
    }

    /// Facts about the Python on this machine, one line, for `.status`.
    var connectSummary: String? {
        guard let target = cluster, target.isConnect else { return nil }
        let place = target.isServerless ? "serverless compute" : "cluster \(target.title)"
        guard let facts = bridges.facts[target.id ?? target.reference] else {
            return "on this machine, Spark on \(place); not started"
        }
        let session = facts.session.map { "session \($0.id) since \($0.since.text)" } ?? "no session yet"
        let process = facts.process.map { " in process \($0), which stays" } ?? ""
        return "\(facts.pythonVersion) on this machine\(process), Spark on \(place), \(session)"
    }
}

/// Signs one program's calls. It remembers the last signature, which is what a refusal is about.
private actor Signer {
    private let client: Client
    private var last: [SecretHeader]?

    init(_ client: Client) { self.client = client }

    func sign(replacingRefused isRefused: Bool) async throws -> CallSignature {
        let signature = try await client.signature(replacing: isRefused ? last : nil)
        last = signature.headers
        return signature
    }
}
