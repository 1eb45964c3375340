import Glibc
import System

/// `.cd` — the directory that relative paths begin at.
struct CdCommand: MetaCommand {
    let directory = Argument<FilePath?>("DIR")

    var spec: CommandSpec {
        CommandSpec(
            "cd", in: .general, "show or set the current directory", takes: [directory],
            details:
                "Relative paths start here. In a script, the paths of the files it reads start at the script's own directory.",
            examples: [.init(".cd", "show the current directory")], isImmediate: true)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let path = call[directory]?.path else {
            return try session.console.result(text: try Self.real(session.directory ?? "."))
        }
        session.directory = try Self.real(session.place(path))
    }

    private static func real(_ path: String) throws -> String {
        guard let real = realpath(path, nil) else { throw FileError(path: path, code: errno) }
        defer { free(real) }
        var status = stat()
        guard stat(real, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw FileError(path: path, code: ENOTDIR)
        }
        return String(cString: real)
    }
}
