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
        /// Boot the cluster and the warehouse at once, so that the first cell finds them starting already. Otherwise the cluster
        /// waits for `clusters/start` and the warehouse for its first statement, as real ones do.
        package var autostart = true
        /// `userName` of the one user.
        package var userName = "local"
        /// Lifetime of access tokens from the OAuth endpoint.
        package var accessTokenLifetime: Duration = .seconds(3600)
        /// Receives one line per request (method, path, status, time): no query, no header, no body, hence no secret.
        package var log: (@Sendable (String) -> Void)?

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
}
