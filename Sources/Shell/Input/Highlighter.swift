import Databricks
import SQL
import Terminal
import Text

/// Colours what is being typed: keywords, strings, numbers and comments, in colours that read on light and dark.
nonisolated enum Highlighter {
    /// A part of the text that looks different from the rest.
    enum Kind: String, CaseIterable {
        case keyword, string, number, comment, command

        var style: Style {
            switch self {
            case .keyword: "1;34"
            case .string: "32"
            case .number: "35"
            case .comment: .dim
            case .command: "1;36"
            }
        }
    }

    struct Part: Equatable {
        /// Offsets into the text's UTF-8.
        let range: Range<Int>
        let kind: Kind

        init(_ range: Range<Int>, _ kind: Kind) {
            self.range = range
            self.kind = kind
        }
    }

    /// Spans as offsets into the text's UTF-8, in ascending order.
    static func spans(in text: String, language: Language) -> [Span] {
        parts(of: text, language: language).map { Span($0.range, $0.kind.style) }
    }

    /// In ascending order. A cell may begin with its magic.
    static func parts(of text: String, language: Language) -> [Part] {
        let bytes = Array(text.utf8)
        var language = language
        var from = 0
        while from < bytes.count, bytes[from].isBlank || bytes[from] == .newline { from += 1 }
        var parts: [Part] = []
        if from + 1 < bytes.count, bytes[from] == .dot || bytes[from] == .percent, bytes[from + 1].isLetter {
            var end = from + 1
            while end < bytes.count, bytes[end].isWordPart { end += 1 }
            parts.append(Part(from..<end, .command))
            let word = String(decoding: bytes[from + 1..<end], as: UTF8.self)
            guard bytes[from] == .percent, let chosen = Language(name: word) else { return parts }
            language = chosen
            from = end
        }
        if language == .sql { scanSQL(bytes, from, &parts) } else { scan(bytes, from, language, &parts) }
        return parts
    }

    private static func scanSQL(_ bytes: [UInt8], _ from: Int, _ parts: inout [Part]) {
        let text = SQLText(Array(bytes[from...]))
        for token in text.tokens {
            let kind: Kind? =
                switch token.kind {
                case .word: text.keyword(token).map(Keywords.common.contains) == true ? .keyword : nil
                case .string, .name: .string
                case .number: .number
                case .comment: .comment
                case .symbol: nil
                }
            if let kind { parts.append(Part(token.range.lowerBound + from..<token.range.upperBound + from, kind)) }
        }
    }

    private static func scan(_ bytes: [UInt8], _ from: Int, _ language: Language, _ parts: inout [Part]) {
        let words = KeywordLists.words(of: language)
        var at = from
        while at < bytes.count {
            let byte = bytes[at]
            let start = at
            if isComment(bytes, at, language) {
                while at < bytes.count, bytes[at] != .newline { at += 1 }
                parts.append(Part(start..<at, .comment))
            } else if byte == .quote || byte == .doubleQuote || byte == .backtick && language != .python {
                at = endOfString(bytes, at, language)
                parts.append(Part(start..<at, .string))
            } else if byte.isDigit {
                while at < bytes.count, bytes[at].isWordPart || bytes[at] == .dot { at += 1 }
                parts.append(Part(start..<at, .number))
            } else if byte.isWordStart {
                while at < bytes.count, bytes[at].isWordPart { at += 1 }
                let word = String(decoding: bytes[start..<at], as: UTF8.self)
                if words.contains(word) {
                    parts.append(Part(start..<at, .keyword))
                }
            } else {
                at += 1
            }
        }
    }

    private static func isComment(_ bytes: [UInt8], _ at: Int, _ language: Language) -> Bool {
        switch language {
        case .python, .r: bytes[at] == .hash
        case .sql: false  // SQL's own lexer finds them
        case .scala: bytes[at] == .slash && at + 1 < bytes.count && bytes[at + 1] == .slash
        }
    }

    private static func endOfString(_ bytes: [UInt8], _ at: Int, _ language: Language) -> Int {
        let quote = bytes[at]
        let isTriple = at + 2 < bytes.count && bytes[at + 1] == quote && bytes[at + 2] == quote
        var index = at + (isTriple ? 3 : 1)
        while index < bytes.count {
            if bytes[index] == .backslash, quote != .backtick {
                index += 2
            } else if bytes[index] == quote {
                if !isTriple { return index + 1 }
                if index + 2 < bytes.count, bytes[index + 1] == quote, bytes[index + 2] == quote { return index + 3 }
                index += 1
            } else if bytes[index] == .newline, !isTriple, language == .python {
                return index
            } else {
                index += 1
            }
        }
        return bytes.count
    }
}

/// The keywords that are coloured.
nonisolated enum KeywordLists {
    static func words(of language: Language) -> Set<String> {
        switch language {
        case .sql: Keywords.common
        case .python: python
        case .scala: scala
        case .r: r
        }
    }

    private static let python: Set<String> = words(
        """
        False None True and as assert async await break class continue def del elif else except finally for from global \
        if import in is lambda match nonlocal not or pass raise return try while with yield
        """)
    private static let scala: Set<String> = words(
        """
        abstract case catch class def do else extends false final finally for given if implicit import lazy match new \
        null object override package private protected return sealed super this throw trait true try type val var while \
        with yield
        """)
    private static let r: Set<String> = words(
        "if else repeat while function for in next break TRUE FALSE NULL Inf NaN NA library require")

    private static func words(_ list: String) -> Set<String> { Set(list.split(separator: " ").map(String.init)) }
}
