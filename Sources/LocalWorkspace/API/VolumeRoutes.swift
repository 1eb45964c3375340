import System

/// Files API 2.0: files of volumes, which are the folders `dbfs/Volumes/CATALOG/SCHEMA/VOLUME` of the workspace's data.
enum VolumeRoutes {
    private static let files = "/api/2.0/fs/files"
    private static let folders = "/api/2.0/fs/directories"
    /// Most entries of a page (docs: Files API, list directory contents).
    private static let pageLimit = 1000

    static func routes(_ workspace: Workspace) -> [Route] {
        let tree = workspace.data.files
        @Sendable func path(_ request: HTTPRequest) throws -> String {
            try tree.volumePath("/" + (request.pathParameters["*"] ?? ""))
        }
        return [
            Route("GET", files + "/{*}") { try content(of: path($0), tree, $0) },
            Route("HEAD", files + "/{*}") { try content(of: path($0), tree, $0) },
            Route("PUT", files + "/{*}") { request in
                try write(path(request), tree, request, overwrites: request.argument("overwrite") == "true")
                return HTTPResponse(status: 204, headers: [], body: .bytes([]))
            },
            Route("DELETE", files + "/{*}") { request in
                let path = try path(request)
                guard let entry = tree.entry(path), !entry.isFolder, tree.remove(path) else { throw missing(path) }
                return HTTPResponse(status: 204, headers: [], body: .bytes([]))
            },
            .json("GET", folders + "/{*}") { try list(path($0), tree, $0) },
            Route("HEAD", folders + "/{*}") { request in
                let path = try path(request)
                guard tree.entry(path)?.isFolder == true else { throw missing(path, "directory") }
                return HTTPResponse(headers: [], body: .bytes([]))
            },
            Route("PUT", folders + "/{*}") { request in
                let path = try path(request)
                guard tree.makeFolder(path) else { throw exists(path) }
                return HTTPResponse(status: 204, headers: [], body: .bytes([]))
            },
            Route("DELETE", folders + "/{*}") { request in
                let path = try path(request)
                guard tree.entry(path)?.isFolder == true else { throw missing(path, "directory") }
                guard path.split(separator: "/").count > 4, tree.remove(path) else {
                    throw APIError(400, "INVALID_PARAMETER_VALUE", "The directory \(path) is not empty.")
                }
                return HTTPResponse(status: 204, headers: [], body: .bytes([]))
            },
        ]
    }

    /// Whether the body of a request is a file's content, of any size.
    static func takesFile(_ request: HTTPRequest) -> Bool {
        request.method == "PUT"
            && (request.path.hasPrefix(files + "/") || request.path.hasPrefix(ResultLinkRoutes.volumes + "/"))
    }

    /// A file's bytes, or the range of them that is asked for.
    static func content(of path: String, _ tree: FileTree, _ request: HTTPRequest) throws -> HTTPResponse {
        guard let entry = tree.entry(path), !entry.isFolder, let place = tree.place(path) else { throw missing(path) }
        return RangeRequest.response(
            to: request, body: .file(place, offset: 0, count: entry.size),
            entityTag: "\(entry.modified)-\(entry.size)",
            headers: [
                ("Content-Type", "application/octet-stream"),
                ("Last-Modified", WallTime(milliseconds: entry.modified).httpDate),
            ])
    }

    /// Puts the request's body at a path.
    static func write(_ path: String, _ tree: FileTree, _ request: HTTPRequest, overwrites: Bool) throws {
        try checkTarget(path, tree, overwrites: overwrites)
        if let file = request.bodyFile { try tree.put(file, at: path) } else { try tree.write(request.body, at: path) }
    }

    /// - Throws: `APIError` when nothing can be written at a path.
    static func checkTarget(_ path: String, _ tree: FileTree, overwrites: Bool) throws {
        let there = tree.entry(path)
        guard there?.isFolder != true, there == nil || overwrites else { throw exists(path) }
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard tree.entry(parent)?.isFolder == true else { throw missing(parent, "directory") }
    }

    private static func list(_ path: String, _ tree: FileTree, _ request: HTTPRequest) throws -> JSON {
        guard tree.entry(path)?.isFolder == true else { throw missing(path, "directory") }
        let limit = try request.integerArgument("page_size", in: 1...pageLimit) ?? pageLimit
        let start = try request.integerArgument("page_token", in: 0...Int.max) ?? 0
        let all = tree.list(path)
        let page = all.dropFirst(start).prefix(limit)
        let contents = page.map { entry -> JSON in
            let common: JSON = [
                "path": .string(path + "/" + entry.name), "is_directory": .bool(entry.isFolder),
                "name": .string(entry.name),
            ]
            return entry.isFolder
                ? common
                : common.adding(["file_size": .integer(entry.size), "last_modified": .integer(entry.modified)])
        }
        let next = start + page.count
        let reply: JSON = ["contents": .array(contents)]
        return reply.adding(["next_page_token": next < all.count ? .string(String(next)) : .null])
    }

    static func missing(_ path: String, _ what: String = "file") -> APIError {
        APIError(404, "NOT_FOUND", "The \(what) being accessed is not found: \(path)")
    }

    private static func exists(_ path: String) -> APIError {
        APIError(409, "ALREADY_EXISTS", "The file or directory being created already exists: \(path)")
    }
}
