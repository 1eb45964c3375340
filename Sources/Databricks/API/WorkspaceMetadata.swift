import Results

/// What a host says of itself, to anybody, at `/.well-known/databricks-config`.
package struct WorkspaceMetadata: Sendable, Equatable {
    package let workspaceID: String?
    package let accountID: String?
    /// `aws`, `azure` or `gcp`.
    package let cloud: String?
    /// Where to sign in by OAuth; may contain `{account_id}`.
    package let oidcEndpoint: String?

    /// The question itself.
    package struct Probe: Sendable {
        let client: Client

        /// Asks once, for 5 s at most, without credential; remembers the workspace id for the requests after it.
        /// - Throws: `APIError`, `TransportError`. A host that does not answer it can be used all the same: the caller
        ///   warns at most.
        package func fetch() async throws -> WorkspaceMetadata {
            var call = APICall.get("/.well-known/databricks-config")
            call.isSigned = false
            call.retry = .none
            call.totalTimeout = .seconds(5)
            let json = try await client.json(call)
            let metadata = WorkspaceMetadata(
                workspaceID: json.string("workspace_id"), accountID: json.string("account_id"),
                cloud: json.string("cloud"), oidcEndpoint: json.string("oidc_endpoint"))
            client.discovered(metadata)
            return metadata
        }
    }
}
