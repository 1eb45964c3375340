import Text

/// Reads the running text of a block.
nonisolated struct MarkdownInlines {
    private let text: [Character]
    private var at = 0
    private var found: [Markdown.Inline] = []
    private var run = ""
    private var traits: Set<Markdown.Inline.Trait>
    private let target: String?
    /// Marks for which nothing closes any more: not searched for again, which would take long.
    private var open: Set<String> = []

    private init(_ text: [Character], _ traits: Set<Markdown.Inline.Trait>, _ target: String?) {
        self.text = text
        self.traits = traits
        self.target = target
    }

    static func read(_ text: String) -> [Markdown.Inline] { read(Array(text), [], nil) }

    private static func read(
        _ text: [Character], _ traits: Set<Markdown.Inline.Trait>, _ target: String?
    ) -> [Markdown.Inline] {
        var reader = MarkdownInlines(text, traits, target)
        reader.read()
        return reader.found
    }

    private static let escapable = Set("\\`*_{}[]()<>#+-.!|~\"'$%&,/:;=?@^")

    private mutating func read() {
        while at < text.count {
            let character = text[at]
            if character == "\\", at + 1 < text.count, Self.escapable.contains(text[at + 1]) {
                run.append(text[at + 1])
                at += 2
            } else if !(special(character)) {
                run.append(character)
                at += 1
            }
        }
        flush()
    }

    private mutating func special(_ character: Character) -> Bool {
        switch character {
        case "`": code()
        case "*", "_", "~": emphasis(character)
        case "[": link(from: at, isPicture: false)
        case "!": at + 1 < text.count && text[at + 1] == "[" && link(from: at + 1, isPicture: true)
        case "<": tag()
        case "&": entity()
        default: false
        }
    }

    private mutating func flush() {
        if !run.isEmpty { found.append(.init(text: run, traits: traits, target: target)) }
        run = ""
    }

    private mutating func add(_ inlines: [Markdown.Inline]) {
        flush()
        found += inlines
    }

    /// Where the character is next, outside of code and not escaped.
    private func index(of characters: [Character], from start: Int) -> Int? {
        var index = start
        while index + characters.count <= text.count {
            if text[index] == "\\" {
                index += 2
                continue
            }
            if text[index] == "`", characters.first != "`" {
                let count = text[index...].prefix { $0 == "`" }.count
                if let end = closing(index + count, count) {
                    index = end + count
                    continue
                }
            }
            if characters.indices.allSatisfy({ text[index + $0] == characters[$0] }) { return index }
            index += 1
        }
        return nil
    }

    /// Where a run of just so many backticks begins.
    private func closing(_ start: Int, _ count: Int) -> Int? {
        var index = start
        while index < text.count {
            guard text[index] == "`" else {
                index += 1
                continue
            }
            let length = text[index...].prefix { $0 == "`" }.count
            if length == count { return index }
            index += length
        }
        return nil
    }

    private mutating func code() -> Bool {
        let count = text[at...].prefix { $0 == "`" }.count
        guard let end = closing(at + count, count) else {
            run += String(repeating: "`", count: count)
            at += count
            return true
        }
        var code = String(text[at + count..<end])
        if code.count > 2, code.hasPrefix(" "), code.hasSuffix(" "), code.contains(where: { $0 != " " }) {
            code = String(code.dropFirst().dropLast())
        }
        add([.init(text: code, traits: traits.union([.code]), target: target)])
        at = end + count
        return true
    }

    private mutating func emphasis(_ mark: Character) -> Bool {
        let count = min(3, text[at...].prefix { $0 == mark }.count)
        if mark == "~", count != 2 { return false }
        let before = at > 0 ? text[at - 1] : " "
        let start = at + count
        guard start < text.count, !text[start].isWhitespace else { return false }
        // An underscore within a word is a part of it: snake_case.
        if mark == "_", before.isLetter || before.isNumber { return false }
        let delimiter = Array(repeating: mark, count: count)
        guard !open.contains(String(delimiter)) else { return false }
        var from = start
        while let end = index(of: delimiter, from: from) {
            let after = end + count < text.count ? text[end + count] : " "
            let isWithinWord = mark == "_" && (after.isLetter || after.isNumber)
            if end > start, !text[end - 1].isWhitespace, !isWithinWord, after != mark || count == 3 {
                let added: Set<Markdown.Inline.Trait> =
                    mark == "~" ? [.struck] : count == 1 ? [.italic] : count == 2 ? [.bold] : [.bold, .italic]
                add(Self.read(Array(text[start..<end]), traits.union(added), target))
                at = end + count
                return true
            }
            from = end + (after == mark ? text[end...].prefix { $0 == mark }.count : count)
        }
        open.insert(String(delimiter))
        return false
    }

    /// `[text](target "title")`, with brackets in pairs within the text.
    private mutating func link(from start: Int, isPicture: Bool) -> Bool {
        guard !open.contains("[") else { return false }
        var depth = 0
        var index = start
        while index < text.count {
            switch text[index] {
            case "\\": index += 1
            case "[": depth += 1
            case "]": depth -= 1
            default: break
            }
            if depth == 0 { break }
            index += 1
        }
        if index >= text.count, !text[start...].contains("]") { open.insert("[") }
        guard index + 1 < text.count, text[index + 1] == "(",
            let end = balancedEnd(from: index + 2) ?? self.index(of: [")"], from: index + 2),
            target == nil || isPicture
        else { return false }
        let words = String(text[index + 2..<end]).split(separator: " ")
        let leads = words.first.map { String($0.drop { $0 == "<" }.prefix { $0 != ">" }) } ?? ""
        let label = Array(text[start + 1..<index])
        if isPicture {
            add([.init(text: String(label), traits: traits, target: leads, isPicture: true)])
        } else {
            add(Self.read(label, traits, leads))
        }
        at = end + 1
        return true
    }

    /// Where the parenthesis before `start` is closed: addresses may have balanced ones in them.
    private func balancedEnd(from start: Int) -> Int? {
        var depth = 1
        // No address is longer, and text that opens them again and again costs no more than it must.
        for index in start..<min(text.count, start + 2000) {
            switch text[index] {
            case "\\", "`", "\n": return nil
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            if depth == 0 { return index }
        }
        return nil
    }

    /// An address in angle brackets is a link; HTML is left out, but its line breaks.
    private mutating func tag() -> Bool {
        guard !open.contains("<") else { return false }
        guard let end = text[at...].firstIndex(of: ">"), at + 1 < end else {
            open.insert("<")
            return false
        }
        let inside = String(text[at + 1..<end])
        if inside.hasPrefix("http://") || inside.hasPrefix("https://"), !inside.contains(" ") {
            add([.init(text: inside, traits: traits, target: inside)])
        } else if let first = inside.first, first.isLetter || first == "/" || first == "!",
            first != "/" || inside.count > 1
        {
            let name = inside.lowercased().prefix { $0.isLetter }
            if name == "br" { run.append("\n") }
        } else {
            return false
        }
        at = end + 1
        return true
    }

    private static let entities: [String: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "nbsp": "\u{A0}", "copy": "©", "mdash": "—", "ndash": "–",
        "hellip": "…", "rarr": "→", "larr": "←", "times": "×", "le": "≤", "ge": "≥", "ne": "≠",
    ]

    private mutating func entity() -> Bool {
        let name = String(text[(at + 1)...].prefix(8).prefix { $0 != ";" })
        guard at + 1 + name.count < text.count, text[at + 1 + name.count] == ";", let meant = Self.entities[name] else {
            return false
        }
        run.append(meant)
        at += name.count + 2
        return true
    }
}
