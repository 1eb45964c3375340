import Databricks
import FoundationEssentials
import Glibc
import Results
import System
import Terminal
import Text

/// Draws the pictures of a command's result in the terminal, or saves them and says where they are.
struct Pictures {
    let session: Session

    /// The picture of a result. One that cannot be fetched or drawn is reported, and does not fail the cell that made it.
    func show(_ image: ImageReference) async throws {
        switch image {
        case .data(let type, let base64):
            guard let bytes = Data(base64Encoded: base64) else {
                return session.console.say("a picture came that is not valid base64, and was left out")
            }
            try show([UInt8](bytes), extension: Self.suffix(ofMediaType: type))
        case .file(let path):
            // `/plots/<uuid>.png` is dbfs:/FileStore/plots/<uuid>.png (API README).
            let file = "/FileStore" + (path.hasPrefix("/") ? path : "/" + path)
            do {
                let bytes = try await session.workspace.connected().dbfs.read(file)
                try show(bytes, extension: Self.suffix(ofPath: path))
            } catch let error as APIError {
                session.console.say("picture at dbfs:\(file), which cannot be read: \(error.message)")
            }
        }
    }

    /// A picture whose bytes are here.
    func show(_ bytes: [UInt8], extension suffix: String) throws {
        let settings = session.settings
        var reason: String?
        if settings.drawsPictures, session.console.resultsReachTerminal {
            do {
                try session.console.draw(try drawing(of: bytes))
                guard settings.pictureDirectory != nil else { return }
            } catch let failure as Picture.Failure {
                reason = Self.explain(failure)
            }
        }
        let path = try save(bytes, extension: suffix)
        session.log.note { $0.add(file: path) }
        session.console.say("picture saved: \(path)" + (reason.map { " (not drawn: \($0))" } ?? ""))
    }

    private func drawing(of bytes: [UInt8]) throws(Picture.Failure) -> String {
        let environment = session.environment
        guard !["", "dumb"].contains(environment["TERM"] ?? "") else {
            throw .unavailable("this terminal draws no pictures")
        }
        let picture = try Picture(file: bytes)
        let window = TerminalSize.of(environment.standardOutput, environment: environment.variables)
        // Room for the prompt and the footer; the last column stays free.
        let room = TerminalSize(rows: max(1, (window?.rows ?? 24) - 3), columns: max(1, (window?.columns ?? 80) - 1))
        return try picture.drawn(
            in: room, cell: TerminalSize.cell(of: environment.standardOutput), color: session.console.colorsResults,
            environment: environment.variables)
    }

    private static func explain(_ failure: Picture.Failure) -> String {
        switch failure {
        case .unavailable(let reason): reason
        case .unreadable: "it is damaged"
        case .unknown: "only PNG, JPEG, GIF and WebP are"
        case .tooLarge(let width, let height): "it has \(width) × \(height) pixels"
        }
    }

    /// The usual end of a file's name for a media type such as `image/svg+xml`.
    private static func suffix(ofMediaType type: String) -> String {
        switch type.split(separator: "/").last {
        case "jpeg"?: "jpg"
        case "svg+xml"?: "svg"
        case let name?: plain(name) ?? "bin"
        case nil: "png"
        }
    }

    private static func suffix(ofPath path: String) -> String {
        let name = path.split(separator: "/").last ?? ""
        guard let dot = name.lastIndex(of: ".") else { return "png" }
        return plain(name[name.index(after: dot)...]) ?? "bin"
    }

    /// A name from a server becomes part of a file's name only when it is a short word.
    private static func plain(_ suffix: Substring) -> String? {
        let isPlain = suffix.utf8.allSatisfy { $0.isLetter || $0.isDigit }
        return isPlain && (1...5).contains(suffix.utf8.count) ? suffix.lowercased() : nil
    }

    /// Writes a picture to a new file. Pictures are the user's data: the directory that dbsh makes for them and their files are
    /// readable by the user alone.
    /// - Returns: its path.
    func save(_ bytes: [UInt8], extension suffix: String) throws -> String {
        let directory = session.settings.pictureDirectory ?? session.environment.stateDirectory + "/pictures"
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw FileError(path: directory, code: errno, action: "make") }
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
