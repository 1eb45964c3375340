import Text

/// A meta command: one type holds its name, usage, help, examples and execution, and `.help` and Tab are made from it.
protocol MetaCommand: Sendable {
    var spec: CommandSpec { get }

    /// Does the work on the session. Results go to the session's output; anything that fails is thrown, never printed.
    func run(_ call: Call, in session: Session) async throws
}

/// What `.help` groups commands by, in the order it shows them.
enum CommandSection: String, CaseIterable {
    case connection = "Connection"
    case clusters = "Clusters"
    case contexts = "Contexts and languages"
    case warehouses = "Warehouses"
    case catalog = "Catalog"
    case files = "Files"
    case jobs = "Background jobs"
    case results = "Results"
    case scripts = "Scripts"
    case raw = "Raw requests"
    case general = "General"
}

/// A command's signature and help: everything said about it is said here, once.
struct CommandSpec: Signature {
    let name: String
    let section: CommandSection
    /// One line, in the imperative, without a full stop.
    let summary: String
    let arguments: [any AnyArgument]
    let flags: [any AnyFlag]
    /// Further prose for `.help NAME`.
    let details: String
    let examples: [Example]
    /// Its first argument is the rest of the line as it stands: no words, no quotes, no `${NAME}`.
    let takesText: Bool
    /// The command waits for nothing, so it runs without the handling of Ctrl-C.
    let isImmediate: Bool
    /// What the shell must know of it.
    let traits: CommandTraits
    /// Other names people type for it.
    let aliases: [String]
    /// What people type at a prompt from habit, without the dot, and mean this command by.
    let habits: [String]
    /// Whether a cluster or warehouse in this state makes sense behind the operation; nil: each does.
    let suits: ((_ operation: String, _ state: String) -> Bool)?

    init(
        _ name: String, in section: CommandSection, _ summary: String, takes arguments: [any AnyArgument] = [],
        flags: [any AnyFlag] = [], details: String = "", examples: [Example] = [], takesText: Bool = false,
        isImmediate: Bool = false, traits: CommandTraits = [], aliases: [String] = [], habits: [String] = [],
        suits: ((_ operation: String, _ state: String) -> Bool)? = nil
    ) {
        self.takesText = takesText
        self.name = name
        self.section = section
        self.summary = summary
        self.arguments = arguments
        self.flags = flags
        self.details = details
        self.examples = examples
        self.isImmediate = isImmediate
        self.traits = traits
        self.aliases = aliases
        self.habits = habits
        self.suits = suits
    }

    /// Whether what stands behind the name is one text as it stands, and no words.
    func isText(_ rest: String) -> Bool {
        takesText || (rest.hasPrefix("|") && arguments.first?.takesCommand == true)
    }

    var title: String { "." + name }
    var place: Place { .prompt }
    var commonFlags: [any AnyFlag] { [Self.debug, Self.help] }
    var hint: String { "usage: \(usage) (see .help \(name))" }

    static let debug = Flag("--debug", "show the requests of this command, without secrets")
    static let help = Flag("--help", "explain this command, as .help does")
}
