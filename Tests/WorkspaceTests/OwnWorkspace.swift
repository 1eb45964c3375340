import Glibc
import LocalWorkspace
import Support

/// A local workspace for one test, in this process: with options that are not for everybody. The test stops it.
struct OwnWorkspace {
    enum Login { case token, servicePrincipal }

    let workspace: LocalWorkspace

    init(_ change: (inout LocalWorkspace.Options) -> Void) async throws {
        let environment = ["DBSH_ENGINE", "XDG_CACHE_HOME", "HOME"].reduce(into: [String: String]()) { all, name in
            all[name] = getenv(name).map { String(cString: $0) }
        }
        var options = LocalWorkspace.Options(
            dataDirectory: "", engine: try .find(environment: environment, home: environment["HOME"] ?? "/"))
        options.ephemeral = true
        change(&options)
        workspace = try await LocalWorkspace.start(options)
    }

    /// What a client needs to use it; its warehouse and cluster are the defaults only if `choosesCompute`.
    func environment(signingInAs login: Login = .token, choosesCompute: Bool = false) -> [String: String] {
        let binaries = ServedWorkspace.binary.prefix(upTo: ServedWorkspace.binary.lastIndex(of: "/")!)
        var variables = [
            "PATH": "\(binaries):/usr/bin:/bin", "DATABRICKS_HOST": workspace.url,
            "DBSH_CONNECT": getenv("DBSH_CONNECT").map { String(cString: $0) } ?? "",
        ]
        switch login {
        case .token: variables["DATABRICKS_TOKEN"] = workspace.token
        case .servicePrincipal:
            variables["DATABRICKS_CLIENT_ID"] = workspace.clientID
            variables["DATABRICKS_CLIENT_SECRET"] = workspace.clientSecret
        }
        if choosesCompute {
            variables["DATABRICKS_CLUSTER_ID"] = workspace.clusterID
            variables["DATABRICKS_WAREHOUSE_ID"] = workspace.warehouseID
        }
        return variables
    }
}
