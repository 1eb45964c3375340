import Databricks
import Text

/// How the text of a file that is no notebook is read, as its name and its first bytes say.
struct ScriptKind {
    /// The language of its plain cells; nil: the session's.
    let language: Language?
    let rules: CellReader.Rules

    /// - Throws: `UsageError` for what is exported in a form that cannot be run.
    init(name: String, head: [UInt8]) throws {
        let file = name.split(separator: "/").last ?? ""
        let ending = file.split(separator: ".").dropFirst().last?.lowercased()
        let text = String(decoding: head, as: UTF8.self).trimmingBlanks().lowercased()
        let instead = "export it as source (.py, .sql, .scala, .r) or as .ipynb"
        if ending == "dbc" || head.starts(with: Array("PK\u{3}\u{4}".utf8)) {
            throw UsageError("\(name) is an archive, which dbsh does not read", hint: "a notebook: " + instead)
        }
        if ["html", "htm"].contains(ending) || text.hasPrefix("<!doctype html") || text.hasPrefix("<html") {
            throw UsageError("\(name) is a page to look at, not code to run", hint: "a notebook: " + instead)
        }
        switch ending {
        case "py": (language, rules) = (.python, .script)
        case "sql": (language, rules) = (.sql, .statements)
        case "scala", "sc": (language, rules) = (.scala, .program)
        case "r": (language, rules) = (.r, .program)
        default: (language, rules) = (nil, .script)
        }
    }
}
