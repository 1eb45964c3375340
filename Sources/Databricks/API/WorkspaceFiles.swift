import FoundationEssentials
import Results

/// Workspace API 2.0 (`/api/2.0/workspace`): notebooks and files of the workspace tree, up to 10 MB each.
struct WorkspaceFiles: RemoteFolder {
    let client: Client

    func list(_ path: RemotePath) async throws -> [RemoteEntry] {
        let reply = try await client.json(.get("/api/2.0/workspace/list", [("path", path.path)]))
        return reply.elements("objects").map { Self.entry($0, path) }
    }

    func entry(_ path: RemotePath) async throws -> RemoteEntry {
        Self.entry(try await client.json(.get("/api/2.0/workspace/get-status", [("path", path.path)])), path)
    }

    private static func entry(_ json: JSONValue, _ near: RemotePath) -> RemoteEntry {
        let kind = json.string("object_type") ?? "FILE"
        // The service leaves out the root that users write.
        let path = json.string("path").map { $0.hasPrefix("/Workspace") ? $0 : "/Workspace" + $0 }
        return RemoteEntry(
            path.map(near.sibling) ?? near, isFolder: ["DIRECTORY", "REPO"].contains(kind), size: json.integer("size"),
            modified: json.integer("modified_at"), kind: ["DIRECTORY", "FILE"].contains(kind) ? nil : kind)
    }

    func makeFolder(_ path: RemotePath) async throws {
        var call = APICall.post(
            "/api/2.0/workspace/mkdirs", .changes("making the folder \(path.text)"), [("path", .string(path.path))])
        call.repetition = .freely
        _ = try await client.json(call)
    }

    func remove(_ entry: RemoteEntry) async throws {
        let call = APICall.post(
            "/api/2.0/workspace/delete", .changes("removing \(entry.path.text)"),
            [("path", .string(entry.path.path)), ("recursive", .bool(false))])
        _ = try await client.json(call)
    }

    /// The service looks at the ending and the first line: a notebook becomes one, and everything else stays a file.
    func upload(
        _ file: String, to path: RemotePath, overwrites: Bool, sent: @escaping @Sendable (Int) -> Void
    ) async throws {
        let bytes = try Data(contentsOf: URL(filePath: file))
        try await client.files.write(Array(bytes), toWorkspace: path, overwrites: overwrites)
        sent(bytes.count)
    }

    func download(_ entry: RemoteEntry, into reader: any ObjectReader) async throws {
        let format = entry.kind == "NOTEBOOK" ? "SOURCE" : "AUTO"
        let call = APICall.get("/api/2.0/workspace/export", [("path", entry.path.path), ("format", format)])
        let reply = try await client.json(call)
        guard let bytes = reply["content"]?.text.flatMap({ Data(base64Encoded: $0) }) else {
            throw APIError(
                status: 200, code: APIError.notJSON, message: "the reply has no content", method: call.method,
                path: call.path)
        }
        reader.restart()
        try await reader.read(Array(bytes))
        try await reader.end()
    }
}

extension RemoteFiles {
    /// Writes a notebook or file of the workspace tree.
    package func write(_ bytes: [UInt8], toWorkspace path: RemotePath, overwrites: Bool) async throws {
        let call = APICall.post(
            "/api/2.0/workspace/import", .changes("writing \(path.text)"),
            [
                ("path", .string(path.path)), ("format", .string("AUTO")), ("overwrite", .bool(overwrites)),
                ("content", .string(Data(bytes).base64EncodedString())),
            ])
        _ = try await client.json(call)
    }
}
