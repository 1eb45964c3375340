import CPty
import Glibc

/// An errno(3) that a test did not expect.
package struct SystemError: Error, CustomStringConvertible {
    package var code: Int32

    package var description: String { String(cString: strerror(code)) }
}

/// A directory that is removed with everything in it when nobody refers to it any more.
package final class ScratchDirectory: Sendable {
    package let path: String

    package init() throws {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/dbsh-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError(code: errno) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }  // mkdtemp keeps the final 0
    }

    deinit {
        cpty_remove_tree(path)
    }

    package func path(_ name: String) -> String { path + "/" + name }

    /// What is in it, also what begins with a dot, sorted.
    package var names: [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = UnsafeRawPointer(entry) + MemoryLayout<dirent>.offset(of: \.d_name)!
            names.append(String(cString: name.assumingMemoryBound(to: CChar.self)))
        }
        return names.filter { $0 != "." && $0 != ".." }.sorted()
    }

    /// The content of a file as text; nil when there is none.
    package func contents(_ name: String) -> String? { bytes(name).map { String(decoding: $0, as: UTF8.self) } }

    /// The content of a file; nil when there is none.
    package func bytes(_ name: String) -> [UInt8]? {
        guard let file = fopen(path(name), "r") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }

    package func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    package func write(_ bytes: [UInt8], to name: String) throws {
        guard let file = fopen(path(name), "w") else { throw SystemError(code: errno) }
        defer { fclose(file) }
        fwrite(bytes, 1, bytes.count, file)
    }
}

/// Lends `strings` as a NULL-terminated C array for the time of the call.
func withCStrings<T>(_ strings: [String], _ body: ([UnsafePointer<CChar>?]) -> T) -> T {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies.map { UnsafePointer($0) } + [nil])
}

/// A detached thread for work that blocks, which Swift's own threads must not.
func startTestThread(_ body: @escaping @Sendable () -> Void) {
    final class Start {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    // The reference is taken over by the thread.
    let result = pthread_create(
        &thread, nil,
        { argument in
            Unmanaged<Start>.fromOpaque(argument!).takeRetainedValue().body()
            return nil
        }, Unmanaged.passRetained(Start(body)).toOpaque())
    precondition(result == 0, "no thread")
    pthread_detach(thread)
}
