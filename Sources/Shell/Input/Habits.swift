import Databricks
import Text

/// What people type from habit at other prompts (psql, the shells of SQLite and DuckDB, IPython, bash), and what it means here.
/// Only for what is typed: in a script it would be a mistake.
nonisolated struct Habits: Sendable {
    enum Meaning: Equatable, Sendable {
        /// It stands for this text.
        case text(String)
        /// There is nothing like it here; what to type instead.
        case advice(String)
    }

    /// What the words that turn something on and off begin from.
    struct State: Sendable {
        /// Results are drawn vertically.
        var isVertical = false
        var showsTiming = false
    }

    /// Words without a dot, and the line that each stands for.
    var words: [String: String] = [:]
    /// Names of the meta commands, and of the topics of `.help`.
    var commands: Set<String> = []
    var topics: Set<String> = []

    /// What a whole text means, when that is not what it says.
    func meaning(of text: String, in language: Language, _ state: State) -> Meaning? {
        let line = text.trimmingBlanks()
        if line.hasPrefix("%%") { return magic(line) }
        guard !line.isEmpty, !line.contains("\n") else { return nil }
        if let command = words[Self.key(line)] { return .text(command) }
        let name = line.prefix { !$0.isWhitespace }
        let rest = String(line.dropFirst(name.count)).trimmingBlanks()
        switch line.first {
        case "\\" where line.count > 1: return backslash(name.dropFirst(), rest, state)
        case "!" where line.count > 1: return .text(".sh " + line.dropFirst().drop { $0 == " " })
        case ".":
            return commands.contains(name.dropFirst().lowercased()) ? nil : dotted(name.dropFirst().lowercased(), rest)
        case "%" where language != .python && ["%timeit", "%time"].contains(name.lowercased()):
            return .advice("\(name) is Python's: .timing on says how long each cell took")
        default: return question(line, language)
        }
    }

    /// Whether it turned something on or off, which nothing on the screen shows.
    static func isSwitch(_ text: String) -> Bool { ["\\x", "\\timing"].contains(text.trimmingBlanks()) }

    /// Whether a line inside an open statement looks as if it was meant for dbsh.
    func looksLikeCommand(_ line: String) -> Bool {
        let line = line.trimmingBlanks()
        if words[Self.key(line)] != nil { return true }
        guard let first = line.first, first == "." || first == "\\" else { return false }
        let name = line.dropFirst().prefix { $0.isLetter }.lowercased()
        return first == "\\" ? Self.backslashes.contains(name) : commands.contains(name)
    }

    /// Without the `;` that ends everything else.
    private static func key(_ line: String) -> String {
        var key = line.lowercased()[...]
        while key.last == ";" || key.last?.isWhitespace == true { key.removeLast() }
        return String(key)
    }

    /// IPython's cell magics have two signs.
    private func magic(_ text: String) -> Meaning? {
        let name = text.dropFirst(2).prefix { $0.isLetter }.lowercased()
        switch name {
        case "sql", "python", "scala", "r", "md", "sh", "fs", "pip", "run": return .text(String(text.dropFirst()))
        case "bash": return .text("%sh" + text.dropFirst(6))
        case "timeit", "time": return .advice("%%\(name) is Python's: .timing on says how long each cell took")
        default: return nil
        }
    }

    private static let backslashes: Set<String> = [
        "q", "d", "dt", "dv", "dn", "l", "x", "timing", "e", "i", "o", "c", "copy", "s", "echo", "set", "g", "h",
    ]

    /// psql's commands (its manual, "Meta-Commands").
    private func backslash(_ name: Substring, _ rest: String, _ state: State) -> Meaning? {
        func command(_ name: String) -> Meaning { .text(rest.isEmpty ? "." + name : ".\(name) \(rest)") }
        switch name {
        case "?", "h", "help": return .text(".help")
        case "d", "d+": return rest.isEmpty ? .text(".tables") : command("describe")
        case "dt", "dt+", "dv", "dm", "dtv": return command("tables")
        case "dn", "dn+": return .text(".schemas")
        case "l", "l+", "list": return .text(".catalogs")
        case "df": return .text("show functions;")
        case "c", "connect": return rest.isEmpty ? .text(".status") : command("use")
        case "conninfo": return .text(".status")
        case "x": return .text(rest == "off" || rest.isEmpty && state.isVertical ? ".mode box" : ".mode vertical")
        case "timing": return .text(".timing " + (rest.isEmpty ? state.showsTiming ? "off" : "on" : rest))
        case "e", "edit": return command("edit")
        case "i", "ir", "include": return command("read")
        case "o", "out": return command("output")
        case "s": return .text(".history")
        case "echo", "cd": return command(String(name))
        case "watch": return command("watch")
        case "!": return command("sh")
        case "copy":
            return .advice(".import FILE TABLE fills a table from a file, .export FILE writes the last result")
        case "set": return .advice(".param NAME = VALUE sets a parameter: :NAME in SQL, ${NAME} in commands")
        case "pset", "a", "t", "H", "f": return .advice(".mode says how results are drawn, .null what stands for NULL")
        case "g", "gx": return .advice("; runs a statement, \\G shows its result vertically")
        default: return .advice("there is no \\\(name) here: .help lists the commands")
        }
    }

    /// The dot commands of SQLite's and DuckDB's shells that have another name here.
    private func dotted(_ name: String, _ rest: String) -> Meaning? {
        func command(_ name: String) -> Meaning { .text(rest.isEmpty ? "." + name : ".\(name) \(rest)") }
        switch name {
        case "schema": return rest.isEmpty ? .text(".tables") : .text("show create table \(rest)\\G")
        case "databases": return .text(".catalogs")
        case "timer": return command("timing")
        case "maxrows": return command("rows")
        case "maxwidth": return command("width")
        case "nullvalue": return command("null")
        case "shell", "system": return command("sh")
        case "print": return command("echo")
        case "columns", "indexes": return command("describe")
        case "open": return .advice(".connect HOST|PROFILE opens another workspace, .use another catalog or schema")
        case "headers", "header":
            return .advice("results always have their header; .mode says how they are drawn")
        case "separator": return .advice(".mode csv and .mode tsv separate by commas and tabs")
        case "dump": return .advice(".export FILE writes the last result, show create table T; says how T is made")
        default: return nil
        }
    }

    /// IPython's `?name` and `name?`.
    private func question(_ line: String, _ language: Language) -> Meaning? {
        let name: Substring
        if line.first == "?" {
            name = line.drop { $0 == "?" }.drop { $0 == " " }
        } else if line.last == "?" {
            name = line.dropLast(line.reversed().prefix { $0 == "?" }.count)
        } else {
            return nil
        }
        let plain = name.first == "." ? name.dropFirst() : name
        guard !plain.isEmpty, plain.allSatisfy({ $0.isLetter || $0.isNumber || "._%".contains($0) }) else { return nil }
        let word = plain.lowercased()
        if commands.contains(word) || topics.contains(word) { return .text(".help \(word)") }
        switch language {
        case .sql: return .text("describe function extended \(plain)\\G")
        case .python: return .text("help(\(plain))")
        case .r: return .text("print(help(\"\(plain)\"))")
        case .scala: return nil
        }
    }
}
