import Databricks
import Text

/// Tells the line editor whether Enter should run what has been typed, by reading it as a script would.
nonisolated package enum CellCompleteness {
    /// What is open at the end of `text`; nil when it can run. `language` is the language of plain cells.
    package static func open(
        in text: String, language: Language, commands: Set<String>, rules: CellReader.Rules = .script
    ) -> OpenConstruct? {
        var reader = CellReader(language: language, commands: commands, rules: rules)
        reader.append(Array(text.utf8))
        reader.append(CollectionOfOne(UInt8.newline))
        while reader.next() != nil {}
        return reader.open
    }

    /// The indentation that the next line starts with: Python's last line, one step deeper after an opener of a block.
    package static func indentation(after text: String, language: Language) -> String {
        guard language == .python, let last = text.split(separator: "\n", omittingEmptySubsequences: false).last else {
            return ""
        }
        let indent = last.prefix { $0 == " " || $0 == "\t" }
        let code = last.reversed().drop { $0 == " " }
        let first = last.dropFirst(indent.count).prefix { $0.isLetter }
        if code.first == ":" { return indent + "    " }
        let leaves = ["return", "pass", "break", "continue", "raise"].contains(String(first))
        return leaves && indent.count >= 4 ? String(indent.dropLast(4)) : String(indent)
    }
}
