import FoundationEssentials
import Glibc

/// Files of the workspace's DBFS, which are the folder `dbfs` of its data: what `dbutils.fs` writes can be read here too.
enum DBFSRoutes {
    /// The service gives at most this many bytes at a time (docs: DBFS API, read).
    private static let most = 1 << 20

    static func routes(_ workspace: Workspace) -> [Route] {
        [
            .json("GET", "/api/2.0/dbfs/read") { request in
                guard let path = request.argument("path"), path.hasPrefix("/") else {
                    throw APIError.invalidParameter("path must be an absolute path.")
                }
                let offset = try request.integerArgument("offset", in: 0...Int.max) ?? 0
                let length = try request.integerArgument("length", in: 0...Int.max) ?? most / 2
                guard length <= most else {
                    throw APIError(400, "MAX_READ_SIZE_EXCEEDED", "length must be at most \(most) bytes.")
                }
                let file = try locate(path, in: workspace.data.root + "/dbfs")
                let bytes = Data(try read(file, path, offset, length))
                return ["bytes_read": .integer(bytes.count), "data": .string(bytes.base64EncodedString())]
            }
        ]
    }

    /// Where a path really is. Links and `..` that lead out of the DBFS folder lead nowhere.
    private static func locate(_ path: String, in root: String) throws -> String {
        let missing = APIError.notFound("No file or directory exists on path \(path).")
        guard let folder = realpath(root, nil) else { throw missing }
        defer { free(folder) }
        guard let real = realpath(root + path, nil) else { throw missing }
        defer { free(real) }
        let found = String(cString: real)
        guard found.hasPrefix(String(cString: folder) + "/") else { throw missing }
        return found
    }

    private static func read(_ file: String, _ path: String, _ offset: Int, _ length: Int) throws -> [UInt8] {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw APIError.notFound("No file or directory exists on path \(path).") }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < length {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + filled, length - filled, off_t(offset + filled))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw APIError.invalidParameter("\(path) is not a file.") }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }
}
