import Glibc

/// Finds the programs that keep logins, and runs them with an environment they may see.
struct ProgramSearch: Sendable {
    let environment: [String: String]

    /// The first executable of this name on PATH. `minimumSize` leaves out smaller files: the Databricks CLI of old was a
    /// short Python script of the same name, which knows nothing of `auth token` (the official SDKs tell them apart so too).
    func find(_ name: String, minimumSize: Int = 0) -> String? {
        for directory in (environment["PATH"] ?? "").split(separator: ":") where directory.hasPrefix("/") {
            let path = "\(directory)/\(name)"
            var status = stat()
            if access(path, X_OK) == 0, stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                status.st_size >= minimumSize
            {
                return path
            }
        }
        return nil
    }

    /// The modern Databricks CLI.
    var databricks: String? { find("databricks", minimumSize: 1 << 20) }

    /// The environment without the secrets of ways to sign in.
    var withoutSecrets: [String: String] {
        environment.filter { name, _ in
            !Voucher.secretVariables.contains(name)
                && !Attribute.all.contains { $0.variables.contains(name) && Redaction.isSecret(name: $0.name) }
        }
    }
}
