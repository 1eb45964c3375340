import Databricks
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
        let bridge = try await bridges.open(
            compute, service, installation.pythonVersion, request: request(compute, client, directory ?? ".")
        ) { [self] endpoint in
            try makeClient(
                Connection(host: endpoint.url, credential: PersonalAccessToken(endpoint.token)), isLocal: true)
        }
        return Compute(client: bridge, id: compute.id)
    }

    /// The same when it needs no start: nil while Python on this machine does not run.
    var knownCompute: Compute? {
        guard let client, let target = cluster else { return nil }
        guard target.isConnect else { return Compute(client: client, id: target.id ?? target.reference) }
        let compute = target.isServerless ? ConnectCompute.serverless : .cluster(target.id ?? target.reference)
        return bridges.client(of: compute).map { Compute(client: $0, id: compute.id) }
    }

    private func request(_ compute: ConnectCompute, _ client: Client, _ directory: String) -> ConnectService.Request {
        let signer = Signer(client)
        let host = client.connection.host
        return ConnectService.Request(
            environment: environment, directory: directory, compute: compute, url: host, userAgent: client.userAgent,
            sign: { try await signer.sign(replacingRefused: $0) },
            notice: { notice in Task { @MainActor in self.bridges.note(notice, of: compute, at: host) } })
    }

    /// The contexts that can outlive this process: Python on this machine ends with it.
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
        return "\(facts.pythonVersion) on this machine, Spark on \(place), \(session)"
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
