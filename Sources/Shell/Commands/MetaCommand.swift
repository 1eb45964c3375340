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
    case jobs = "Background jobs"
    case results = "Results"
    case scripts = "Scripts"
    case raw = "Raw requests"
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
        flags: [Flag] = [], details: String = "", examples: [Example] = [], takesText: Bool = false,
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

    /// The command as it is typed, e.g. `.cluster [NAME|ID] [--wait]`.
    var usage: String {
        (["." + name] + arguments.map(\.usage) + flags.map { "[\($0.usage)]" }).joined(separator: " ")
    }
}

/// An option of a command that starts with `--`: present or not, or with a value after it; some have a short form (`-q`).
struct Flag {
    let name: String
    let short: String?
    let value: String?
    let help: String
    /// May be given more than once.
    let repeats: Bool
    /// The value may be left out; it is looked for after all arguments only, or behind a `=`.
    let valueIsOptional: Bool

    init(
        _ name: String, short: String? = nil, value: String? = nil, repeats: Bool = false,
        valueIsOptional: Bool = false,
        _ help: String
    ) {
        self.name = name
        self.short = short
        self.value = value
        self.help = help
        self.repeats = repeats
        self.valueIsOptional = valueIsOptional
    }

    var usage: String {
        let names = [short, name].compactMap(\.self).joined(separator: "|")
        guard let value else { return names }
        return names + (valueIsOptional ? " [\(value)]" : " \(value)") + (repeats ? "…" : "")
    }

    /// Every command takes it.
    static let debug = Flag("--debug", "show the requests of this command, without secrets")
}

/// A meta command as typed: its words matched to the arguments of its spec.
struct Call {
    let spec: CommandSpec
    private let matched: [String: [String]]
    private let flags: [String: [String]]

    /// - Throws: `UsageError` for a word that no argument takes, a missing argument, or a value that its type refuses.
    init(_ spec: CommandSpec, words: [String]) throws {
        self.spec = spec
        var positional: [String] = []
        var flags: [String: [String]] = [:]
        var rest = (spec.takesText && !words.isEmpty ? [words.joined(separator: " ")] : words)[...]
        var onlyPositional = spec.takesText
        while let word = rest.popFirst() {
            if word == "--", !onlyPositional {
                onlyPositional = true
            } else if !onlyPositional, let (flag, inline) = try Self.flag(word, spec) {
                let value = try Self.value(
                    of: flag, inline, &rest, spec, hasAllArguments: positional.count >= spec.arguments.count)
                if !flag.repeats, flags[flag.name] != nil {
                    throw UsageError("\(flag.name) is there twice", spec)
                }
                flags[flag.name, default: []].append(value)
            } else {
                positional.append(word)
            }
        }
        matched = try Self.match(positional, spec)
        self.flags = flags
    }

    /// The flag that a word is, with what stands behind its `=`; nil when it is no flag.
    private static func flag(_ word: String, _ spec: CommandSpec) throws -> (Flag, inline: String?)? {
        let all = spec.flags + [.debug]
        if word.hasPrefix("--") {
            let name = String(word.prefix { $0 != "=" })
            guard let flag = all.first(where: { $0.name == name }) else {
                let near = Spelling.nearest(to: name, among: all.map(\.name)).first
                throw UsageError(
                    "\(name) is not an option of .\(spec.name)" + (near.map { "; did you mean \($0)?" } ?? ""), spec)
            }
            return (flag, word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil)
        }
        guard word.count >= 2, let flag = all.first(where: { $0.short == String(word.prefix(2)) }) else { return nil }
        return (flag, word.count > 2 ? String(word.dropFirst(2)) : nil)
    }

    private static func value(
        of flag: Flag, _ inline: String?, _ rest: inout ArraySlice<String>, _ spec: CommandSpec, hasAllArguments: Bool
    ) throws -> String {
        guard let label = flag.value else {
            if inline != nil { throw UsageError("\(flag.name) takes no value", spec) }
            return ""
        }
        if let inline { return inline }
        if flag.valueIsOptional {
            guard hasAllArguments, let next = rest.first, !next.hasPrefix("-") else { return "" }
        }
        guard let value = rest.popFirst() else { throw UsageError("\(flag.name) needs \(label)", spec) }
        return value
    }

    private static func match(_ positional: [String], _ spec: CommandSpec) throws -> [String: [String]] {
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
        return matched
    }

    /// The typed value of one of the command's arguments.
    func callAsFunction<Value>(_ argument: Argument<Value>) throws -> Value {
        var words = (matched[argument.label] ?? [])[...]
        do { return try Value.read(&words, argument.label) } catch let failure as ArgumentFailure {
            throw UsageError(failure.message, spec)
        }
    }

    func has(_ flag: Flag) -> Bool { flags[flag.name] != nil }

    func value(_ flag: Flag) -> String? { flags[flag.name]?.last }

    /// Every value of a flag that may be given more than once, in order.
    func values(_ flag: Flag) -> [String] { flags[flag.name] ?? [] }

    /// The value of a flag as a whole number.
    /// - Throws: `UsageError` when it is none.
    func number(_ flag: Flag) throws -> Int? {
        guard let text = value(flag) else { return nil }
        guard let number = Int(text), number >= 0 else {
            throw UsageError("\(flag.name) needs a whole number, not “\(text)”", spec)
        }
        return number
    }
}
