import System

/// Files API 2.0, uploads in parts and links for downloads: what the official SDKs use for large files (not documented).
enum VolumeUploadRoutes {
    private static let fs = "/api/2.0/fs"
    /// Parts that one upload can have, as storage has it (docs: Amazon S3, multipart upload limits).
    private static let mostParts = 10_000
    private static let mostLinks = 1000

    /// - Parameter base: what links begin with.
    static func routes(_ workspace: Workspace, base: @escaping @Sendable () -> String) -> [Route] {
        let tree = workspace.data.files
        let url = { @Sendable (name: String) in base() + ResultLinkRoutes.volumes + "/" + name }
        return [
            .json("POST", fs + "/files/{*}") { request in
                let path = try tree.volumePath("/" + (request.pathParameters["*"] ?? ""))
                switch request.argument("action") {
                case "initiate-upload":
                    let overwrites = request.argument("overwrite")?.lowercased() == "true"
                    try VolumeRoutes.checkTarget(path, tree, overwrites: overwrites)
                    let token = try await workspace.beginUpload(to: path, overwrites: overwrites)
                    return ["multipart_upload": ["session_token": .string(token)]]
                case "complete-upload":
                    try await complete(path, tree, request, workspace)
                    return [:]
                default: throw APIError.invalidParameter("action must be initiate-upload or complete-upload.")
                }
            },
            .json("POST", fs + "/create-upload-part-urls") { request in
                let body = try RequestBody(request)
                let (first, count) = (try body.integer("start_part_number") ?? 1, try body.integer("count") ?? 1)
                guard first >= 1, (1...mostLinks).contains(count), first + count - 1 <= mostParts else {
                    throw APIError.invalidParameter("Parts are numbered from 1 to \(mostParts).")
                }
                let (token, numbers) = (try body.requiredString("session_token"), first..<(first + count))
                let names = try await workspace.links(
                    numbers.map { .part(token, $0) }, of: token, to: try body.requiredString("path"), method: "PUT")
                let urls = zip(numbers, names).map { number, name in
                    link(url(name)).adding(["part_number": .integer(number)])
                }
                return ["upload_part_urls": .array(urls)]
            },
            .json("POST", fs + "/create-abort-upload-url") { request in
                let body = try RequestBody(request)
                let token = try body.requiredString("session_token")
                let names = try await workspace.links(
                    [.abort(token)], of: token, to: try body.requiredString("path"), method: "DELETE")
                return ["abort_upload_url": link(url(names[0]))]
            },
            .json("POST", fs + "/create-download-url") { request in
                let path = try tree.volumePath(try request.requiredArgument("path"))
                guard tree.entry(path)?.isFolder == false else { throw VolumeRoutes.missing(path) }
                return link(url(await workspace.volumeLink(path, method: "GET")))
            },
        ]
    }

    private static func link(_ url: String) -> JSON {
        ["url": .string(url), "headers": [["name": "x-amz-acl", "value": "private"]]]
    }

    private static func complete(
        _ path: String, _ tree: FileTree, _ request: HTTPRequest, _ workspace: Workspace
    ) async throws {
        let token = try request.requiredArgument("session_token")
        let upload = try await workspace.upload(token, to: path)
        let named = try (RequestBody(request).array("parts") ?? []).map { part in
            guard let number = part["part_number"]?.integer, let tag = part["etag"]?.string else {
                throw APIError.malformed("A part has a part_number and an etag.")
            }
            return (number, tag)
        }
        let files = try upload.files(named)
        try VolumeRoutes.checkTarget(path, tree, overwrites: upload.overwrites)
        // From here on nobody else can complete it.
        guard await workspace.endUpload(token) != nil else { return }
        defer { Files.removeTree(upload.folder) }
        try tree.put(VolumeUpload.joined(files), at: path)
    }

    /// What a link to a part, or to the end of an upload, does.
    static func use(_ link: VolumeLink, _ request: HTTPRequest, _ workspace: Workspace) async throws -> HTTPResponse? {
        switch link.use {
        case .file: return nil
        case .part(let token, let number):
            let tag: String?
            if let file = request.bodyFile {
                tag = await workspace.keepPart(file, number: number, of: token)
            } else {
                tag = nil
            }
            guard let tag else { return HTTPResponse(status: 404, headers: [], body: .bytes([])) }
            return HTTPResponse(status: 200, headers: [("ETag", "\"\(tag)\"")], body: .bytes([]))
        case .abort(let token):
            if let upload = await workspace.endUpload(token) { Files.removeTree(upload.folder) }
            return HTTPResponse(status: 200, headers: [], body: .bytes([]))
        }
    }
}
