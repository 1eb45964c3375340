/// What may stand behind a command's name: one grammar for meta commands, for the program and for its subcommands.
protocol Signature {
    /// The command as one types it: `.mode`, `dbsh test`.
    var title: String { get }
    var summary: String { get }
    var arguments: [any AnyArgument] { get }
    /// Its options, as help shows them.
    var flags: [any AnyFlag] { get }
    /// Options that usage and help do not repeat for each command.
    var commonFlags: [any AnyFlag] { get }
    /// Further prose.
    var details: String { get }
    var examples: [Example] { get }
    /// Its first argument is the rest of the line as it stands: no words, no quotes, no options.
    var takesText: Bool { get }
    var place: Place { get }
    /// Where to read more, for whoever typed something wrong.
    var hint: String { get }
}

/// Where a command is typed.
enum Place {
    /// At dbsh's prompt: `-x` that is no option is an argument, and an option that stands twice is a mistake.
    case prompt
    /// At the system's: `-x` is always an option, letters may stand together, and the last of two uses counts.
    case commandLine
}

/// An example that help shows. Those of meta commands that `runs` are run by the tests as they stand.
struct Example {
    let text: String
    let explanation: String
    let runs: Bool

    init(_ text: String, _ explanation: String, runs: Bool = true) {
        self.text = text
        self.explanation = explanation
        self.runs = runs
    }
}

extension Signature {
    var takesText: Bool { false }
    var allFlags: [any AnyFlag] { flags + commonFlags }

    /// The command as it is typed, e.g. `.cluster [NAME|ID] [--wait]`; of many options help says more.
    var usage: String {
        let options = flags.count > 4 ? ["[OPTIONS]"] : flags.map { "[\($0.usage)]" }
        return ([title] + arguments.map(\.usage) + options).joined(separator: " ")
    }
}

extension UsageError {
    /// A call that does not fit a command; the hint says where to read more.
    @MainActor init(_ message: String, _ signature: any Signature) { self.init(message, hint: signature.hint) }
}
