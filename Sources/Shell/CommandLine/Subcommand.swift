/// A subcommand of dbsh: one type holds its name, its grammar, its help and its execution. A new one is a file and a word in
/// `Subcommands`; `dbsh help`, the manual and the completions are made from it.
protocol Subcommand {
    var spec: ProgramSpec { get }

    /// Does the work and returns the exit code. What is thrown is told by the program, and says the exit code too.
    func run(_ call: Call, in program: ProgramContext) async throws -> Int32
}

/// What a run of dbsh has, whatever its subcommand.
struct ProgramContext {
    let environment: ShellEnvironment
    let console: Console
    /// Starts the local workspace for a session.
    let startLocal: LocalEndpoint.Starter
    /// Runs the local workspace until a signal ends it.
    let serveLocal: LocalEndpoint.Server
    /// Says which local engine is installed.
    let describeEngine: LocalEndpoint.EngineDescription
    /// Python on this machine for compute elsewhere.
    let connect: ConnectService
}

/// The signature and help of dbsh itself or of one of its subcommands: everything said about it is said here, once.
struct ProgramSpec: Signature {
    /// Empty for dbsh itself.
    let name: String
    /// One line, in the imperative, without a full stop.
    let summary: String
    let arguments: [any AnyArgument]
    /// Options that its help explains.
    let groups: [OptionGroup]
    /// Options of dbsh that it takes too.
    let shared: [any AnyFlag]
    let details: String
    let examples: [Example]
    /// It starts the local workspace whatever the options say.
    let isLocal: Bool

    init(
        _ name: String, _ summary: String, takes arguments: [any AnyArgument] = [], flags: [any AnyFlag] = [],
        sharing shared: [any AnyFlag] = [], details: String = "", examples: [Example] = [], isLocal: Bool = false
    ) {
        self.init(
            name, summary, takes: arguments, groups: flags.isEmpty ? [] : [OptionGroup("Options", flags)],
            sharing: shared, details: details, examples: examples, isLocal: isLocal)
    }

    init(
        _ name: String, _ summary: String, takes arguments: [any AnyArgument], groups: [OptionGroup],
        sharing shared: [any AnyFlag] = [], details: String, examples: [Example], isLocal: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.arguments = arguments
        self.groups = groups
        self.shared = shared
        self.details = details
        self.examples = examples
        self.isLocal = isLocal
    }

    var title: String { name.isEmpty ? "dbsh" : "dbsh \(name)" }
    var flags: [any AnyFlag] { groups.flatMap(\.flags) + shared }
    var commonFlags: [any AnyFlag] { [Options.help, Options.needsEngine] }
    var place: Place { .commandLine }
    var hint: String { name.isEmpty ? "dbsh --help lists the options" : "\(title) --help says more" }
    var usage: String { ([title, "[OPTIONS]"] + arguments.map(\.usage)).joined(separator: " ") }
}

/// Options that belong together, under a title.
struct OptionGroup {
    let title: String
    let flags: [any AnyFlag]

    init(_ title: String, _ flags: [any AnyFlag]) {
        self.title = title
        self.flags = flags
    }
}
