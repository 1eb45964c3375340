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
