import System

/// External links of results: the stand-in for a cloud's storage. Whoever knows the address may fetch it, and a request
/// that carries a workspace credential is refused, as storage refuses it: a client that sends one leaks it.
enum ResultLinkRoutes {
    static let path = "/external-results"
    /// Links to files in volumes.
    static let volumes = path + "/volumes"

    static func routes(_ workspace: Workspace) -> [Route] {
        ["GET", "PUT", "DELETE"].map { volumeFile($0, workspace) } + [
            Route("GET", path + "/{name}", needsCredential: false) { request in
                guard request.header("authorization") == nil else {
                    return problem(400, "InvalidArgument", "Only one auth mechanism is allowed.")
                }
                guard let link = await workspace.target(ofLink: request.pathParameters["name"] ?? "") else {
                    return problem(403, "AccessDenied", "Request has expired")
                }
                guard let body = body(of: link.source) else {
                    return problem(404, "NoSuchKey", "The specified key does not exist.")
                }
                return RangeRequest.response(
                    to: request, body: body, entityTag: link.entityTag, headers: [("Content-Type", link.mediaType)])
            }
        ]
    }

    /// A file in a volume, as a statement's link allows. The header that the statement named must come along.
    private static func volumeFile(_ method: String, _ workspace: Workspace) -> Route {
        Route(method, volumes + "/{name}", needsCredential: false) { request in
            let name = request.pathParameters["name"] ?? ""
            guard request.header("authorization") == nil, request.header("x-amz-acl") == "private" else {
                return problem(400, "InvalidArgument", "The headers are not those that were signed.")
            }
            guard let link = await workspace.volumeLink(named: name, method: method) else {
                return problem(403, "AccessDenied", "Request has expired")
            }
            if let response = try await VolumeUploadRoutes.use(link, request, workspace) { return response }
            let (path, tree) = (link.path, workspace.data.files)
            switch method {
            case "GET": return try VolumeRoutes.content(of: path, tree, request)
            case "PUT": try VolumeRoutes.write(path, tree, request, overwrites: true)
            default: _ = tree.remove(path)
            }
            return HTTPResponse(status: method == "PUT" ? 200 : 204, headers: [], body: .bytes([]))
        }
    }

    /// Nil when the file is gone.
    private static func body(of source: StatementOutput.Chunk.Source) -> HTTPResponse.Body? {
        switch source {
        case .rows(let rows): .bytes(rows)
        case .file(let path): Files.size(path).map { .file(path, offset: 0, count: $0) }
        }
    }

    /// An error as storage tells it, in XML.
    private static func problem(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>\(code)</Code><Message>\(message)</Message></Error>
            """
        return HTTPResponse(
            status: status, headers: [("Content-Type", "application/xml")], body: .bytes(Array(text.utf8)))
    }
}
