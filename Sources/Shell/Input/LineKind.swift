import Databricks
import Text

/// What a line is by its first characters: a separator, a meta command, a magic, or code.
nonisolated enum LineKind: Equatable {
    case separator
    case meta(name: String)
    case magic(name: String)
    case code

    /// Looks at the line that starts at `at`. `indented` also accepts meta commands and magics after blanks, as at a prompt.
    static func of(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int, indented: Bool) -> LineKind {
        var index = at
        if indented { while index < limit, bytes[index].isBlank { index += 1 } }
        guard index + 1 < limit else { return .code }
        switch bytes[index] {
        case .dot where bytes[index + 1].isLetter:
            return .meta(name: word(bytes, at: index + 1, limit: limit))
        case .percent where bytes[index + 1].isLetter:
            return .magic(name: word(bytes, at: index + 1, limit: limit))
        case .hash, .minus, .slash:
            return isSeparator(bytes, at: index, limit: limit) ? .separator : .code
        default:
            return .code
        }
    }

    /// `# %%`, `-- %%`, `// %%` and `# COMMAND ----------` (with `--` and `//` too), in column 0; also behind the backslashes
    /// that make it text.
    static func isSeparator(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int) -> Bool {
        var index = at
        while index < limit, bytes[index] == .backslash { index += 1 }
        guard index < limit else { return false }
        switch bytes[index] {
        case .hash: index += 1
        case .minus where index + 1 < limit && bytes[index + 1] == .minus: index += 2
        case .slash where index + 1 < limit && bytes[index + 1] == .slash: index += 2
        default: return false
        }
        while index < limit, bytes[index] == .space { index += 1 }
        return matches(bytes, at: index, limit: limit, "%%")
            || matches(bytes, at: index, limit: limit, "COMMAND ----------")
    }

    private static func matches(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int, _ text: StaticString) -> Bool
    {
        text.withUTF8Buffer { wanted in
            at + wanted.count <= limit && wanted.indices.allSatisfy { bytes[at + $0] == wanted[$0] }
        }
    }

    private static func word(_ bytes: UnsafeBufferPointer<UInt8>, at: Int, limit: Int) -> String {
        var end = at
        while end < limit, bytes[end].isWordPart || bytes[end] == .minus { end += 1 }
        return String(decoding: bytes[at..<end], as: UTF8.self).lowercased()
    }
}

/// The magics that dbsh knows. Any other `%name` in Python is IPython's; elsewhere it is an error.
nonisolated enum Magic: Equatable {
    /// `%sql`, `%python` or `%py`, `%scala`, `%r`: the language of one cell.
    case language(Language)
    /// `%md`, and `%md-sandbox`, whose HTML a notebook's page shows apart from its own.
    case note
    /// `%skip`: the cell is switched off.
    case skip
    case run
    /// `%sh`: on its own line, the cell is a shell script.
    case shell
    /// `%pip`, `%fs` and others of one line, which the cluster's Python takes.
    case cluster

    /// Every name, as it is typed.
    static let names = [
        "%sql", "%python", "%scala", "%r", "%md", "%run", "%pip", "%sh", "%fs", "%skip", "%conda", "%uv",
        "%restart_python",
    ]

    /// Whether what stands behind `%sh` on its line is nothing but options, so that the script comes below it.
    static func opensShell(_ rest: some Collection<UInt8>) -> Bool {
        rest.split { $0.isBlank || $0 == .newline }.allSatisfy { $0.first == .minus }
    }

    init?(name: String) {
        switch name {
        case "sql", "python", "py", "scala", "r": self = .language(Language(name: name)!)
        case "md", "md-sandbox": self = .note
        case "skip": self = .skip
        case "run": self = .run
        case "sh": self = .shell
        case "pip", "fs", "conda", "uv", "restart_python": self = .cluster
        default: return nil
        }
    }
}
