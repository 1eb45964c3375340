import Databricks
import Glibc
import System
import Terminal

/// The user's editor, on a file that only the user can read: cells may hold what others must not see.
struct ExternalEditor {
    private let environment: ShellEnvironment

    init(_ environment: ShellEnvironment) { self.environment = environment }

    /// `$VISUAL`, else `$EDITOR`, else vi.
    private var command: String { environment["VISUAL"] ?? environment["EDITOR"] ?? "vi" }

    /// Opens `text` in the editor, and gives what was saved.
    ///
    /// - Parameter language: says how the file's name ends, which editors go by.
    /// - Throws: `FileError`, `SystemCommand.StartError`; `UsageError` when the editor failed.
    func edit(_ text: String, language: Language?) async throws -> [UInt8] {
        let path = try write(text, language)
        defer { unlink(path) }
        let status = try await SystemCommand(["/bin/sh", "-c", "\(command) \"$1\"", "sh", path]).runInForeground()
        guard status == .exited(0) else {
            throw UsageError("\(command) ended with status \(status.exitStatus); the text is as it was")
        }
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(path: path, code: errno) }
        defer { close(file) }
        var bytes: [UInt8] = []
        let input = DescriptorReader(descriptor: file)
        while let chunk = try await input.next() { bytes += chunk }
        return bytes
    }

    private func write(_ text: String, _ language: Language?) throws -> String {
        let ending = language.flatMap { Self.endings[$0] } ?? ".dbsh"
        let template = (environment["TMPDIR"] ?? "/tmp") + "/dbsh-XXXXXX" + ending
        var name = Array(template.utf8CString)
        let descriptor = mkstemps(&name, Int32(ending.utf8.count))
        guard descriptor >= 0 else { throw FileError(path: template, code: errno) }
        close(descriptor)
        let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try AtomicFile.write(text, to: path, mode: 0o600)
        return path
    }

    private static let endings: [Language: String] = [.sql: ".sql", .python: ".py", .scala: ".scala", .r: ".r"]
}
