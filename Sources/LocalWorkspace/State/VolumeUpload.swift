import Glibc
import System

/// A large file that comes in parts, each to a link of its own, and is there when the client says that all have come.
struct VolumeUpload: Sendable {
    struct Part: Sendable {
        let file: String
        /// What the client must name it by, without quotes.
        let tag: String
    }

    let path: String
    let overwrites: Bool
    /// Where the parts are.
    let folder: String
    var parts: [Int: Part] = [:]

    /// The files of the parts that a client names, in order.
    /// - Throws: `APIError` for one that has not come, or has come otherwise.
    func files(_ named: [(number: Int, tag: String)]) throws -> [String] {
        guard !named.isEmpty else { throw APIError.invalidParameter("Missing required field: parts") }
        var files: [String] = []
        var last = 0
        for (number, tag) in named {
            guard number > last, let part = parts[number], tag == part.tag || tag == "\"\(part.tag)\"" else {
                throw APIError.invalidParameter(
                    "Part \(number) is out of order, was not uploaded, or has another ETag.")
            }
            last = number
            files.append(part.file)
        }
        return files
    }

    /// Makes one file of several: they are added to the first, which is the result.
    /// - Throws: `FileError`.
    static func joined(_ files: [String]) throws -> String {
        let whole = open(files[0], O_WRONLY | O_CLOEXEC)
        guard whole >= 0, lseek(whole, 0, SEEK_END) >= 0 else { throw FileError(path: files[0], code: errno) }
        defer { close(whole) }
        for file in files.dropFirst() {
            try add(file, to: whole)
            unlink(file)
        }
        return files[0]
    }

    private static func add(_ file: String, to whole: Int32) throws {
        let part = open(file, O_RDONLY | O_CLOEXEC)
        guard part >= 0 else { throw FileError(path: file, code: errno) }
        defer { close(part) }
        while true {
            let count = sendfile(whole, part, nil, 1 << 30)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: file, code: errno, action: "copy") }
            if count == 0 { return }
        }
    }
}

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
