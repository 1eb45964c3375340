import Text

/// What could stand at the cursor in Python, judged by the text before it.
nonisolated struct PythonPlace: Equatable {
    enum Expectation: Equatable {
        /// A name of the session, of Python or a keyword; within the brackets of a call also the call's keyword arguments.
        case name(call: String?)
        /// An attribute of what the expression is.
        case attribute(of: String)
        /// A column of what the expression is: `df["…`, `df.select("…`.
        case column(of: String)
        /// A module in this package; at the top when empty.
        case module(in: String)
        /// Something that the module has.
        case member(of: String)
        /// The name of a table in a string.
        case table
        /// SQL in a string.
        case sql
        case nothing
    }

    let expectation: Expectation
    /// Where what is typed begins, in the text's UTF-8; of a table's name, or SQL, where the string begins.
    let start: Int
    let typed: String
    /// What a name in a string is followed by when it is the last: the quote, and the bracket if nothing else can stand in it.
    let closing: String

    /// - Parameter text: up to the cursor, without the cell's magic.
    init(_ text: String) {
        let bytes = Array(text.utf8)
        var start = bytes.count
        while start > 0, Self.isWord(bytes[start - 1]) { start -= 1 }
        let scan = Scan(bytes)
        if let quote = scan.string {
            let place = Self.inString(bytes, quote: quote.start, brackets: scan.open)
            self.start = place.isWhole ? quote.end : max(start, quote.end)
            typed = String(decoding: bytes[self.start...], as: UTF8.self)
            expectation = place.expectation
            let mark = String(decoding: bytes[quote.start..<quote.end], as: UTF8.self)
            closing = place.isWhole && place.expectation != .sql ? mark + place.bracket : ""
            return
        }
        self.start = start
        closing = ""
        typed = String(decoding: bytes[start...], as: UTF8.self)
        let line = String(decoding: bytes[(bytes.lastIndex(of: .newline).map { $0 + 1 } ?? 0)...], as: UTF8.self)
        if scan.isComment || typed.first?.isNumber == true {
            expectation = .nothing
        } else if let imported = Self.imported(line) {
            expectation = imported
        } else if start > 0, bytes[start - 1] == .dot {
            let expression = Self.expression(in: bytes, endingAt: start - 1)
            expectation = expression.isEmpty ? .nothing : .attribute(of: expression)
        } else {
            let bracket = scan.open.last.flatMap { bytes[$0] == .leftParenthesis ? $0 : nil }
            let call = bracket.map { Self.expression(in: bytes, endingAt: $0) }
            expectation = .name(call: call?.isEmpty == false && Self.isArgument(bytes, start) ? call : nil)
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool { byte.isWordPart || byte >= 0x80 }

    /// Whether an argument begins at `start`: behind a comma or the bracket.
    private static func isArgument(_ bytes: [UInt8], _ start: Int) -> Bool {
        let before = bytes[..<start].last { !$0.isBlank && $0 != .newline }
        return before == .leftParenthesis || before == UInt8(ascii: ",")
    }

    // MARK: Strings

    private static let tableCalls: Set<String> = [
        "table", "saveAsTable", "insertInto", "tableExists", "refreshTable", "cacheTable",
    ]
    /// Methods of a DataFrame that take names of its columns.
    private static let columnCalls: Set<String> = [
        "select", "groupBy", "groupby", "orderBy", "sort", "sort_values", "drop", "dropDuplicates", "drop_duplicates",
        "agg", "withColumn", "withColumnRenamed", "partitionBy", "sum", "avg", "min", "max", "mean", "count", "pivot",
        "cube", "rollup", "set_index", "describe", "summary",
    ]
    /// Those that take an expression.
    private static let conditionCalls: Set<String> = ["filter", "where", "selectExpr", "expr", "query"]

    /// - Returns: what the string holds, whether that is all it holds, and the bracket that closes behind it.
    private static func inString(
        _ bytes: [UInt8], quote: Int, brackets: [Int]
    ) -> (expectation: Expectation, isWhole: Bool, bracket: String) {
        let nothing = (expectation: Expectation.nothing, isWhole: false, bracket: "")
        guard let bracket = brackets.last else { return nothing }
        if bytes[bracket] == UInt8(ascii: "[") {
            // df["a"], and df[["a", "b"]]
            var open = bracket
            var before = expression(in: bytes, endingAt: open)
            if before.isEmpty, brackets.count > 1, brackets[brackets.count - 2] == bracket - 1 {
                open = bracket - 1
                before = expression(in: bytes, endingAt: open)
            }
            return before.isEmpty ? nothing : (.column(of: before), true, open == bracket ? "]" : "")
        }
        let call = expression(in: bytes, endingAt: bracket)
        let name = call.split(separator: ".").last.map(String.init) ?? ""
        let isFirst = bytes[bracket + 1..<quote].allSatisfy { $0.isBlank || $0 == .newline || $0.isLetter }
        if tableCalls.contains(name) { return isFirst ? (.table, true, name == "table" ? ")" : "") : nothing }
        if name == "sql" { return isFirst ? (.sql, true, "") : nothing }
        guard call.count > name.count else { return nothing }
        let frame = Expectation.column(of: String(call.dropLast(name.count + 1)))
        if columnCalls.contains(name) { return (frame, true, "") }
        return conditionCalls.contains(name) ? (frame, false, "") : nothing
    }

    // MARK: Imports

    private static func imported(_ line: String) -> Expectation? {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard let first = words.first, first == "import" || first == "from", line.contains(" ") else { return nil }
        func package(_ path: Substring) -> String { path.lastIndex(of: ".").map { String(path[..<$0]) } ?? "" }
        if first == "import" {
            let rest = line.drop { $0 == " " }.dropFirst("import".count)
            let part = rest.split(separator: ",", omittingEmptySubsequences: false).last ?? ""
            let names = part.split(separator: " ", omittingEmptySubsequences: true)
            if names.count > 1 || names.count == 1 && part.last == " " { return .nothing }
            return .module(in: package(names.first ?? ""))
        }
        if let keyword = words.dropFirst(2).first {
            let isDone = words.count > 3 || line.hasSuffix(" ") || line.hasSuffix("(")
            return keyword == "import" && isDone || keyword == "import(" ? .member(of: String(words[1])) : .nothing
        }
        if words.count == 2, line.hasSuffix(" ") { return .nothing }
        return .module(in: words.count > 1 ? package(words[1]) : "")
    }

    // MARK: Expressions

    /// The operand that ends before an index: names, dots, and brackets with what is in them.
    static func expression(in bytes: [UInt8], endingAt end: Int) -> String {
        var at = end
        while at > 0 {
            let byte = bytes[at - 1]
            if isWord(byte) || byte == .dot {
                at -= 1
            } else if byte == .rightParenthesis || byte == UInt8(ascii: "]"), at == end || isBehindOperand(bytes, at) {
                guard let open = opening(bytes, at - 1), open > 0,
                    isWord(bytes[open - 1]) || bytes[open - 1] == .rightParenthesis
                        || bytes[open - 1] == UInt8(ascii: "]")
                else { return "" }
                at = open
            } else {
                break
            }
        }
        let text = String(decoding: bytes[at..<end], as: UTF8.self)
        return text.first.map { $0.isNumber || $0 == "." } ?? true ? "" : keywords.contains(text) ? "" : text
    }

    private static let keywords: Set<String> = [
        "and", "as", "assert", "await", "del", "elif", "else", "except", "for", "from", "if", "import", "in", "is",
        "lambda", "not",
        "or", "raise", "return", "while", "with", "yield",
    ]

    /// What follows at `at` goes on with the operand: a dot or another bracket.
    private static func isBehindOperand(_ bytes: [UInt8], _ at: Int) -> Bool {
        at < bytes.count && (bytes[at] == .dot || bytes[at] == .leftParenthesis || bytes[at] == UInt8(ascii: "["))
    }

    /// The bracket that closes at `close`; strings in between are passed over.
    private static func opening(_ bytes: [UInt8], _ close: Int) -> Int? {
        var depth = 0
        var at = close
        while at >= 0 {
            switch bytes[at] {
            case .rightParenthesis, UInt8(ascii: "]"), UInt8(ascii: "}"): depth += 1
            case .leftParenthesis, UInt8(ascii: "["), UInt8(ascii: "{"):
                depth -= 1
                if depth == 0 { return at }
            case .quote, .doubleQuote:
                let quote = bytes[at]
                at -= 1
                while at >= 0, bytes[at] != quote { at -= 1 }
            default: break
            }
            at -= 1
        }
        return nil
    }

    /// What is open at the end of a text.
    private struct Scan {
        /// The string that is open: where its quote begins, and where its text does.
        var string: (start: Int, end: Int)?
        var isComment = false
        /// The brackets that are open.
        var open: [Int] = []

        init(_ bytes: [UInt8]) {
            var at = 0
            while at < bytes.count {
                switch bytes[at] {
                case .hash:
                    guard let end = bytes[at...].firstIndex(of: .newline) else {
                        isComment = true
                        return
                    }
                    at = end
                case .quote, .doubleQuote:
                    guard let end = endOfString(bytes, at) else { return }
                    at = end
                    continue
                case .leftParenthesis, UInt8(ascii: "["), UInt8(ascii: "{"): open.append(at)
                case .rightParenthesis, UInt8(ascii: "]"), UInt8(ascii: "}"): _ = open.popLast()
                default: break
                }
                at += 1
            }
        }

        private mutating func endOfString(_ bytes: [UInt8], _ start: Int) -> Int? {
            let quote = bytes[start]
            let isTriple = start + 2 < bytes.count && bytes[start + 1] == quote && bytes[start + 2] == quote
            let count = isTriple ? 3 : 1
            var at = start + count
            while at < bytes.count {
                if bytes[at] == .backslash {
                    at += 2
                    continue
                }
                if !isTriple, bytes[at] == .newline { return at }
                if bytes[at] == quote,
                    !isTriple || at + 2 < bytes.count && bytes[at + 1] == quote && bytes[at + 2] == quote
                {
                    return at + count
                }
                at += 1
            }
            string = (start, start + count)
            return nil
        }
    }
}
