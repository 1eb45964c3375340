import Glibc
import System

/// What the shell is started in: environment variables, the home directory and the three standard descriptors.
/// A value made once by `main`, so that tests can make another.
nonisolated package struct ShellEnvironment: Sendable {
    package var variables: [String: String]
    package var home: String
    package var standardInput: Int32 = 0
    package var standardOutput: Int32 = 1
    package var standardError: Int32 = 2

    package init(variables: [String: String], home: String) {
        self.variables = variables
        self.home = home
    }

    /// The environment of this process.
    package static func ofProcess() -> ShellEnvironment {
        let variables = ProcessEnvironment.variables
        return ShellEnvironment(variables: variables, home: UserDirectories.home(variables))
    }

    package var inputIsTerminal: Bool { isatty(standardInput) == 1 }
    package var outputIsTerminal: Bool { isatty(standardOutput) == 1 }
    package var errorIsTerminal: Bool { isatty(standardError) == 1 }

    /// A variable's value; nil when it is unset or empty.
    package subscript(_ name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

    package var configurationDirectory: String { UserDirectories.configuration(variables, home: home) }
    package var stateDirectory: String { UserDirectories.state(variables, home: home) }
    package var cacheDirectory: String { UserDirectories.cache(variables, home: home) }
    package var dataDirectory: String { UserDirectories.data(variables, home: home) }
}
