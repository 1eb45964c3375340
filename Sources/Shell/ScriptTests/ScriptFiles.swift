import Glibc

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
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var files: [String] = []
        var directories: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard !name.hasPrefix(".") else { continue }
            // Links to directories are not followed, so that nothing is found twice or without end.
            var status = stat()
            guard lstat("\(directory)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR {
                directories.append(name)
            } else if name.hasSuffix(".dbsh") {
                files.append(name)
            }
        }
        return files.sorted().map { "\(directory)/\($0)" }
            + directories.sorted().flatMap { scripts(in: "\(directory)/\($0)") }
    }
}
