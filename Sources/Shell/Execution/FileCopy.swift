import Databricks
import Glibc
import System
import Terminal
import Text

/// Copies files, up to eight at once, and shows how far it is.
struct FileCopy {
    let session: Session
    let files: RemoteFiles
    var overwrites = false

    /// - Parameter done: what was done to them, for the summary: `put`.
    /// - Throws: `FileExists`, `FileError`; as `Client.json`.
    func run(_ transfers: [Transfer], _ done: String) async throws {
        let copies = transfers.filter { !$0.isFolder }
        let progress = CopyProgress(
            files: copies.count,
            bytes: copies.allSatisfy { $0.size != nil } ? copies.reduce(0) { $0 + ($1.size ?? 0) } : nil)
        let (files, overwrites) = (files, overwrites)
        let clock = ContinuousClock()
        let start = clock.now
        try await session.console.waiting(for: progress.text) {
            let console = session.console
            let ticker = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(250))
                    console.nowWaiting(for: progress.text)
                }
            }
            defer { ticker.cancel() }
            for folder in transfers where folder.isFolder { try await Self.make(folder, files) }
            try await RemoteFiles.inParallel(copies) { try await Self.copy($0, files, overwrites, progress) }
        }
        guard !session.settings.isQuiet, session.environment.errorIsTerminal else { return }
        let what =
            copies.count == 1 ? copies[0].source == nil ? copies[0].remote.text : copies[0].local : progress.count
        session.console.say("\(done) \(what) · \(progress.size) · \(Quantity.seconds(clock.now - start))")
    }

    nonisolated private static func make(_ folder: Transfer, _ files: RemoteFiles) async throws {
        guard folder.source != nil else { return try await files.makeFolder(folder.remote) }
        guard mkdir(folder.local, 0o777) == 0 || errno == EEXIST else {
            throw FileError(path: folder.local, code: errno, action: "make")
        }
    }

    @concurrent
    nonisolated private static func copy(
        _ transfer: Transfer, _ files: RemoteFiles, _ overwrites: Bool, _ progress: CopyProgress
    ) async throws {
        let counter = progress.begin()
        if let source = transfer.source {
            let reader = try FileReader(transfer.local, counter)
            try await files.download(source, into: reader)
            try reader.commit()
        } else {
            do {
                try await files.upload(
                    transfer.local, to: transfer.remote, overwrites: overwrites, sent: { counter.set($0) })
            } catch let error as APIError where error.saysExists { throw FileExists(path: transfer.remote.text) }
        }
        progress.end(counter, size: transfer.size)
    }
}

extension APIError {
    /// What was to be made is there already.
    nonisolated fileprivate var saysExists: Bool {
        ["ALREADY_EXISTS", "RESOURCE_ALREADY_EXISTS", "FILE_ALREADY_EXISTS"].contains(code)
    }
}

/// Writes an object to a file, which gets its name when the object is whole.
nonisolated final class FileReader: ObjectReader, @unchecked Sendable {
    // Used by one download at a time.
    private let file: AtomicFile
    private let counter: CopyProgress.Counter?
    private var count = 0

    /// - Throws: `FileError`.
    init(_ path: String, _ counter: CopyProgress.Counter? = nil) throws {
        file = try AtomicFile(path)
        self.counter = counter
    }

    func restart() {
        file.restart()
        count = 0
    }

    func read(_ piece: [UInt8]) throws {
        try piece.withUnsafeBytes { try file.write($0) }
        count += piece.count
        counter?.set(count)
    }

    func end() {}

    func commit() throws { try file.commit() }
}

/// Keeps an object in memory.
nonisolated final class KeepingReader: ObjectReader {
    private let kept = Locked<[UInt8]>([])
    var bytes: [UInt8] { kept.withLock { $0 } }

    func restart() { kept.withLock { $0 = [] } }
    func read(_ piece: [UInt8]) { kept.withLock { $0 += piece } }
    func end() {}
}

/// How far the copying of files is: counted by those that copy, shown by the session.
nonisolated final class CopyProgress: Sendable {
    /// Counts the bytes of one file.
    final class Counter: Sendable {
        private let bytes = Locked(0)
        func set(_ count: Int) { bytes.withLock { $0 = count } }
        var value: Int { bytes.withLock { $0 } }
    }

    private struct State {
        var files = 0
        var bytes = 0
        var running: [ObjectIdentifier: Counter] = [:]
    }

    private let state = Locked(State())
    private let totalFiles: Int
    private let totalBytes: Int?
    private let start = ContinuousClock.now

    init(files: Int, bytes: Int?) { (totalFiles, totalBytes) = (files, bytes) }

    func begin() -> Counter {
        let counter = Counter()
        state.withLock { $0.running[ObjectIdentifier(counter)] = counter }
        return counter
    }

    func end(_ counter: Counter, size: Int?) {
        state.withLock { state in
            state.running[ObjectIdentifier(counter)] = nil
            state.files += 1
            state.bytes += max(counter.value, size ?? 0)
        }
    }

    var text: String { "copying: " + measure }

    /// `3 of 12 files · 1.2 GB of 4.0 GB · 85 MB/s`
    var measure: String {
        let (files, bytes) = now
        var parts = totalFiles == 1 ? [] : ["\(Quantity.grouped(files)) of \(Quantity.grouped(totalFiles)) files"]
        parts.append(Quantity.bytes(bytes) + (totalBytes.map { " of \(Quantity.bytes($0))" } ?? ""))
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if seconds > 0.5, bytes > 0 { parts.append("\(Quantity.bytes(Int(Double(bytes) / seconds)))/s") }
        return parts.joined(separator: " · ")
    }

    var count: String { "\(Quantity.grouped(now.files)) files" }
    var size: String { Quantity.bytes(now.bytes) }

    private var now: (files: Int, bytes: Int) {
        state.withLock { ($0.files, $0.bytes + $0.running.values.reduce(0) { $0 + $1.value }) }
    }
}
