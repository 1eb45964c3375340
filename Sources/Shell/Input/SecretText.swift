import Text

/// Tells text that holds a secret, so that it is not kept in the history.
nonisolated enum SecretText {
    /// Names that a value after `=`, `:` or `=>` makes a secret of, as the ends of longer names too.
    private static let names = [
        "password", "passwd", "pwd", "passphrase", "secret", "token", "apikey", "api_key", "access_key", "accesskey",
        "account_key", "accountkey", "private_key", "privatekey", "client_secret", "secret_key", "secretkey",
        "credential",
    ]
    /// Words after which a quoted text is one: `PASSWORD 'x'`, `IDENTIFIED BY 'x'`.
    private static let words = ["password ", "identified by ", "bearer ", "basic "]
    /// Beginnings of tokens and how many letters and digits follow at least: Databricks' personal, OAuth and service
    /// tokens, and those of the clouds and code hosts.
    private static let tokens = [
        ("dapi", 32), ("dose", 32), ("dkea", 32), ("dsapi", 32), ("akia", 16), ("asia", 16), ("ghp_", 30), ("gho_", 30),
        ("github_pat_", 30), ("xoxb-", 20), ("sk-", 30), ("eyj", 60),
    ]

    /// Whether it seems to: in doubt yes, for a line that is not remembered is a small loss.
    static func isIn(_ text: String) -> Bool {
        let lower = Array(text.lowercased().utf8)
        if find("-----begin", in: lower, from: 0) != nil, find("private key", in: lower, from: 0) != nil { return true }
        for (prefix, count) in tokens {
            var at = 0
            while let found = find(prefix, in: lower, from: at) {
                let follows = lower[(found + prefix.utf8.count)...].prefix {
                    $0.isWordPart || $0 == .minus || $0 == .dot
                }
                let isStart = found == 0 || !lower[found - 1].isWordPart
                if isStart, follows.count >= count { return true }
                at = found + 1
            }
        }
        return names.contains { hasValue(after: $0, in: lower) } || words.contains { hasQuoted(after: $0, in: lower) }
    }

    /// `name = value`, `"name": "value"`, `name => 'value'`; not `name = :parameter`, `${NAME}` or a call that reads it.
    private static func hasValue(after name: String, in text: [UInt8]) -> Bool {
        var at = 0
        while let found = find(name, in: text, from: at) {
            at = found + 1
            var next = found + name.utf8.count
            while next < text.count, [.quote, .doubleQuote, .backtick, .blank, UInt8(ascii: "]")].contains(text[next]) {
                next += 1
            }
            guard next < text.count, [UInt8(ascii: "="), UInt8(ascii: ":")].contains(text[next]) else { continue }
            while next < text.count,
                [UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ">"), .blank].contains(text[next])
            {
                // `= :name` is a parameter; `: ` of JSON is followed by something else.
                if text[next] == UInt8(ascii: ":"), next + 1 < text.count, text[next + 1].isWordStart,
                    text[next - 1] == .blank
                {
                    break
                }
                next += 1
            }
            guard next < text.count else { continue }
            let rest = text[next...]
            let isReference =
                rest.first == UInt8(ascii: ":") || rest.first == UInt8(ascii: "$")
                || rest.starts(with: Array("dbutils.secrets".utf8))
                || rest.starts(with: Array("secret(".utf8)) || rest.starts(with: Array("os.environ".utf8))
                || rest.starts(with: Array("getpass".utf8))
            if !isReference, rest.first != .newline { return true }
        }
        return false
    }

    private static func hasQuoted(after word: String, in text: [UInt8]) -> Bool {
        var at = 0
        while let found = find(word, in: text, from: at) {
            at = found + 1
            let rest = text[(found + word.utf8.count)...]
            if rest.first == .quote || rest.first == .doubleQuote { return true }
            if word == "bearer ", rest.prefix(while: { $0.isWordPart }).count >= 16 { return true }
        }
        return false
    }

    private static func find(_ word: String, in text: [UInt8], from: Int) -> Int? {
        let word = Array(word.utf8)
        guard text.count >= word.count, from <= text.count - word.count else { return nil }
        return (from...(text.count - word.count)).first {
            text[$0] == word[0] && text[$0..<$0 + word.count].elementsEqual(word)
        }
    }
}

extension UInt8 {
    nonisolated fileprivate static let blank = UInt8(ascii: " ")
}
