import Glibc
import System

/// Where Python for Spark Connect is installed: what `scripts/setup connect` wrote into `connect.json`.
package struct ConnectInstallation: Sendable, Equatable {
    /// Absolute path of the Python interpreter that has the client.
    package let python: String
    /// Its version, as `3.12`: functions that run on the workspace need the same one there.
    package let pythonVersion: String
    /// Absolute path of the directory holding `run.py`.
    package let app: String

    /// The set-up script's Python files are newer: it should run again.
    package let isStale: Bool

    /// Finds the installation: `$DBSH_CONNECT`, else `${XDG_CACHE_HOME:-~/.cache}/dbsh/connect/current`; nil when there is none.
    package static func find(environment: [String: String], home: String) -> ConnectInstallation? {
        let named = environment["DBSH_CONNECT"].flatMap { $0.isEmpty ? nil : $0 }
        let path = (named ?? UserDirectories.cache(environment, home: home) + "/connect/current") + "/connect.json"
        guard let bytes = try? Files.read(path), let json = try? JSON(parsing: bytes),
            let python = json["python"]?.string, let version = json["python_version"]?.string,
            let app = json["app"]?.string, access(python, X_OK) == 0, access(app + "/run.py", R_OK) == 0
        else { return nil }
        return ConnectInstallation(
            python: python, pythonVersion: version, app: app,
            isStale: json["sources"]?.string.map { isOlder(path, thanFilesOf: $0) } ?? false)
    }

    private static func isOlder(_ path: String, thanFilesOf directory: String) -> Bool {
        let made = time(path)
        return Files.names(in: directory).contains { time(directory + "/" + $0) > made }
    }

    /// When a file was changed last, in nanoseconds since 1970; 0 when there is none.
    private static func time(_ path: String) -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        return status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
    }
}
