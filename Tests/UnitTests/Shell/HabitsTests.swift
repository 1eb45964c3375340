import Databricks
import Testing

@testable import Shell

/// What is typed from habit at other prompts does the thing, or says what to type instead.
@MainActor @Suite struct HabitsTests {
    private static let habits = Habits(
        words: Registry.habits, commands: Registry.names, topics: Set(Topic.all.map(\.name)))

    private static func meaning(_ text: String, _ language: Language = .sql, _ state: Habits.State = .init()) -> String?
    {
        switch habits.meaning(of: text, in: language, state) {
        case .text(let text): text
        case .advice(let words): "(\(words))"
        case nil: nil
        }
    }

    @Test(
        arguments: [
            // psql
            ("\\d", ".tables"), ("\\d orders", ".describe orders"), ("\\dt", ".tables"), ("\\dt sal*", ".tables sal*"),
            ("\\l", ".catalogs"), ("\\dn", ".schemas"), ("\\x", ".mode vertical"), ("\\x off", ".mode box"),
            ("\\timing", ".timing on"), ("\\timing off", ".timing off"), ("\\e", ".edit"), ("\\i a.sql", ".read a.sql"),
            ("\\o", ".output"), ("\\o f.csv", ".output f.csv"), ("\\?", ".help"), ("\\q", ".quit"), ("\\q;", ".quit"),
            ("\\c main", ".use main"), ("\\! ls -l", ".sh ls -l"), ("\\watch 2", ".watch 2"),
            // SQLite, DuckDB
            (".schema", ".tables"), (".schema t", "show create table t\\G"), (".timer on", ".timing on"),
            (".maxrows 5", ".rows 5"), (".databases", ".catalogs"), (".nullvalue -", ".null -"),
            // bash, MySQL
            ("!ls", ".sh ls"), ("! ls", ".sh ls"), ("exit;", ".quit"), ("QUIT ;", ".quit"), ("help;", ".help"),
            ("exit", ".quit"), ("?", ".help"),
            // IPython
            ("%%sql\nselect 1;", "%sql\nselect 1;"), ("%%bash\nls", "%sh\nls"), ("?mode", ".help mode"),
            ("mode?", ".help mode"), ("?.mode", ".help mode"), ("keys??", ".help keys"),
            ("substr?", "describe function extended substr\\G"),
        ])
    func doesTheThing(_ typed: String, _ meant: String) throws {
        #expect(Self.meaning(typed) == meant)
        // What it stands for is there.
        if meant.hasPrefix(".") {
            let words = meant.dropFirst().split(separator: " ").map(String.init)
            let spec = try Registry.command(named: words[0]).spec
            _ = try Call(spec, words: Array(words.dropFirst()))
        }
    }

    @Test(arguments: [
        "\\copy t to 'f'", "\\set a 1", "\\pset format csv", "\\nosuch", ".headers on", ".dump",
        "%timeit 1 + 1", "%%timeit\nf()",
    ])
    func saysWhatToType(_ typed: String) throws {
        let advice = try #require(Self.meaning(typed))
        #expect(advice.hasPrefix("(") && !advice.contains("\n"))
        // The commands that it names are there.
        for match in advice.matches(of: /\.([a-z]+)/) { _ = try Registry.command(named: String(match.1)) }
    }

    @Test(arguments: [
        "select 1;", "select ?;", "\\", ".quit", ".nosuch", "select 1\nexit", "", "a b?", "%sql select 1;", "!",
        "x = 1", "%%nosuch",
    ])
    func leavesOthersAlone(_ typed: String) { #expect(Self.meaning(typed) == nil) }

    @Test func dependsOnWhereItIsTyped() {
        #expect(Self.meaning("len?", .python) == "help(len)")
        #expect(Self.meaning("%timeit f()", .python) == nil)
        #expect(Self.meaning("\\x", .sql, .init(isVertical: true)) == ".mode box")
        #expect(Self.meaning("\\timing", .sql, .init(showsTiming: true)) == ".timing off")
    }

    @Test func commandsWithinAStatementAreNoticed() {
        let input = InputLanguage()
        input.set(Self.habits)
        #expect(input.remark(on: "select 1\n.quit") == "a statement is open: ; runs it, Ctrl-C drops it")
        #expect(input.remark(on: "select 1\nexit;") == "a statement is open: ; runs it, Ctrl-C drops it")
        #expect(input.remark(on: "select 1\n  .help mode") != nil)
        #expect(input.remark(on: "select 'a\n\\q")?.hasPrefix("a text in ' is open") == true)
        for text in ["select 1\n.5", "select 1\nfrom t", "select 1;\n.quit", ".quit", "select a\n.b"] {
            #expect(input.remark(on: text) == nil)
        }
        input.set(.python)
        #expect(
            input.remark(on: "def f():\n    x = 1\nexit") == "a block is open: an empty line runs it, Ctrl-C drops it")
    }
}
