import Glibc
import System

/// Where the engine behind the local workspace is installed: what `scripts/setup` wrote into `engine.json`.
///
/// The server itself uses `python`, `app` and `samples` only; the rest is handed to the engine's programs, which know what
/// to do with it.
package struct EngineInstallation: Sendable, Equatable {
    /// Version of the installation, as its set-up named it.
    package var version: String
    /// Absolute path of the Python interpreter that has Spark and IPython.
    package var python: String
    /// Absolute path of the Java launcher.
    package var java: String
    /// Absolute path of the directory holding `run.py`.
    package var app: String
    /// Absolute path of the engine's own jar.
    package var jar: String
    /// Absolute path of the class archive made at set-up; a missing one only costs start-up time.
    package var archive: String
    /// Absolute path of the directory holding the catalog `samples`; empty when there is none.
    package var samples: String
    /// Version of Apache Spark, as `4.3.0`.
    package var spark: String

    package init(
        version: String, python: String, java: String, app: String, jar: String, archive: String, samples: String = "",
        spark: String
    ) {
        self.version = version
        self.python = python
        self.java = java
        self.app = app
        self.jar = jar
        self.archive = archive
        self.samples = samples
        self.spark = spark
    }

    /// Finds the installation: `$DBSH_ENGINE`, else `${XDG_CACHE_HOME:-~/.cache}/dbsh/engine/current`, each a directory
    /// holding `engine.json`.
    /// - Throws: `LocalWorkspaceError` when there is none or its `engine.json` cannot be used.
    package static func find(environment: [String: String], home: String) throws -> EngineInstallation {
        if let directory = environment["DBSH_ENGINE"], !directory.isEmpty {
            return try EngineInstallation(directory: directory)
        }
        return try EngineInstallation(directory: UserDirectories.cache(environment, home: home) + "/engine/current")
    }

    /// Reads `engine.json` in `directory`.
    /// - Throws: `LocalWorkspaceError` when it is missing, is not JSON, or lacks a field.
    package init(directory: String) throws {
        let path = directory + "/engine.json"
        guard let bytes = try? Files.read(path) else {
            throw LocalWorkspaceError(
                "The engine of the local workspace is not installed (no \(path)).",
                hint: "dbsh setup engine installs it; DBSH_ENGINE names another place.")
        }
        guard let json = try? JSON(parsing: bytes) else {
            throw LocalWorkspaceError("\(path) is not JSON.", hint: "dbsh setup engine installs it again.")
        }
        func field(_ name: String) throws -> String {
            guard let value = json[name]?.string else {
                throw LocalWorkspaceError("\(path) has no \"\(name)\".", hint: "dbsh setup engine installs it again.")
            }
            return value
        }
        self.init(
            version: try field("version"), python: try field("python"), java: try field("java"),
            app: try field("app"), jar: try field("jar"), archive: try field("archive"),
            samples: json["samples"]?.string ?? "", spark: try field("spark"))
        for program in [python, app + "/run.py"] where access(program, R_OK) != 0 {
            throw LocalWorkspaceError(
                "\(path) names \(program), which is not there.", hint: "dbsh setup engine installs it again.")
        }
    }
}
