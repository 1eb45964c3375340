import Glibc
import Results
import System

/// A file that lists the execution contexts of a session, as long as it has any. A file without a running session was left
/// by a dbsh that did not end cleanly, and `--resume` attaches to its contexts.
///
/// The session holds flock(2) on its file, which the system releases however the process ends.
final class SessionRecord {
    /// What a file says.
    struct Content: Equatable {
        var host: String
        /// Context ids by cluster id.
        var contexts: [(cluster: String, context: String)]

        static func == (a: Content, b: Content) -> Bool {
            a.host == b.host && a.contexts.elementsEqual(b.contexts) { $0 == $1 }
        }
    }

    private let directory: String
    private var path: String?
    private var descriptor: Int32 = -1

    init(directory: String) { self.directory = directory }

    isolated deinit { remove() }

    /// Writes the file, or removes it when there are no contexts. Failures are silent: this is a safety net, and the
    /// session goes on without it.
    func keep(_ content: Content) {
        if content.contexts.isEmpty { return remove() }
        if descriptor < 0 { create() }
        guard descriptor >= 0 else { return }
        let contexts = content.contexts.map {
            JSONValue.object([.init("cluster", .string($0.cluster)), .init("context", .string($0.context))])
        }
        let json = JSONValue.object([.init("host", .string(content.host)), .init("contexts", .array(contexts))])
        let bytes = Array((json.serialized() + "\n").utf8)
        // One write, over the old text: whoever reads gets the old or the new one, or text that is no JSON and is left alone.
        if bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == bytes.count {
            ftruncate(descriptor, off_t(bytes.count))
        }
    }

    func remove() {
        guard let path else { return }
        unlink(path)
        close(descriptor)
        self.path = nil
        descriptor = -1
    }

    private func create() {
        try? Files.makeDirectory(directory)
        let path = "\(directory)/\(Int(WallTime.now.seconds))-\(getpid()).json"
        let new = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard new >= 0 else { return }
        flock(new, LOCK_EX | LOCK_NB)
        descriptor = new
        self.path = path
    }

    // MARK: Records without a session

    /// The files in `directory` whose sessions are gone, newest first.
    static func abandoned(in directory: String) -> [(path: String, content: Content)] {
        let names = Files.names(in: directory).filter { $0.hasSuffix(".json") }
        func time(_ name: String) -> Int { Int(name.prefix { $0.isNumber }) ?? 0 }
        return names.sorted { (time($0), $0) > (time($1), $1) }.compactMap { name in
            let path = "\(directory)/\(name)"
            return read(path).map { (path, $0) }
        }
    }

    /// What a file says; nil while its session lives, or when it says nothing.
    private static func read(_ path: String) -> Content? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return nil }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = Glibc.read(descriptor, &bytes, bytes.count)
        guard count > 0, let json = try? JSONValue.parse(Array(bytes[..<count])), let host = json["host"]?.text else {
            return nil
        }
        var contexts: [(String, String)] = []
        var index = 0
        while let entry = json["contexts"]?[index] {
            if let cluster = entry["cluster"]?.text, let context = entry["context"]?.text {
                contexts.append((cluster, context))
            }
            index += 1
        }
        return contexts.isEmpty ? nil : Content(host: host, contexts: contexts)
    }
}
