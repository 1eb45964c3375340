import Glibc
import Results
import System
import Text

/// The file of a session. That of a plain one lists its execution contexts as long as there are any: a file without a running
/// session was left by a dbsh that did not end cleanly, and `--resume` attaches to its contexts. That of a kept session
/// (`--session NAME`) stays, and the next dbsh goes on with it.
///
/// A running session holds flock(2) on its file, which the system releases however the process ends.
final class SessionRecord {
    /// Who has a session that another dbsh wants.
    struct Holder {
        let process: Int?
        /// When it last wrote the file.
        let used: WallTime?
    }

    private let path: String?
    private let directory: String
    private var ownPath: String?
    private var descriptor: Int32 = -1
    private var written: SessionContent?

    /// The file of a plain session, which is made when there is something to write.
    init(directory: String) {
        self.directory = directory
        path = nil
    }

    /// The file of a kept session, which is this process's from now on.
    private init(directory: String, path: String, descriptor: Int32) {
        self.directory = directory
        self.path = path
        self.descriptor = descriptor
        ownPath = path
    }

    isolated deinit { if path == nil { remove() } else { release() } }

    /// Writes the file; that of a plain session goes when there are no contexts. Failures are silent: this is a safety net, and
    /// the session goes on without it.
    func keep(_ content: SessionContent) {
        if path == nil, content.contexts.isEmpty { return remove() }
        guard content != written else { return }
        if descriptor < 0 { create() }
        guard descriptor >= 0 else { return }
        let bytes = Array((content.json(process: getpid()).serialized() + "\n").utf8)
        // One write, over the old text: whoever reads takes the first line, which is the old one or the new one.
        if bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == bytes.count {
            ftruncate(descriptor, off_t(bytes.count))
            written = content
        }
    }

    /// Takes the file away.
    func remove() {
        if let ownPath { unlink(ownPath) }
        ownPath = nil
        release()
    }

    /// Lets others have the session.
    func release() {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        written = nil
    }

    private func create() {
        try? Files.makeDirectory(directory)
        let path = "\(directory)/\(Int(WallTime.now.seconds))-\(getpid()).json"
        let new = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard new >= 0 else { return }
        flock(new, LOCK_EX | LOCK_NB)
        descriptor = new
        ownPath = path
    }

    // MARK: Records without a session

    /// The files in `directory` of plain sessions that are gone, newest first.
    static func abandoned(in directory: String) -> [(path: String, content: SessionContent)] {
        let names = Files.names(in: directory).filter { $0.hasSuffix(".json") }
        func time(_ name: String) -> Int { Int(name.prefix { $0.isNumber }) ?? 0 }
        return names.sorted { (time($0), $0) > (time($1), $1) }.compactMap { name in
            let path = "\(directory)/\(name)"
            guard let content = unused(path), !content.contexts.isEmpty else { return nil }
            return (path, content)
        }
    }

    /// What a file says; nil while its session lives, or when it says nothing.
    private static func unused(_ path: String) -> SessionContent? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return nil }
        return document(of: descriptor).flatMap(SessionContent.init)
    }

    private static func document(of descriptor: Int32) -> JSONValue? {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return try? JSONValue.parse(Array(bytes[..<count].prefix { $0 != 0x0A }))
    }

    // MARK: Kept sessions

    /// Where the files of kept sessions are, below that of the plain ones.
    private static func keptDirectory(_ directory: String) -> String { directory + "/kept" }

    /// Takes a kept session, which is made if there is none of that name.
    /// - Returns: its file, and what that says; the holder when another dbsh has it.
    /// - Throws: `UsageError` for what is no name; `FileError`.
    static func take(_ name: String, in directory: String) throws -> Result<(SessionRecord, SessionContent?), Taken> {
        guard isName(name) else {
            throw UsageError("“\(name)” is no name for a session", hint: "letters, digits, _, - and ., 64 at most")
        }
        let kept = keptDirectory(directory)
        try Files.makeDirectory(kept)
        let path = "\(kept)/\(name).json"
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw FileError(path: path, code: errno) }
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
                defer { close(descriptor) }
                let json = document(of: descriptor)
                return .failure(Taken(holder: holder(json)))
            }
            // Whoever had it may have removed the file meanwhile.
            var (mine, there) = (stat(), stat())
            guard fstat(descriptor, &mine) == 0, stat(path, &there) == 0, mine.st_ino == there.st_ino else {
                close(descriptor)
                continue
            }
            let content = document(of: descriptor).flatMap(SessionContent.init)
            return .success((SessionRecord(directory: directory, path: path, descriptor: descriptor), content))
        }
    }

    /// Another dbsh has the session.
    struct Taken: Error {
        let holder: Holder
    }

    private static func holder(_ json: JSONValue?) -> Holder {
        Holder(process: json?["process"]?.double.map { Int($0) }, used: json?["used"]?.text.flatMap { WallTime($0) })
    }

    /// A kept session as its file has it.
    struct Listing {
        let name: String
        let content: SessionContent
        let used: WallTime?
        /// The process that has it now.
        let process: Int?
    }

    /// Every kept session, by name. Asks nobody.
    static func kept(in directory: String) -> [Listing] {
        let kept = keptDirectory(directory)
        return Files.names(in: kept).filter { $0.hasSuffix(".json") }.sorted().compactMap { file in
            let descriptor = open("\(kept)/\(file)", O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            guard let json = document(of: descriptor), let content = SessionContent(json) else { return nil }
            let isHeld = flock(descriptor, LOCK_SH | LOCK_NB) != 0
            let holder = holder(json)
            return Listing(
                name: String(file.dropLast(5)), content: content, used: holder.used,
                process: isHeld ? holder.process : nil)
        }
    }

    static func exists(_ name: String, in directory: String) -> Bool {
        isName(name) && (Files.size("\(keptDirectory(directory))/\(name).json") ?? 0) > 0
    }

    private static func isName(_ name: String) -> Bool {
        (1...64).contains(name.utf8.count) && !name.hasPrefix(".")
            && name.utf8.allSatisfy { $0.isWordPart || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }
}
