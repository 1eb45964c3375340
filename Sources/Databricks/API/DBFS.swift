import FoundationEssentials
import Glibc
import Results
import System

/// Files in DBFS (`/api/2.0/dbfs`), where the pictures of a cluster's results are kept, too.
package struct DBFS: RemoteFolder {
    let client: Client

    /// The service gives and takes at most this many bytes at a time (docs: DBFS API, read, add-block).
    private static let chunk = 1 << 20

    /// A whole file.
    /// - Parameter limit: in bytes.
    /// - Throws: `APIError` with code `FILE_TOO_LARGE` beyond `limit`; else as `Client.json`.
    package func read(_ path: String, limit: Int = 64 << 20) async throws -> [UInt8] {
        let bytes = Locked<[UInt8]>([])
        try await read(path) { piece in
            let count = bytes.withLock { bytes in
                bytes += piece
                return bytes.count
            }
            guard count <= limit else {
                throw APIError(
                    status: 200, code: "FILE_TOO_LARGE", message: "\(path) is larger than \(limit) bytes",
                    method: "GET", path: "/api/2.0/dbfs/read")
            }
        }
        return bytes.withLock { $0 }
    }

    private func read(_ path: String, _ give: ([UInt8]) async throws -> Void) async throws {
        var offset = 0
        while true {
            let call = APICall.get(
                "/api/2.0/dbfs/read", [("path", path), ("offset", "\(offset)"), ("length", "\(Self.chunk)")])
            let json = try await client.json(call)
            guard let part = json["data"]?.text.flatMap({ Data(base64Encoded: $0) }) else {
                throw APIError(
                    status: 200, code: APIError.notJSON, message: "the reply has no data", method: call.method,
                    path: call.path)
            }
            try await give(Array(part))
            offset += part.count
            if part.count < Self.chunk { return }
        }
    }

    func list(_ path: RemotePath) async throws -> [RemoteEntry] {
        let reply = try await client.json(.get("/api/2.0/dbfs/list", [("path", path.path)]))
        return reply.elements("files").map { Self.entry($0, path) }
    }

    func entry(_ path: RemotePath) async throws -> RemoteEntry {
        Self.entry(try await client.json(.get("/api/2.0/dbfs/get-status", [("path", path.path)])), path)
    }

    private static func entry(_ json: JSONValue, _ near: RemotePath) -> RemoteEntry {
        let isFolder = json["is_dir"] == .bool(true)
        return RemoteEntry(
            json.string("path").map(near.sibling) ?? near, isFolder: isFolder,
            size: isFolder ? nil : json.integer("file_size"), modified: json.integer("modification_time"))
    }

    func makeFolder(_ path: RemotePath) async throws {
        var call = change("mkdirs", "making the folder \(path.text)", [("path", .string(path.path))])
        call.repetition = .freely
        _ = try await client.json(call)
    }

    func remove(_ entry: RemoteEntry) async throws {
        let call = change(
            "delete", "removing \(entry.path.text)", [("path", .string(entry.path.path)), ("recursive", .bool(false))])
        _ = try await client.json(call)
    }

    /// Block after block. What is not whole is removed, also after Ctrl-C.
    func upload(
        _ file: String, to path: RemotePath, overwrites: Bool, sent: @escaping @Sendable (Int) -> Void
    ) async throws {
        let descriptor = open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: file, code: errno) }
        defer { close(descriptor) }
        let what = "writing \(path.text)"
        let reply = try await client.json(
            change("create", what, [("path", .string(path.path)), ("overwrite", .bool(overwrites))]))
        guard let handle = reply["handle"] else {
            throw APIError(
                status: 200, code: APIError.notJSON, message: "the reply has no handle", method: "POST",
                path: "/api/2.0/dbfs/create")
        }
        do {
            var total = 0
            var block = [UInt8](repeating: 0, count: Self.chunk)
            while true {
                let count = Glibc.read(descriptor, &block, block.count)
                guard count >= 0 else { throw FileError(path: file, code: errno, action: "read") }
                if count == 0 { break }
                let text = Data(block[..<count]).base64EncodedString()
                _ = try await client.json(change("add-block", what, [("handle", handle), ("data", .string(text))]))
                total += count
                sent(total)
            }
            _ = try await client.json(change("close", what, [("handle", handle)]))
        } catch {
            let client = client
            let remove = change("delete", what, [("path", .string(path.path)), ("recursive", .bool(false))])
            await Task { _ = try? await client.json(remove) }.value
            throw error
        }
    }

    func download(_ entry: RemoteEntry, into reader: any ObjectReader) async throws {
        reader.restart()
        try await read(entry.path.path) { try await reader.read($0) }
        try await reader.end()
    }

    private func change(_ name: String, _ what: String, _ fields: [(String, JSONValue?)]) -> APICall {
        .post("/api/2.0/dbfs/" + name, .changes(what), fields)
    }
}

extension Client {
    package var dbfs: DBFS { DBFS(client: self) }
}
