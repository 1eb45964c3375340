import Databricks
import Glibc
import Results
import Support
import Terminal
import Testing
import Text

@testable import Shell

/// The command line as it is read: one grammar for dbsh and its subcommands.
@MainActor @Suite struct CommandLineTests {
    private static let reader = CommandLineReader(shell: ShellProgram(), subcommands: Subcommands.all)

    /// Nothing is installed, and nothing may be started.
    private static let connect = ConnectService { _ in
        nil
    } start: { _ in
        throw CancellationError()
    }

    private func call(_ arguments: [String]) throws -> Call {
        let reading = try Self.reader.read(arguments)
        return try Call(reading.subcommand.spec, reading.words)
    }

    private func session(_ arguments: [String]) throws -> Session {
        let environment = ShellEnvironment(variables: [:], home: "/nonexistent")
        let maker = try SessionMaker(try call(arguments), environment, connect: Self.connect) { _ in
            throw CancellationError()
        }
        return maker.session(environment, Console(environment: environment, color: .never))
    }

    @Test func stepsKeepTheirOrder() throws {
        let shell = ShellProgram()
        let call = try call(["-c", "select 1", "a.dbsh", "-f", "b.dbsh", "-", "-c2", "--", "-odd.dbsh"])
        #expect(
            call.inOrder([Options.command, Options.file], and: shell.scripts) == [
                .command("select 1"), .file("a.dbsh"), .file("b.dbsh"), .standardInput, .command("2"),
                .file("-odd.dbsh"),
            ])
    }

    @Test func optionsAreReadInEveryForm() throws {
        let arguments = [
            "--profile=dev", "-qX", "-lpython", "-mcsv", "--cluster", "c", "-P", "n:int=4", "-Ps=a=b", "--on-error",
            "continue", "--color=never", "--read-only", "--timing",
        ]
        let call = try call(arguments)
        #expect(call[Options.profile] == "dev")
        #expect(call[Options.noRC] && call[Options.color] == .never)
        let session = try session(arguments)
        #expect(session.settings.isQuiet && session.settings.showsTiming)
        #expect(session.workspace.gate.readOnly == .commandLine)
        #expect(session.language == .python && session.settings.mode == .csv && session.settings.onError == .continue)
        #expect(session.workspace.cluster?.title == "c")
        #expect(
            session.parameters.all == [
                .init(name: "n", type: "INT", value: "4"), .init(name: "s", type: nil, value: "a=b"),
            ])
    }

    @Test(arguments: [["--serverless"], ["--cluster", "serverless"]])
    func serverlessIsAPlaceForCode(_ arguments: [String]) async throws {
        let session = try session(arguments + ["--local"])
        #expect(session.workspace.cluster == .serverless)
        #expect(session.workspace.clusterTitle == "serverless" && session.workspace.codeTitle?.contains("here") == true)
        // SQL shares its session, unless a warehouse was chosen.
        #expect(session.workspace.sqlTarget == .cluster)
        session.workspace.warehouse = Target(reference: "w")
        #expect(session.workspace.sqlTarget == .warehouse)
        session.workspace.warehouseIsDefault = true
        #expect(session.workspace.sqlTarget == .cluster)
    }

    /// What is said twice counts as said last, also in other words.
    @Test func theLaterBeatsTheEarlier() throws {
        #expect(try session(["--json", "-m", "csv"]).settings.mode == .csv)
        #expect(try session(["-m", "csv", "--json"]).settings.mode == .json)
        #expect(try session(["--json", "-m", "auto"]).settings.choosesByWidth)
        #expect(try session(["-P", "n=1", "-P", "n=2"]).parameters.all.map(\.value) == ["2"])
    }

    @Test(arguments: [
        ["--nosuch"], ["-c"], ["--quiet=yes"], ["-l", "cobol"], ["-m", "pdf"], ["-P", "novalue"], ["-P", "=x"],
        ["-P", "a b=1"], ["--on-error", "retry"], ["--color", "blue"], ["-z"], ["-qz"], ["--local", "--host", "h"],
        ["test"], ["test", "-c", "x", "dir"], ["--jobs", "2"], ["test", "--jobs", "0", "dir"], ["verify"],
        ["serve", "--port", "65536"], ["serve", "dir"], ["tset"], ["help", "nosuch"], ["setup"], ["setup", "spark"],
        ["--serverless", "--cluster", "c"], ["--ephemeral", "--host", "h"],
    ])
    func wrongArgumentsExitWith2AndStartNothing(_ arguments: [String]) async throws {
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nowhere) }
        var environment = ShellEnvironment(variables: ["DBSH_LOCAL": "1"], home: "/nonexistent")
        (environment.standardInput, environment.standardOutput, environment.standardError) = (nowhere, nowhere, nowhere)
        let program = Program(environment: environment, connect: Self.connect) { _ in
            Issue.record("a workspace was started")
            throw CancellationError()
        } serveLocal: { _ in
            Issue.record("a server was started")
            return 0
        } describeEngine: { _ in
            ""
        }
        #expect(await program.run(arguments) == 2)
    }

    // MARK: Subcommands

    @Test func optionsStandOnBothSidesOfTheSubcommand() throws {
        let test = TestSubcommand()
        let arguments = ["--ephemeral", "--local", "--jobs", "2", "test", "dir", "--junit", "f.xml", "-m", "json"]
        #expect(try Self.reader.read(arguments).subcommand.spec.name == "test")
        let call = try call(arguments)
        #expect(call[test.paths].values.map(\.path) == ["dir"])
        #expect(call[test.jobs] == 2 && call[test.junit]?.path == "f.xml")
        #expect(call[Options.local] && call[Options.ephemeral] && call[Options.mode]?.format == .json)
    }

    @Test(arguments: [["./test"], ["--", "test"], ["a.dbsh", "test"], ["-c", "test"], ["--profile", "test"]])
    func aWordThatIsNoSubcommand(_ arguments: [String]) throws {
        #expect(try Self.reader.read(arguments).subcommand.spec.name == "")
    }

    @Test func unknownOptionsSayWhatMayBeMeant() {
        func hint(_ arguments: [String]) -> String? { #expect(throws: UsageError.self) { try call(arguments) }?.hint }
        #expect(hint(["--cluter", "x"]) == "did you mean --cluster?")
        #expect(hint(["test", "--juint", "x", "dir"]) == "did you mean --junit?")
        #expect(hint(["--junit", "x"]) == "it is an option of dbsh test")
        #expect(hint(["--xyzzy"]) == "dbsh --help lists the options")
    }

    @Test func scriptsLearnWhetherTheEngineIsNeeded() async throws {
        let nowhere = open("/dev/null", O_RDWR | O_CLOEXEC)
        defer { close(nowhere) }
        var environment = ShellEnvironment(variables: ["DBSH_LOCAL": "1"], home: "/nonexistent")
        (environment.standardInput, environment.standardOutput, environment.standardError) = (nowhere, nowhere, nowhere)
        let program = Program(environment: environment, connect: Self.connect) { _ in
            throw CancellationError()
        } serveLocal: { _ in
            0
        } describeEngine: { _ in
            ""
        }
        for arguments in [[], ["-c", "1"], ["test", "dir"], ["serve"], ["--local"]] {
            #expect(await program.run(["--needs-engine"] + arguments) == 0, "\(arguments)")
        }
        for arguments in [["-pdev"], ["test", "dir", "--host", "h"], ["--version"], ["help"], ["--generate", "man"]] {
            #expect(await program.run(["--needs-engine"] + arguments) == 1, "\(arguments)")
        }
    }

    // MARK: Help

    @Test func everyOptionIsInTheHelpOnce() {
        let help = CommandLineHelp(subcommands: Subcommands.all)
        for spec in [ShellProgram().spec] + Subcommands.all.map(\.spec) {
            let names = spec.flags.flatMap { [$0.short, $0.name].compactMap(\.self) }
            #expect(Set(names).count == names.count)
            let text = Wrapping.fitted(help.text(for: spec), width: 80)
            for flag in spec.flags where !flag.isHidden {
                #expect(
                    text.contains(flag.name) || text.contains(flag.short ?? flag.name), "\(spec.title) \(flag.name)")
            }
            #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(spec.title)")
            // No option takes a secret: it would show in ps.
            #expect(!names.contains { $0.contains("secret") || $0.hasSuffix("-token") || $0 == "--password" })
        }
    }

    // MARK: The manual and completions

    @Test func theManualHasEveryOptionAndSubcommand() throws {
        let specs = Subcommands.all.map(\.spec)
        let lines = ManualPage(program: ShellProgram().spec, subcommands: specs).text.split(separator: "\n")
        for flag in ([ShellProgram().spec] + specs).flatMap({ $0.groups.flatMap(\.flags) }) where !flag.isHidden {
            #expect(lines.contains(".It \(ManualPage.heading(flag))"), "\(flag.name)")
        }
        for spec in specs { #expect(lines.contains(".Cm \(spec.name)")) }
        for code in Report.ExitCode.allCases { #expect(lines.contains(".It \(code.rawValue)")) }
        #expect(lines.allSatisfy { $0.count <= 80 || $0.hasPrefix(".") })
        #expect(ManualPage.heading(Options.onError) == "Fl -on-error Cm stop | continue")
        #expect(ManualPage.heading(Options.profile) == "Fl p , Fl -profile Ar name")
        #expect(ManualPage.prose(".sh runs --x; \\N. then -c") == ["\\&.sh runs \\-\\-x; \\eN.", "then \\-c."])
    }

    @Test(
        arguments: [
            (["--prof"], ["--profile"]), (["--js"], ["--json", "--jsonl"]), (["-m", "json"], ["json", "jsonl"]),
            (["--mode=js"], ["--mode=json", "--mode=jsonl"]), (["te"], ["test", ":files"]),
            (["--local", "ve"], ["verify", ":files"]), (["test", "--ju"], ["--junit"]),
            (["--ephemeral", "test", "--local", "--jo"], ["--jobs"]), (["test", "x", ""], [":files"]),
            (["-p", ""], ["dev", "two words"]), (["--profile=d"], ["--profile=dev"]), (["--param-file=x"], [":files"]),
            (["help", "ser"], ["serve"]), (["help", ".mod"], [".mode"]), (["--", "te"], [":files"]),
            (["-c", "x"], []), (["--color", "a"], ["auto", "always"]), (["serve", "--token-file", ""], [":files"]),
            (["--generat"], []), (["--nosuch", "--prof"], ["--profile"]),
        ] as [([String], [String])])
    func otherShellsCompleteTheCommandLine(_ words: [String], _ candidates: [String]) {
        let completion = CommandLineCompletion(reader: Self.reader) { ["dev", "two words"] }
        let lines = completion.lines(for: words).map { $0.split(separator: "\t")[0] }
        #expect(lines.map(String.init) == candidates)
    }

    /// Before the subcommand is known, an option must be read alike by all that have it.
    @Test func optionsOfTheSameNameAreOfTheSameKind() {
        var takesValue: [String: Bool] = [:]
        for flag in ([ShellProgram().spec] + Subcommands.all.map(\.spec)).flatMap(\.allFlags) {
            #expect(takesValue[flag.name, default: flag.label != nil] == (flag.label != nil), "\(flag.name)")
            takesValue[flag.name] = flag.label != nil
        }
    }

    @Test func examplesAreReadAsTheyStand() throws {
        for spec in [ShellProgram().spec] + Subcommands.all.map(\.spec) {
            for example in spec.examples {
                let words = Array(try Words.split(example.text).dropFirst())
                #expect(throws: Never.self, "\(example.text)") { try call(words) }
            }
        }
    }
}
