import Text

/// The words of a command, sorted: options with what stands behind them, and the rest. The one reader of options.
struct SortedWords {
    /// An option as it was typed.
    struct Option {
        let flag: any AnyFlag
        let value: String?
        let place: Int
    }

    /// A word that is no option.
    struct Plain {
        let text: String
        let place: Int
        /// It stands behind `--`.
        let isForced: Bool
    }

    private(set) var options: [Option] = []
    private(set) var plain: [Plain] = []
    /// The option whose value is still missing: words that are being typed may end there.
    private(set) var open: (any AnyFlag)?
    /// A `--` was there: no word after it is an option.
    private(set) var optionsEnded = false

    private let signature: any Signature
    private let flags: [any AnyFlag]
    /// Words that are being typed, or of a command that is not known yet: what does not fit is passed over.
    private let isLenient: Bool
    private var all: [String]
    private var next = 0

    /// - Parameter others: options to be known besides those of the signature.
    /// - Throws: `UsageError` for an option that is none, or that lacks its value; not when lenient.
    init(
        _ words: [String], for signature: any Signature, knowing others: [any AnyFlag] = [], isLenient: Bool = false
    ) throws {
        self.signature = signature
        self.isLenient = isLenient
        flags = signature.allFlags + others
        all = words
        if signature.takesText {
            if !words.isEmpty { plain = [Plain(text: words.joined(separator: " "), place: 0, isForced: true)] }
            return
        }
        while next < all.count {
            let place = next
            let word = all[next]
            next += 1
            if optionsEnded || word == "-" || !word.hasPrefix("-") {
                add(word, place)
            } else if word == "--" {
                optionsEnded = true
            } else if word.hasPrefix("--") {
                try long(word, place)
            } else {
                try short(word, place)
            }
        }
    }

    func has(_ flag: any AnyFlag) -> Bool { options.contains { $0.flag.name == flag.name } }

    private mutating func add(_ word: String, _ place: Int) {
        plain.append(Plain(text: word, place: place, isForced: optionsEnded))
    }

    /// `--name`, `--name=value`, `--name value`.
    private mutating func long(_ word: String, _ place: Int) throws {
        let name = String(word.prefix { $0 != "=" })
        guard let flag = flags.first(where: { $0.name == name }) else {
            return takesAnyText ? add(word, place) : try unknown(name)
        }
        let inline = word.count > name.count ? String(word.dropFirst(name.count + 1)) : nil
        if inline != nil, flag.label == nil {
            if isLenient { return }
            throw UsageError("\(name) takes no value", signature)
        }
        try take(flag, as: name, inline, place)
    }

    /// `-q`, `-qX` (two options), `-mcsv` (one that takes a value takes the rest).
    private mutating func short(_ word: String, _ place: Int) throws {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            let name = "-\(letter)"
            guard let flag = flags.first(where: { $0.short == name }) else {
                if signature.place == .prompt, letters.count == word.count - 2 { return add(word, place) }
                try unknown(name)
                continue
            }
            let takesRest = flag.label != nil && !letters.isEmpty
            try take(flag, as: name, takesRest ? String(letters) : nil, place)
            if takesRest { return }
        }
    }

    private mutating func take(_ flag: any AnyFlag, as name: String, _ inline: String?, _ place: Int) throws {
        var value = inline
        if value == nil, let label = flag.label {
            let mayFollow =
                !flag.valueIsOptional
                || (plain.count >= signature.arguments.count && next < all.count && !all[next].hasPrefix("-"))
            if mayFollow, next < all.count {
                value = all[next]
                next += 1
            } else if !flag.valueIsOptional {
                open = flag
                if isLenient { return }
                throw UsageError("\(name) needs \(label)", signature)
            }
        }
        options.append(Option(flag: flag, value: value, place: place))
    }

    /// A command of the prompt that has no options but takes text: `--- loading ---` is text.
    private var takesAnyText: Bool {
        let last = signature.arguments.last
        return signature.place == .prompt && signature.flags.isEmpty
            && (last is Argument<[String]> || last is Argument<OneOrMore<String>>)
    }

    private func unknown(_ name: String) throws {
        if isLenient { return }
        let names = flags.filter { !$0.isHidden }.map(\.name)
        let near = name.hasPrefix("--") ? Spelling.nearest(to: name, among: names).first : nil
        throw UsageError(
            "\(name) is not an option of \(signature.title)", hint: near.map { "did you mean \($0)?" } ?? signature.hint
        )
    }
}
