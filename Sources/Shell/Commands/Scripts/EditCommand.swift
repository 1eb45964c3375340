import Databricks
import Glibc
import System
import Terminal

/// `.edit` — write a cell in an editor, then run it.
struct EditCommand: MetaCommand {
    let number = Argument<Int?>("N", "the number shown by .history (default: the last cell)")

    var spec: CommandSpec {
        CommandSpec(
            "edit", in: .scripts, "edit a cell in an editor, then run it", takes: [number],
            details:
                "The editor is $VISUAL, $EDITOR or vi. Nothing is run if the editor fails or the text is empty.",
            examples: [.init(".edit 3", "edit cell 3", runs: false)], isImmediate: true, traits: .runsCells)
    }

    func run(_ call: Call, in session: Session) async throws {
        let cell = try cell(call[number], session)
        let text = cell.map { ScriptText.text(of: $0, language: session.language) } ?? ""
        let path = try Self.write(text, cell, session)
        defer { unlink(path) }
        let editor = session.environment["VISUAL"] ?? session.environment["EDITOR"] ?? "vi"
        let status = try await SystemCommand(["/bin/sh", "-c", "\(editor) \"$1\"", "sh", path]).runInForeground()
        guard status == .exited(0) else {
            throw UsageError("\(editor) ended with status \(status.exitStatus); nothing was run")
        }
        guard let file = open(path, O_RDONLY | O_CLOEXEC) as Int32?, file >= 0 else {
            throw FileError(path: path, code: errno)
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        let input = DescriptorReader(descriptor: file)
        while let chunk = try await input.next() { bytes += chunk }
        var reader = CellReader(language: session.language, commands: session.commands.names)
        reader.append(bytes)
        reader.finish()
        while !session.wantsToQuit {
            reader.language = session.language
            guard let cell = reader.next() else { return }
            try await CellRunner(session: session).run(cell)
        }
    }

    private func cell(_ number: Int?, _ session: Session) throws -> Cell? {
        guard let number else {
            return session.log.entries.last { $0.hasEnded && !$0.isContainer }?.cell
        }
        guard let entry = session.log.entry(number) else {
            throw UsageError("there is no cell \(number)", hint: ".history lists them")
        }
        return entry.cell
    }

    /// Cells may hold what others must not read: the file is the user's alone.
    private static func write(_ text: String, _ cell: Cell?, _ session: Session) throws -> String {
        let ending: String =
            if case .code(let language, _)? = cell?.content { endings[language] ?? ".dbsh" } else { ".dbsh" }
        let template = (session.environment["TMPDIR"] ?? "/tmp") + "/dbsh-XXXXXX" + ending
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
