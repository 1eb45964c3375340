import Results
import System

/// Files API 2.0 (`/api/2.0/fs`): files of Unity Catalog volumes.
struct VolumeFiles: RemoteFolder {
    let client: Client

    func list(_ path: RemotePath) async throws -> [RemoteEntry] {
        try await client.pages("/api/2.0/fs/directories" + path.encoded, [], items: "contents").map { item in
            RemoteEntry(
                item.string("path").map(path.sibling) ?? path.appending(item.string("name") ?? ""),
                isFolder: item["is_directory"] == .bool(true), size: item.integer("file_size"),
                modified: item.integer("last_modified"))
        }
    }

    func entry(_ path: RemotePath) async throws -> RemoteEntry {
        do {
            let head = try await client.head("/api/2.0/fs/files" + path.encoded)
            return RemoteEntry(
                path, isFolder: false, size: head["content-length"].flatMap { Int($0) },
                modified: head["last-modified"].flatMap(HTTPDate.epoch).map { $0 * 1000 })
        } catch let error as APIError where error.isNotFound || error.status == 400 {
            _ = try await client.head("/api/2.0/fs/directories" + path.encoded)
            return RemoteEntry(path, isFolder: true)
        }
    }

    func makeFolder(_ path: RemotePath) async throws {
        var call = APICall("PUT", "/api/2.0/fs/directories" + path.encoded, .changes("making the folder \(path.text)"))
        call.repetition = .freely
        _ = try await client.json(call)
    }

    func remove(_ entry: RemoteEntry) async throws {
        let place = entry.isFolder ? "/api/2.0/fs/directories" : "/api/2.0/fs/files"
        var call = APICall("DELETE", place + entry.path.encoded, .changes("removing \(entry.path.text)"))
        call.repetition = .freely
        _ = try await client.json(call)
    }

    func upload(
        _ file: String, to path: RemotePath, overwrites: Bool, sent: @escaping @Sendable (Int) -> Void
    ) async throws {
        if let size = Files.size(file), size >= MultipartUpload.threshold {
            let upload = MultipartUpload(
                client: client, path: path, file: file, size: size, overwrites: overwrites, sent: sent)
            do { return try await upload.run() } catch is MultipartUpload.Unavailable { sent(0) }
        }
        var call = APICall("PUT", "/api/2.0/fs/files" + path.encoded, .changes("writing \(path.text)"))
        call.query = [("overwrite", overwrites ? "true" : "false")]
        call.content = .file(path: file)
        call.sent = sent
        do { _ = try await client.json(call) } catch let error as TransportError
            where error.mayHaveArrived && [.dropped, .timeout].contains(error.kind)
        {
            // What may be there now is from here.
            call.query = [("overwrite", "true")]
            call.repetition = .freely
            _ = try await client.json(call)
        }
    }

    func download(_ entry: RemoteEntry, into reader: any ObjectReader) async throws {
        try await client.download(.get("/api/2.0/fs/files" + entry.path.encoded), into: LinkedObject(reader))
    }
}

/// What lies above the volumes, as Unity Catalog 2.1 lists it: catalogs, their schemas, their volumes.
struct VolumeCatalog: RemoteFolder {
    let client: Client

    func list(_ path: RemotePath) async throws -> [RemoteEntry] {
        let names = path.levelAboveVolumes ?? []
        let unity = "/api/2.1/unity-catalog/"
        let (items, kind) =
            switch names.count {
            case 0: (try await client.pages(unity + "catalogs", [], items: "catalogs"), "CATALOG")
            case 1:
                (try await client.pages(unity + "schemas", [("catalog_name", names[0])], items: "schemas"), "SCHEMA")
            default:
                (
                    try await client.pages(
                        unity + "volumes", [("catalog_name", names[0]), ("schema_name", names[1])], items: "volumes"),
                    "VOLUME"
                )
            }
        return items.compactMap { item in
            item.string("name").map { RemoteEntry(path.appending($0), isFolder: true, kind: kind) }
        }
    }

    func entry(_ path: RemotePath) async throws -> RemoteEntry { RemoteEntry(path, isFolder: true) }

    func makeFolder(_ path: RemotePath) async throws { throw NotInVolume(path: path) }
    func remove(_ entry: RemoteEntry) async throws { throw NotInVolume(path: entry.path) }
    func upload(
        _ file: String, to path: RemotePath, overwrites: Bool, sent: @escaping @Sendable (Int) -> Void
    ) async throws { throw NotInVolume(path: path) }
    func download(_ entry: RemoteEntry, into reader: any ObjectReader) async throws {
        throw NotInVolume(path: entry.path)
    }
}

/// A path above the volumes was to be written or read.
package struct NotInVolume: Error, Sendable, Equatable {
    package let path: RemotePath
}
