import FoundationEssentials
import Glibc

/// Files of the workspace's DBFS, which are the folder `dbfs` of its data: what `dbutils.fs` writes can be read here too.
enum DBFSRoutes {
    /// The service gives at most this many bytes at a time (docs: DBFS API, read).
    private static let most = 1 << 20

    static func routes(_ workspace: Workspace) -> [Route] {
        let tree = workspace.data.files
        return [
            .json("GET", base + "/read") { request in
                let path = try checked(request.requiredArgument("path"))
                let offset = try request.integerArgument("offset", in: 0...Int.max) ?? 0
                let length = try request.integerArgument("length", in: 0...Int.max) ?? most / 2
                guard length <= most else {
                    throw APIError(400, "MAX_READ_SIZE_EXCEEDED", "length must be at most \(most) bytes.")
                }
                guard let entry = tree.entry(path), let file = tree.place(path) else { throw missing(path) }
                guard !entry.isFolder else { throw APIError.invalidParameter("\(path) is not a file.") }
                let bytes = Data(try read(file, path, offset, length))
                return ["bytes_read": .integer(bytes.count), "data": .string(bytes.base64EncodedString())]
            },
            .json("GET", base + "/list") { request in
                let path = try checked(request.requiredArgument("path"))
                guard let entry = tree.entry(path) else { throw missing(path) }
                let found =
                    entry.isFolder
                    ? tree.list(path).map { (path == "/" ? "/" + $0.name : path + "/" + $0.name, $0) } : [(path, entry)]
                return found.isEmpty ? [:] : ["files": .array(found.map(Self.info))]
            },
            .json("GET", base + "/get-status") { request in
                let path = try checked(request.requiredArgument("path"))
                guard let entry = tree.entry(path) else { throw missing(path) }
                return info(path, entry)
            },
            .json("POST", base + "/mkdirs") { request in
                let path = try checked(RequestBody(request).requiredString("path"))
                guard tree.makeFolder(path) else { throw exists(path) }
                return [:]
            },
            .json("POST", base + "/delete") { request in
                let body = try RequestBody(request)
                let path = try checked(body.requiredString("path"))
                guard tree.entry(path) == nil || tree.remove(path, recursive: body.value("recursive")?.boolean == true)
                else { throw APIError(400, "IO_ERROR", "The directory \(path) is not empty.") }
                return [:]
            },
            .json("POST", base + "/move") { request in
                let body = try RequestBody(request)
                let source = try checked(body.requiredString("source_path"))
                let destination = try checked(body.requiredString("destination_path"))
                guard source != "/", tree.entry(source) != nil, let place = tree.place(source) else {
                    throw missing(source)
                }
                guard tree.entry(destination) == nil else { throw exists(destination) }
                try tree.put(place, at: destination)
                return [:]
            },
            .json("POST", base + "/create") { request in
                let body = try RequestBody(request)
                let path = try checked(body.requiredString("path"))
                let there = tree.entry(path)
                guard there?.isFolder != true, there == nil || body.value("overwrite")?.boolean == true else {
                    throw exists(path)
                }
                let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
                guard tree.makeFolder(parent) else { throw exists(parent) }
                return ["handle": .integer(await workspace.openBlocks(path))]
            },
            .json("POST", base + "/add-block") { request in
                let body = try RequestBody(request)
                guard let bytes = try body.requiredString("data").base64Bytes, bytes.count <= most else {
                    throw APIError(400, "MAX_BLOCK_SIZE_EXCEEDED", "The block is not base64 of at most \(most) bytes.")
                }
                try await workspace.addBlock(bytes, to: body.integer("handle") ?? -1)
                return [:]
            },
            .json("POST", base + "/close") { request in
                try await workspace.closeBlocks(RequestBody(request).integer("handle") ?? -1)
                return [:]
            },
        ]
    }

    private static let base = "/api/2.0/dbfs"

    private static func checked(_ path: String) throws -> String {
        let bare = path.hasPrefix("dbfs:/") ? String(path.dropFirst(5)) : path
        guard bare.hasPrefix("/") else { throw APIError.invalidParameter("Path must be absolute: \(path)") }
        return bare.count > 1 && bare.hasSuffix("/") ? String(bare.dropLast()) : bare
    }

    private static func info(_ path: String, _ entry: FileTree.Entry) -> JSON {
        [
            "path": .string(path), "is_dir": .bool(entry.isFolder), "file_size": .integer(entry.size),
            "modification_time": .integer(entry.modified),
        ]
    }

    private static func missing(_ path: String) -> APIError {
        .notFound("No file or directory exists on path \(path).")
    }

    private static func exists(_ path: String) -> APIError {
        APIError(400, "RESOURCE_ALREADY_EXISTS", "A file or directory already exists at the input path \(path).")
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
