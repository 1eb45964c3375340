/// Names as SQL text that means exactly them (Databricks SQL: delimited identifiers).
nonisolated enum SQLName {
    /// One name.
    static func quoted(_ name: String) -> String { "`" + name.replacing("`", with: "``") + "`" }

    /// Several parts of one name.
    static func quoted(_ parts: [String]) -> String { parts.map { quoted($0) }.joined(separator: ".") }

    /// A name with dots between its parts. Parts that are quoted already stay as they are.
    static func quoted(path: String) -> String { path.contains("`") ? path : quoted(parts(of: path)) }

    /// The parts of a name as it is typed: between dots, those in backticks without them.
    static func parts(of path: String) -> [String] {
        var parts = [""]
        var isQuoted = false
        var characters = path[...]
        while let character = characters.popFirst() {
            if character == "`", isQuoted, characters.first == "`" {
                characters.removeFirst()
                parts[parts.count - 1].append("`")
            } else if character == "`" {
                isQuoted.toggle()
            } else if character == ".", !isQuoted {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts
    }
}
