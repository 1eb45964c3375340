import Glibc
import LocalWorkspace
import Support
import Testing

/// `--session NAME` with Python on this machine, which is in a process of its own then, and outlives dbsh.
@Suite(.timeLimit(.minutes(10))) struct ConnectKeptSparkTests {
    private let home: ScratchDirectory

    init() throws { home = try ScratchDirectory() }

    private func dbsh(_ arguments: String, _ environment: [String: String]) async throws -> ShellCommand.Result {
        try await ShellCommand("dbsh \(arguments)", in: home.path, environment: environment).run()
    }

    /// The process that keeps Python, as `dbsh sessions` names it.
    private func keeper(_ environment: [String: String]) async throws -> Int32 {
        let listing = try await dbsh("sessions -m json", environment)
        let number = listing.output.firstRange(of: #""python":""#).map { listing.output[$0.upperBound...] } ?? ""
        return try #require(Int32(number.prefix(while: \.isNumber)), "\(listing.output)")
    }

    /// Returns once nothing of a session is left here: no process has this test's home.
    private func nothingIsLeft() async throws {
        while !Processes.mentioning(home.path).isEmpty { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// For a test that fails on its way.
    private func killWhatIsLeft() {
        for process in Processes.mentioning(home.path) { kill(process, SIGKILL) }
    }

    private func running(of session: String, _ environment: [String: String]) async throws -> Int? {
        let command = "-q -c '.api GET /2.0/dbsh/connect/operations' | grep -c '\(session)'"
        return Int(try await dbsh(command, environment).output.filter(\.isNumber))
    }

    @Test func variablesAndViewsOutliveDbsh() async throws {
        let environment = try await ServedWorkspace.shared().environment
        defer { killWhatIsLeft() }
        let first = try await dbsh(
            "--serverless --session a -l python -c 'x = 20' -c 'spark.range(3).createOrReplaceTempView(\"v\")'",
            environment)
        #expect(first.status == 0, "\(first.errors)")
        let process = try await keeper(environment)
        // The place where code runs is the session's, too.
        let second = try await dbsh(
            "--session a -c 'x + spark.table(\"v\").count()' -c '.status' -m vertical", environment)
        #expect(second.output.hasPrefix("23\n"), "\(second.errors)")
        #expect(second.output.contains(" on this machine in process \(process), which stays, Spark on serverless"))
        #expect(second.output.contains("compute, session "), "\(second.output)")
        // No secret is where others see it.
        let token = try #require(environment["DATABRICKS_TOKEN"])
        let record = try #require(readFile("\(home.path)/.local/state/dbsh/sessions/kept/a.json"))
        let arguments = try #require(readFile("/proc/\(process)/cmdline"))
        #expect(!record.contains(token) && !arguments.contains(token))
        var status = stat()
        #expect(stat("\(home.path)/.local/state/dbsh/sessions/kept/a.json", &status) == 0 && status.st_mode & 0o77 == 0)
        // Each place has variables of its own, and what the command line says wins.
        let elsewhere = try await dbsh("--session a -c '.cluster local' -c 'x = 0' -c 'x'", environment)
        #expect(elsewhere.output == "0\n", "\(elsewhere.errors)")
        #expect(try await dbsh("--session a --serverless -c 'x'", environment).output == "20\n")
        let forgotten = try await dbsh("-c '.session forget a'", environment)
        #expect(forgotten.status == 0, "\(forgotten.errors)")
        try await nothingIsLeft()
    }

    /// Said as a cluster's lost context is.
    @Test func aKilledPythonStopsAScriptBeforeItBegins() async throws {
        let environment = try await ServedWorkspace.shared().environment
        defer { killWhatIsLeft() }
        #expect(try await dbsh("--serverless --session a -l python -c 'x = 1'", environment).status == 0)
        kill(try await keeper(environment), SIGKILL)
        try await nothingIsLeft()
        for _ in 1...2 {
            let lost = try await dbsh("--session a -c 'print(x)'", environment)
            #expect(lost.status == 1 && lost.output.isEmpty, "\(lost.errors)")
            #expect(lost.errors.contains("session a: the context is lost: Python on this machine has ended"))
            #expect(lost.errors.contains("--new-if-lost goes on without its variables"))
        }
        let renewed = try await dbsh("--session a --new-if-lost -c 'x = 2; print(x)'", environment)
        #expect(renewed.status == 0 && renewed.output == "2\n", "\(renewed.errors)")
        #expect(renewed.errors.contains("the next cell makes a new one, without its variables"))
        #expect(try await dbsh("--session a -c 'x + 1'", environment).output == "3\n")
        #expect(try await dbsh("-c '.session forget a'", environment).status == 0)
        try await nothingIsLeft()
    }

    /// What runs then is stopped where Spark is, and the dbsh that waits for it is told.
    @Test func aSignalReleasesSparksSession() async throws {
        let environment = try await ServedWorkspace.shared().environment
        defer { killWhatIsLeft() }
        let opened = try await dbsh(
            "--serverless --session a -l python -c 'spark.range(1).count(); print(spark.session_id)'", environment)
        let session = opened.output.filter { !$0.isWhitespace }
        #expect(session.count == 36, "\(opened.errors)")
        let work = """
            spark.range(0, 100000000000, 1, 4).selectExpr("(id ^ 7) % 5 as x").filter("x = 3").count()
            """
        async let waiting = dbsh("--session a -c '\(work)'", environment)
        while try await running(of: session, environment) == 0 {}
        kill(try await keeper(environment), SIGTERM)
        while try await running(of: session, environment) != 0 {}
        let told = try await waiting
        #expect(told.status == 1 && told.errors.contains("Python on this machine has ended"), "\(told.errors)")
        try await nothingIsLeft()
    }

    /// A killed dbsh leaves its session to the next one. Without `--session` nothing stays.
    @Test func aKilledDbshLeavesIt() async throws {
        let environment = try await ServedWorkspace.shared().environment
        defer { killWhatIsLeft() }
        let line = "--serverless -l python -c 'x = 5' -c '.sh kill -9 $PPID'"
        _ = try await dbsh(line, environment)
        try await nothingIsLeft()
        _ = try await dbsh("--session a " + line, environment)
        #expect(try await dbsh("--session a -c 'x'", environment).output == "5\n")
        // What is forgotten while it is used ends with dbsh.
        #expect(try await dbsh("--session a -c '.session forget' -c 'x'", environment).output == "5\n")
        try await nothingIsLeft()
    }

    /// The process signs by itself, when nobody else is there.
    @Test func itSignsWithNewTokens() async throws {
        let own = try await OwnWorkspace { $0.accessTokenLifetime = .seconds(5) }
        let environment = own.environment(signingInAs: .servicePrincipal)
        defer { killWhatIsLeft() }
        #expect(
            try await dbsh("--serverless --session a -l python -c 'spark.range(1).count()'", environment).output
                == "1\n")
        // Longer than a token is good for.
        let later = try await dbsh(
            "--session a -c 'import time; time.sleep(6); spark.range(2).count()' -c 'spark.range(3).count()'",
            environment)
        #expect(later.output == "2\n3\n", "\(later.errors)")
        #expect(try await dbsh("-c '.session forget a'", environment).status == 0)
        try await nothingIsLeft()
        await own.workspace.stop()
    }
}
