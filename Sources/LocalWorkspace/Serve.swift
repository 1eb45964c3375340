import Glibc

extension LocalWorkspace {
    /// What `dbsh serve` does: starts a workspace and says how to connect to it. The caller waits for a signal and
    /// then calls `stop()`.
    /// - Parameters:
    ///   - tokenText: how the token is written in the lines when the caller has given it; nil writes the token itself.
    ///   - tokenFile: where to write the token (readable by its owner only) instead of showing it.
    ///   - say: receives what goes to standard output, lines without their newlines.
    /// - Throws: `LocalWorkspaceError`.
    package static func serve(
        _ options: Options, tokenText: String? = nil, tokenFile: String? = nil, say: (String) -> Void
    ) async throws -> LocalWorkspace {
        let workspace = try await start(options)
        do {
            if let tokenFile { try write(workspace.token, toPrivateFile: tokenFile) }
        } catch {
            await workspace.stop()
            throw error
        }
        for line in workspace.connectionLines(tokenText: tokenText, tokenFile: tokenFile) { say(line) }
        return workspace
    }

    /// One line that the workspace is ready, then lines for a shell that make any Databricks client use it.
    package func connectionLines(tokenText: String? = nil, tokenFile: String? = nil) -> [String] {
        [
            "The local workspace is ready at \(url)",
            "export DATABRICKS_HOST=\(url)",
            "export DATABRICKS_TOKEN=" + (tokenFile.map { "\"$(cat \(Self.quoted($0)))\"" } ?? tokenText ?? token),
            "export DATABRICKS_CLUSTER_ID=\(clusterID)",
            "export DATABRICKS_WAREHOUSE_ID=\(warehouseID)",
            "# Spark Connect, for pyspark-client:",
            "# sc://localhost:\(url.split(separator: ":").last ?? "")/;token=$DATABRICKS_TOKEN;x-databricks-cluster-id=\(clusterID)",
        ] + (tokenFile == nil ? servicePrincipalLines : [])
    }

    /// The other way in, as comments: a client that has both would not know which to take.
    private var servicePrincipalLines: [String] {
        [
            "# As a service principal, instead of DATABRICKS_TOKEN:",
            "# export DATABRICKS_CLIENT_ID=\(clientID) DATABRICKS_CLIENT_SECRET=\(clientSecret)",
        ]
    }

    /// A word for a POSIX shell.
    private static func quoted(_ word: String) -> String {
        "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }

    private static func write(_ token: String, toPrivateFile path: String) throws {
        // A new file, so that an old one's wider permissions do not apply.
        unlink(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        let bytes = Array((token + "\n").utf8)
        guard descriptor >= 0, Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw LocalWorkspaceError("The token file cannot be written: \(path): \(String(cString: strerror(errno))).")
        }
        close(descriptor)
    }
}
