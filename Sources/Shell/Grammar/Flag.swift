/// An option without its type, as a signature lists it.
protocol AnyFlag {
    /// With both dashes.
    var name: String { get }
    /// A dash and a letter.
    var short: String? { get }
    /// What stands for the value in usage; nil when it takes none.
    var label: String? { get }
    var help: String { get }
    /// May be given more than once, every time with a value of its own.
    var repeats: Bool { get }
    /// The value may be left out; it is looked for after all arguments only, or behind a `=`.
    var valueIsOptional: Bool { get }
    var candidates: CandidateSource { get }
    /// Neither in help nor in the manual: another option says what it does.
    var isHidden: Bool { get }
    /// Reads one use of it.
    /// - Throws: `ArgumentFailure`, `UsageError`.
    func occurrence(_ word: String?, at place: Int) throws -> any AnyOccurrence
}

extension AnyFlag {
    /// As usage shows it, e.g. `-q|--query NAME=VALUE…`.
    var usage: String {
        let names = [short, name].compactMap(\.self).joined(separator: "|")
        guard let label else { return names }
        return names + (valueIsOptional ? " [\(label)]" : " \(label)") + (repeats ? "…" : "")
    }
}

/// What an option is for who asks: `Bool` whether it is there, `T?` its last value, `[T]` all its values in order.
protocol FlagValue {
    /// What one use of it means.
    associatedtype Use
    static var repeats: Bool { get }
    static func value(of uses: [Use]) -> Self
}

extension Bool: FlagValue {
    static var repeats: Bool { false }
    static func value(of uses: [Bool]) -> Bool { uses.last ?? false }
}

extension Optional: FlagValue {
    static var repeats: Bool { false }
    static func value(of uses: [Wrapped]) -> Wrapped? { uses.last }
}

extension Array: FlagValue {
    static var repeats: Bool { true }
    static func value(of uses: [Element]) -> [Element] { uses }
}

/// An option: `Flag("--all", …)` is present or not, `Flag<Int?>` has a value, `Flag<[String]>` may be repeated, and the value
/// of a `Flag<String??>` may be left out. `call[flag]` is its value.
struct Flag<Value: FlagValue>: AnyFlag {
    let name: String
    let short: String?
    let label: String?
    let help: String
    let valueIsOptional: Bool
    let candidates: CandidateSource
    let isHidden: Bool
    private let read: (_ word: String?) throws -> Value.Use

    var repeats: Bool { Value.repeats }

    func occurrence(_ word: String?, at place: Int) throws -> any AnyOccurrence {
        Occurrence(value: try read(word), place: place)
    }

    /// An option whose value is read by its type.
    init(
        _ name: String, short: String? = nil, value label: String, _ help: String, from source: CandidateSource? = nil,
        isHidden: Bool = false
    ) where Value.Use: ArgumentValue {
        self.init(
            name, short: short, value: label, help, from: source ?? Value.Use.candidates,
            isOptional: Value.Use.isOptional, isHidden: isHidden
        ) { try Value.Use.read(word: $0, name) }
    }

    /// An option whose value is read in its own way.
    init(
        _ name: String, short: String? = nil, value label: String?, _ help: String,
        from source: CandidateSource = .none,
        isOptional: Bool = false, isHidden: Bool = false, reading read: @escaping (_ word: String?) throws -> Value.Use
    ) {
        self.name = name
        self.short = short
        self.label = label
        self.help = help
        valueIsOptional = isOptional
        candidates = source
        self.isHidden = isHidden
        self.read = read
    }

    /// An option without a value that always means the same.
    init(_ name: String, short: String? = nil, means value: Value.Use, _ help: String, isHidden: Bool = false) {
        self.init(name, short: short, value: nil, help, isHidden: isHidden) { _ in value }
    }
}

extension Flag where Value == Bool {
    /// An option that is there or not.
    init(_ name: String, short: String? = nil, _ help: String) { self.init(name, short: short, means: true, help) }
}

extension Flag where Value.Use == Int {
    /// A number with bounds.
    init(
        _ name: String, short: String? = nil, value label: String, within range: ClosedRange<Int>, _ help: String
    ) {
        self.init(name, short: short, value: label, help) { try Int.read(word: $0, name, within: range) }
    }
}
