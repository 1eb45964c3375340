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
    case jobs = "Background jobs"
    case results = "Results"
    case scripts = "Scripts"
    case general = "General"
}

/// A command's signature and help: everything said about it is said here, once.
struct CommandSpec {
    /// An example that `.help NAME` shows. Those that `runs` are run by the tests as they stand.
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

    let name: String
    let section: CommandSection
    /// One line, in the imperative, without a full stop.
    let summary: String
    let arguments: [any AnyArgument]
    let flags: [Flag]
    /// Further prose for `.help NAME`.
    let details: String
    let examples: [Example]
    /// Its first argument is the rest of the line as it stands: no words, no quotes, no `${NAME}`.
    let takesText: Bool
    /// The command waits for nothing: it is run as it is, without arrangements to stop it.
    let isImmediate: Bool

    init(
        _ name: String, in section: CommandSection, _ summary: String, takes arguments: [any AnyArgument] = [],
        flags: [Flag] = [], details: String = "", examples: [Example] = [], takesText: Bool = false,
        isImmediate: Bool = false
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
    }

    /// The command as it is typed, e.g. `.cluster [NAME|ID] [--wait]`.
    var usage: String {
        (["." + name] + arguments.map(\.usage) + flags.map { "[\($0.usage)]" }).joined(separator: " ")
    }
}

/// An option of a command that starts with `--`: present or not, or with a value after it.
struct Flag {
    let name: String
    let value: String?
    let help: String

    init(_ name: String, value: String? = nil, _ help: String) {
        self.name = name
        self.value = value
        self.help = help
    }

    var usage: String { value.map { "\(name) \($0)" } ?? name }
}

/// A meta command as typed: its words matched to the arguments of its spec.
struct Call {
    let spec: CommandSpec
    private let matched: [String: [String]]
    private let flags: [String: String]

    /// - Throws: `UsageError` for a word that no argument takes, a missing argument, or a value that its type refuses.
    init(_ spec: CommandSpec, words: [String]) throws {
        self.spec = spec
        var positional: [String] = []
        var flags: [String: String] = [:]
        var rest = (spec.takesText && !words.isEmpty ? [words.joined(separator: " ")] : words)[...]
        var onlyPositional = spec.takesText
        while let word = rest.popFirst() {
            if word == "--", !onlyPositional {
                onlyPositional = true
            } else if !onlyPositional, word.hasPrefix("--") {
                let name = String(word.prefix { $0 != "=" })
                guard let flag = spec.flags.first(where: { $0.name == name }) else {
                    throw UsageError("\(name) is not an option of .\(spec.name)", spec)
                }
                let inline = word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil
                guard flag.value != nil else {
                    if inline != nil { throw UsageError("\(name) takes no value", spec) }
                    flags[name] = ""
                    continue
                }
                guard let value = inline ?? rest.popFirst() else {
                    throw UsageError("\(name) needs \(flag.value ?? "a value")", spec)
                }
                flags[name] = value
            } else {
                positional.append(word)
            }
        }
        var words = positional[...]
        var matched: [String: [String]] = [:]
        for argument in spec.arguments {
            let before = words
            do { try argument.check(&words) } catch let failure as ArgumentFailure {
                throw UsageError(failure.message, spec)
            }
            matched[argument.label] = Array(before.prefix(before.count - words.count))
        }
        if let extra = words.first { throw UsageError("“\(extra)” is one word too many", spec) }
        self.matched = matched
        self.flags = flags
    }

    /// A call of a command that takes the rest of its line as it stands.
    /// - Throws: `UsageError` when there is none.
    init(_ spec: CommandSpec, text: String) throws {
        self.spec = spec
        flags = [:]
        guard let argument = spec.arguments.first, !text.isEmpty else {
            throw UsageError("\(spec.arguments.first?.label ?? "text") is missing", spec)
        }
        matched = [argument.label: [text]]
    }

    /// The typed value of one of the command's arguments.
    func callAsFunction<Value>(_ argument: Argument<Value>) throws -> Value {
        var words = (matched[argument.label] ?? [])[...]
        do { return try Value.read(&words, argument.label) } catch let failure as ArgumentFailure {
            throw UsageError(failure.message, spec)
        }
    }

    func has(_ flag: Flag) -> Bool { flags[flag.name] != nil }

    func value(_ flag: Flag) -> String? { flags[flag.name] }
}
