import FoundationEssentials
import Results

/// Files in DBFS (`/api/2.0/dbfs`), where the pictures of a cluster's results are kept.
package struct DBFS: Sendable {
    let client: Client

    /// The service gives at most this many bytes at a time (docs: DBFS API, read).
    private static let chunk = 1 << 20

    /// A whole file.
    /// - Parameter limit: in bytes.
    /// - Throws: `APIError` with code `FILE_TOO_LARGE` beyond `limit`; else as `Client.json`.
    package func read(_ path: String, limit: Int = 64 << 20) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let call = APICall.get(
                "/api/2.0/dbfs/read", [("path", path), ("offset", "\(bytes.count)"), ("length", "\(Self.chunk)")])
            let json = try await client.json(call)
            guard let part = json.string("data").flatMap({ Data(base64Encoded: $0) }) else {
                throw APIError(
                    status: 200, code: APIError.notJSON, message: "the reply has no data", method: call.method,
                    path: call.path)
            }
            bytes += part
            if part.count < Self.chunk { return bytes }
            guard bytes.count <= limit else {
                throw APIError(
                    status: 200, code: "FILE_TOO_LARGE", message: "\(path) is larger than \(limit) bytes",
                    method: call.method, path: call.path)
            }
        }
    }
}

extension Client {
    package var dbfs: DBFS { DBFS(client: self) }
}
