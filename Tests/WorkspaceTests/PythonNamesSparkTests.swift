import Support
import Testing

/// Names of a live Python context, as Tab shows them, and that looking for them runs nothing of the user's.
@Suite(.enabled(if: SparkEngine.installation != nil, "no engine is installed"), .timeLimit(.minutes(5)))
struct PythonNamesSparkTests {
    /// Everything that Python would call to show, compare or look into an object tells on it.
    private static let traps = """
        calls = []
        class Trap:
            def __init__(self): self.plain = 1
            @property
            def lazy(self): calls.append('lazy'); return self
            def __getattr__(self, name): calls.append(name); raise AttributeError(name)
            def __dir__(self): calls.append('dir'); return []
            def __repr__(self): calls.append('repr'); return ''
            def __call__(self, what, how=2): calls.append('call')
            def method(self, first, *, third='x'): calls.append('method'); return self
        class Proxy:
            @property
            def __class__(self): calls.append('class'); return Trap
            @property
            def __dict__(self): calls.append('dict'); return {}
            def __getattribute__(self, name): calls.append(name); return object.__getattribute__(self, name)
            def real(self): calls.append('real')
        trap, proxy = Trap(), Proxy()
        df = spark.range(3).selectExpr('id as order_id', 'id * 2 as amount')
        calls.clear()

        """

    @Test func namesComeFromTheContextAndNothingRuns() async throws {
        let shell = try TerminalSparkTests.open(["--local", "--ephemeral", "-l", "python"])
        try await shell.wait(for: "the prompt") { $0.cursorLine == "python @local>" }
        try shell.home.write(Self.traps, to: "traps.py")
        shell.send("%run ./traps.py\r")
        try await shell.wait(for: "the cell to end") { screen in
            screen.cursorLine == "python @local>" && screen.lines.contains { $0.hasSuffix("%run ./traps.py") }
        }
        for (typed, completed) in [
            ("trap.pl", "trap.plain"), ("trap.la", "trap.lazy"), ("trap.meth", "trap.method"),
            ("trap.method(th", "trap.method(third="), ("trap(wha", "trap(what="), ("Trap.meth", "Trap.method"),
            ("prox", "proxy"), ("proxy.re", "proxy.real"), ("trap.lazy.pl", "trap.lazy.pl"),
            ("trap.method(1).pl", "trap.method(1).pl"), ("df.order_", "df.order_id"), ("df[\"am", "df[\"amount\"]"),
            ("df.select('am", "df.select('amount'"), ("df[['order_", "df[['order_id'"),
            ("df.withColumnRen", "df.withColumnRenamed"),
            ("df.withColumnRenamed(exis", "df.withColumnRenamed(existing="),
            ("df.limit(1).withColumnRen", "df.limit(1).withColumnRenamed"), ("import json.dec", "import json.decoder"),
            ("from json import dum", "from json import dump"),
            ("spark.table(\"samples.nyc", "spark.table(\"samples.nyctaxi"),
        ] {
            // The key behind Tab shows that it has been answered.
            shell.send(typed + "\t")
            try await shell.wait(for: "\(typed), completed") { screen in
                screen.cursorLine.hasPrefix("python @local> " + completed)
                    && !screen.lines[screen.row + 1].hasPrefix("…")
            }
            shell.send("\u{3}\u{0C}")
            try await shell.wait(for: "an empty line") { $0.cursorLine == "python @local>" }
        }
        shell.send("print('ran:', calls)\r")
        try await shell.wait(for: "what has run") { screen in
            screen.cursorLine == "python @local>" && screen.lines.contains { $0.hasPrefix("ran:") }
        }
        #expect(shell.screen.lines.contains("ran: []"), "\(shell.screen.text)")
        shell.send("?len\r")
        try await shell.wait(for: "help") { screen in
            screen.lines.contains { $0.contains("Return the number of items in a container.") }
        }
        shell.send("q")
        try await shell.wait(for: "the prompt") { $0.cursorLine.hasPrefix("python @local>") }
        shell.send("\u{3}.quit\r")
        #expect(try await shell.exitStatus() == 0)
    }
}
