import Glibc
import System

/// Finds the scripts that paths mean: a file is itself, a directory every `.dbsh` file below it, by name.
enum ScriptFiles {
    /// - Throws: `UsageError` for a path that is not there, or a directory without scripts.
    static func find(_ paths: [String]) throws -> [String] {
        try paths.flatMap { path -> [String] in
            var status = stat()
            guard stat(path, &status) == 0 else {
                throw UsageError("cannot read \(path): \(String(cString: strerror(errno)))")
            }
            guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
            let found = scripts(in: path.hasSuffix("/") ? String(path.dropLast()) : path)
            if found.isEmpty { throw UsageError("there are no .dbsh files in \(path)") }
            return found
        }
    }

    private static func scripts(in directory: String) -> [String] {
        // Links to directories are not followed, so that nothing is found twice or without end.
        let entries = Files.entries(in: directory).filter { !$0.name.hasPrefix(".") }.sorted { $0.name < $1.name }
        let files = entries.filter { !$0.isDirectory && $0.name.hasSuffix(".dbsh") }
        return files.map { "\(directory)/\($0.name)" }
            + entries.filter(\.isDirectory).flatMap { scripts(in: "\(directory)/\($0.name)") }
    }
}
