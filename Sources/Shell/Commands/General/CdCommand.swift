import Glibc
import System

/// `.cd` — the directory that relative paths begin at.
struct CdCommand: SettingCommand {
    let value = Argument<FilePath?>("DIR")

    var spec: CommandSpec {
        CommandSpec(
            "cd", in: .general, "show or set the current directory", takes: [value],
            details:
                "Relative paths start here. In a script, the paths of the files it reads start at the script's own directory.",
            examples: [.init(".cd", "show the current directory")], isImmediate: true)
    }

    static func text(in session: Session) throws -> String { try real(session.paths.directory ?? ".") }

    static func set(_ value: FilePath, in session: Session) throws {
        session.paths.directory = try real(session.paths.place(value.path))
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
