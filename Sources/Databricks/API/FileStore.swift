import Results

/// Files below `dbfs:/FileStore`, where the cluster leaves pictures that are too big for a command's result (api-contract
/// §1.3). Read by the DBFS API 2.0.
package struct FileStore: Sendable {
    let client: Client

    /// Most bytes that one call gives.
    private static let piece = 1_000_000
    /// Pictures are small; what is bigger is something else.
    private static let limit = 64 << 20

    /// The whole file, `path` as the command's result names it, such as `/plots/<uuid>.png`.
    /// - Throws: as `Client.json`; `APIError` with code `NOT_JSON` for a reply that makes no sense.
    package func read(_ path: String) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < Self.limit {
            let call = APICall.get(
                "/api/2.0/dbfs/read",
                [("path", "/FileStore" + path), ("offset", String(bytes.count)), ("length", String(Self.piece))])
            let json = try await client.json(call)
            guard let data = Base64.decode(json["data"]?.text ?? "") else {
                throw APIError(
                    status: 200, code: APIError.notJSON, message: "the reply holds no base 64", method: "GET",
                    path: call.path)
            }
            bytes += data
            if data.count < Self.piece { break }
        }
        return bytes
    }
}

extension ImageReference {
    /// The picture itself, where the reference only says where it is.
    /// - Throws: as `FileStore.read`.
    package func fetched(_ client: Client) async throws -> ImageReference {
        guard case .file(let path) = self else { return self }
        let bytes = try await client.fileStore.read(path)
        let isJPEG = path.lowercased().hasSuffix(".jpg") || path.lowercased().hasSuffix(".jpeg")
        return .data(mediaType: isJPEG ? "image/jpeg" : "image/png", base64: Base64.encode(bytes))
    }
}
