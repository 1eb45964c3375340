import Databricks
import FoundationEssentials
import Glibc
import Results

/// Saves the pictures of a command's result and says where they are.
struct Pictures {
    let session: Session

    func show(_ image: ImageReference) throws {
        switch image {
        case .data(let type, let base64):
            guard let bytes = Data(base64Encoded: base64) else {
                return session.console.say("a picture came that is not valid base64, and was left out")
            }
            let path = try save(bytes, extension: type.hasSuffix("jpeg") ? "jpg" : "png")
            session.console.say("picture saved: \(path)")
        case .file(let path):
            session.console.say("picture at dbfs:/FileStore\(path)")
        }
    }

    /// Pictures are data of the user's: their directory and files are readable by the user alone.
    private func save(_ bytes: Data, extension suffix: String) throws -> String {
        let directory = session.environment.stateDirectory + "/pictures"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for number in 1... {
            let path = "\(directory)/\(getpid())-\(number).\(suffix)"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
            defer { close(descriptor) }
            let output = BufferedOutput(fileDescriptor: descriptor)
            try bytes.withUnsafeBytes { try output.write($0) }
            try output.flush()
            return path
        }
        throw FileError(path: directory, code: EEXIST)
    }
}
