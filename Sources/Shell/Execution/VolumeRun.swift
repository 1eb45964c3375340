import Databricks
import SQL
import System
import Text

/// Does what the service asks for in answer to `PUT`, `GET` and `REMOVE`: with the file that was typed, whatever the service says.
struct VolumeRun {
    let session: Session
    let client: Client

    /// - Throws: `UsageError` when the answer does not fit the statement; `FileError`; as `VolumeOperation`.
    func perform(_ result: StatementResult, of statement: String) async throws {
        guard let operation = try await result.volumeOperation() else { return }
        guard let typed = VolumeStatement(statement), typed.operation == operation.operation else {
            throw UsageError(
                "the service asks dbsh to \(operation.operation.lowercased()) a file that was not typed; nothing was done",
                hint: "type PUT, GET or REMOVE with its paths, as a statement of its own")
        }
        let client = client
        try await session.console.waiting(for: "\(operation.operation) \(typed.path)") {
            switch typed {
            case .put(let file, _): try await operation.put(session.paths.resolve(file), client)
            case .get(_, let file):
                let reader = try FileReader(session.paths.place(file))
                try await operation.get(into: reader, client)
                try reader.commit()
            case .remove: try await operation.remove(client)
            }
        }
        guard !session.settings.isQuiet, session.environment.errorIsTerminal else { return }
        let done = ["PUT": "put", "GET": "got", "REMOVE": "removed"][operation.operation] ?? ""
        session.console.say("\(done) \(typed.path)")
    }

    /// A file that cannot be read is refused before the service makes a link for it.
    func check(_ statement: String) throws {
        guard case .put(let file, _)? = VolumeStatement(statement) else { return }
        let path = session.paths.resolve(file)
        do throws(FileError) { try Files.checkReadable(path) } catch { throw FileError(path: file, code: error.code) }
    }
}
