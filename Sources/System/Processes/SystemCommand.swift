import CSpawn
import Glibc

/// A program of this machine and what it is started with. Nothing of the parent is inherited but what is said here:
/// no signal is blocked in it, and it gets no descriptor that is close-on-exec.
package struct SystemCommand: Sendable {
    /// The program, found along `PATH` unless it has a slash, and its arguments. Never a secret: everybody on the machine
    /// can read them.
    package var arguments: [String]
    /// Nil means the caller's own.
    package var environment: [String: String]?
    /// Nil means the caller's own.
    package var directory: String?
    /// Descriptors that become its standard input, output and error; nil means the caller's.
    package var input: Int32?
    package var output: Int32?
    package var errors: Int32?
    /// It leads a process group of its own, which the terminal's Ctrl-C does not reach, has every signal at its default and no
    /// descriptor but the standard ones. Otherwise it is in the caller's group, and what the user ignores (nohup) stays ignored.
    package var isApart = false
    /// With `isApart`: it leads a session of its own too, which no terminal reaches.
    package var leadsSession = false

    package init(_ arguments: [String]) { self.arguments = arguments }

    /// A line for the system's shell.
    package static func shell(_ line: String) -> SystemCommand { SystemCommand(["/bin/sh", "-c", line]) }

    /// Starts it. Whoever does must wait for the process.
    /// - Returns: its process id.
    package func start() throws(StartError) -> pid_t {
        guard !arguments.isEmpty else { throw StartError(program: "", code: ENOENT) }
        // posix_spawn copies all of this before it returns.
        let words = CStrings(arguments)
        let variables = environment.map { CStrings($0.map { "\($0.key)=\($0.value)" }) }
        let place = directory.map { CStrings([$0]) }
        defer { for strings in [words, variables, place] { strings?.free() } }
        var request = spawn_request(
            arguments: words.pointers, environment: variables?.pointers, directory: place?.pointers.pointee,
            input: input ?? -1, output: output ?? -1, errors: errors ?? -1, apart: isApart,
            session: leadsSession)
        var pid = pid_t()
        let code = spawn_start(&request, &pid)
        guard code == 0 else { throw StartError(program: arguments[0], code: code) }
        return pid
    }

    /// A program that could not be started.
    package struct StartError: Error, Equatable, CustomStringConvertible {
        package var program: String
        /// errno(3).
        package var code: Int32

        package init(program: String, code: Int32) {
            self.program = program
            self.code = code
        }

        package var description: String { "\(program) cannot be started: \(String(cString: strerror(code)))." }
    }
}

/// Copies of strings as C wants them: an array of pointers that ends with a null pointer.
private struct CStrings {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        pointers = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { (pointers + index).initialize(to: strdup(string)) }
        (pointers + count).initialize(to: nil)
    }

    func free() {
        for index in 0..<count { Glibc.free(pointers[index]) }
        pointers.deallocate()
    }
}
