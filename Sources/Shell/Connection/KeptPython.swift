import Databricks
import Glibc
import Results
import System

/// Python on this machine that outlives dbsh, in a process of its own (`PythonKeeper`): what a kept session's file says of it.
struct KeptPython: Sendable, Equatable {
    /// The id that contexts on its compute go by.
    let compute: String
    /// Where it is, and what to send it.
    let url: String
    let token: Secret
    let process: Int
    /// Such as `3.12`.
    let pythonVersion: String

    /// Why it may be gone.
    static let ending =
        "Python on this machine has ended: it was unused for 24 hours, it was killed, or the machine was started again"

    var json: JSONValue {
        .object([
            .init("compute", .string(compute)), .init("url", .string(url)), .init("token", .string(token.reveal())),
            .init("process", .count(process)), .init("python_version", .string(pythonVersion)),
        ])
    }

    init?(_ json: JSONValue) {
        guard let compute = json["compute"]?.text, let url = json["url"]?.text, let token = json["token"]?.text,
            let process = json["process"]?.int, let version = json["python_version"]?.text
        else { return nil }
        self.init(compute: compute, url: url, token: Secret(token), process: process, pythonVersion: version)
    }

    init(compute: String, url: String, token: Secret, process: Int, pythonVersion: String) {
        self.compute = compute
        self.url = url
        self.token = token
        self.process = process
        self.pythonVersion = pythonVersion
    }

    /// What the process is told when it is started, through a pipe.
    struct Seed {
        let connection: ConnectionArguments
        let compute: ConnectCompute
        /// The working directory of Python.
        let directory: String

        var json: JSONValue {
            .object([
                .init("connection", connection.json), .init("compute", .string(compute.id)),
                .init("serverless", .bool(compute == .serverless)), .init("directory", .string(directory)),
            ])
        }

        init(connection: ConnectionArguments, compute: ConnectCompute, directory: String) {
            self.connection = connection
            self.compute = compute
            self.directory = directory
        }

        init?(_ json: JSONValue) {
            guard let connection = json["connection"], let compute = json["compute"]?.text,
                let directory = json["directory"]?.text
            else { return nil }
            self.init(
                connection: ConnectionArguments(json: connection),
                compute: json["serverless"]?.bool == true ? .serverless : .cluster(compute), directory: directory)
        }
    }

    /// Starts one.
    /// - Throws: `LocalWorkspaceNotStarted`, `CancellationError`.
    static func start(_ seed: Seed, _ pythonVersion: String) async throws -> KeptPython {
        let path = realpath("/proc/self/exe", nil)
        defer { free(path) }
        // The file may have been replaced since this program was started.
        let program = DetachedProgram(
            path: path.map { String(cString: $0) } ?? "/proc/self/exe", arguments: [option],
            input: Array(seed.json.serialized().utf8))
        let (process, answer): (pid_t, [UInt8])
        do { (process, answer) = try await program.start() } catch let error as SystemCommand.StartError {
            throw LocalWorkspaceNotStarted(message: error.description, hint: nil)
        }
        let json = try? JSONValue.parse(answer)
        guard let url = json?["url"]?.text, let token = json?["token"]?.text else {
            throw LocalWorkspaceNotStarted(
                message: json?["error"]?.text ?? "the process that keeps Python for the session has ended",
                hint: json?["hint"]?.text)
        }
        return KeptPython(
            compute: seed.compute.id, url: url, token: Secret(token), process: Int(process),
            pythonVersion: pythonVersion)
    }

    /// What dbsh is started with to be that process.
    static let option = "--keep-python"
}
