import Glibc
import System

/// Files of volumes that come in parts.
extension Workspace {
    /// Begins an upload in parts. Returns the word that names it.
    func beginUpload(to path: String, overwrites: Bool) throws -> String {
        let token = Random.hexadecimal(bytes: 24)
        let folder = data.upload()
        try Files.makeDirectory(folder)
        uploads[token] = VolumeUpload(path: path, overwrites: overwrites, folder: folder)
        return token
    }

    /// Makes links for what can be done to an upload. Returns their names.
    func links(_ uses: [VolumeLink.Use], of token: String, to path: String, method: String) throws -> [String] {
        _ = try upload(token, to: path)
        return uses.map { volumeLink(path, method: method, use: $0) }
    }

    /// - Throws: `APIError` when there is no such upload.
    func upload(_ token: String, to path: String) throws -> VolumeUpload {
        guard let upload = uploads[token], upload.path == path else {
            throw APIError(404, "NOT_FOUND", "The upload session does not exist: \(path)")
        }
        return upload
    }

    /// Keeps a part that has come. Returns its tag; nil when the upload is over.
    func keepPart(_ file: String, number: Int, of token: String) -> String? {
        guard let upload = uploads[token] else { return nil }
        let part = VolumeUpload.Part(file: "\(upload.folder)/\(number)", tag: Random.hexadecimal(bytes: 16))
        guard rename(file, part.file) == 0 else { return nil }
        uploads[token]?.parts[number] = part
        return part.tag
    }

    /// Takes an upload away: it is complete, or not wanted any more.
    func endUpload(_ token: String) -> VolumeUpload? { uploads.removeValue(forKey: token) }
}
