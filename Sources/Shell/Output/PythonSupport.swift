import Results
import System

/// The Python that `scripts/setup` installs, which has pyarrow: what dbsh cannot write by itself goes through it.
nonisolated enum PythonSupport {
    /// - Returns: the path of its interpreter.
    /// - Throws: `UsageError` when it is not installed.
    static func python(_ variables: [String: String] = ProcessEnvironment.variables) throws -> String {
        let cache = UserDirectories.cache(variables, home: UserDirectories.home(variables))
        for kind in ["engine", "connect"] {
            let named = variables["DBSH_" + kind.uppercased()].flatMap { $0.isEmpty ? nil : $0 }
            let path = (named ?? "\(cache)/\(kind)/current") + "/\(kind).json"
            guard let bytes = try? Files.read(path), let python = (try? JSONValue.parse(bytes))?["python"]?.text,
                (try? Files.checkReadable(python)) != nil
            else { continue }
            return python
        }
        throw UsageError(
            "Parquet needs Python support, which is not installed",
            hint: "dbsh setup engine installs it; .arrow keeps the same types and needs none")
    }
}
