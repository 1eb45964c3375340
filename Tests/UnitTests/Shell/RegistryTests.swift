import Results
import Testing

@testable import Shell

/// The registry as a whole: what one command alone cannot get wrong.
@MainActor @Suite struct RegistryTests {
    @Test func everyNameAndHabitMeansOneCommand() {
        let names = Registry.specs.map(\.name)
        #expect(Set(names).count == names.count)
        let aliases = Registry.specs.flatMap(\.aliases)
        #expect(Set(names + aliases).count == names.count + aliases.count)
        for spec in Registry.specs {
            for name in [spec.name] + spec.aliases { #expect(Registry.spec(named: name)?.name == spec.name) }
            for word in spec.habits { #expect(Registry.habits[word] == ".\(spec.name)") }
        }
    }

    @Test func everyCommandIsExplained() {
        func words(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
        let overview = words(Help.overview)
        for spec in Registry.specs {
            #expect(!spec.summary.isEmpty && !spec.summary.hasSuffix("."), ".\(spec.name): \(spec.summary)")
            #expect(!spec.examples.isEmpty, ".\(spec.name) has no example")
            #expect(Set(spec.arguments.map(\.label)).count == spec.arguments.count, ".\(spec.name): a label twice")
            // Lines are broken where the window ends.
            #expect(overview.contains(words(spec.summary)), ".\(spec.name)")
            #expect(Help.text(for: spec).hasPrefix(spec.usage))
        }
    }

    @Test func everyExampleIsReadAsTheCommandItIsAnExampleOf() throws {
        for spec in Registry.specs {
            for example in spec.examples {
                guard example.text.hasPrefix(".") else { continue }
                let parts = example.text.split(separator: " ", maxSplits: 1).map(String.init)
                #expect(parts.first == ".\(spec.name)")
                let rest = parts.count > 1 ? parts[1] : ""
                let words = spec.isText(rest) ? [rest] : try Words.split(rest) { _ in "value" }
                #expect(throws: Never.self, "\(example.text)") { try Call(spec, words: words) }
            }
        }
    }

    @Test(arguments: [("hlep", [".help"]), ("clustrs", [".clusters"]), ("m", [".mode"]), ("xyzzy", [])])
    func anUnknownNameSaysWhatMayBeMeant(_ name: String, _ meant: [String]) throws {
        do {
            _ = try Registry.command(named: name)
            Issue.record("\(name) was found")
        } catch let error as UsageError {
            for word in meant { #expect(error.hint?.contains(word) == true, "\(error.hint ?? "no hint")") }
        }
    }

    @Test(arguments: [
        (".timing maybe", "“maybe” is not one of on, off"), (".bell soon", "“soon” is not a whole number or off"),
        (".rows -1", "“-1” is not 0 or more or auto"),
        (".api Fetch /x", "METHOD is one of GET, POST, PUT, PATCH, DELETE, HEAD, not “Fetch”"),
    ])
    func aValueThatDoesNotFitIsToldAllThatWould(_ line: String, _ message: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let (_, spec) = try Registry.command(named: String(words[0].dropFirst()))
        #expect {
            try Call(spec, words: Array(words.dropFirst()))
        } throws: {
            ($0 as? UsageError)?.message == message
        }
    }

    @Test func textMayBeginWithDashes() throws {
        let echo = EchoCommand()
        #expect(try Call(echo.spec, words: ["---", "step", "--2=x"])[echo.words] == ["---", "step", "--2=x"])
        #expect(try SortedWords(["--help"], for: echo.spec).has(CommandSpec.help))
    }

    @Test func callsRefuseWhatDoesNotFit() throws {
        let spec = ModeCommand().spec
        #expect(throws: UsageError.self) { try Call(spec, words: ["nosuch"]) }
        #expect(throws: UsageError.self) { try Call(spec, words: ["csv", "more"]) }
        #expect(throws: UsageError.self) { try Call(spec, words: ["--nosuch"]) }
        let cluster = ClusterCommand()
        let call = try Call(cluster.spec, words: ["start", "--no-wait", "dev"])
        #expect(call[cluster.operation] == .start)
        #expect(call[cluster.cluster]?.text == "dev")
        #expect(try !cluster.waiting.isSet(in: call, otherwise: true))
        let name = try Call(cluster.spec, words: ["dev"])
        #expect(name[cluster.operation] == nil)
        #expect(name[cluster.cluster]?.text == "dev")
        // What follows -- is no option, whatever it looks like.
        #expect(try Call(cluster.spec, words: ["--", "--odd"])[cluster.cluster]?.text == "--odd")
    }

    /// Options may have a short form, be repeated, and have a value that may be left out; --debug is everybody's.
    @Test func optionsOfAllKinds() throws {
        let spec = APICommand().spec
        let call = try Call(
            spec, words: ["GET", "/x", "-q", "a=1", "-qb=2", "--query=c=3", "--table", "clusters", "--all", "--debug"])
        #expect(call[APICommand.query].map(\.value) == ["1", "2", "3"])
        #expect(call[APICommand.table] == "clusters")
        #expect(call[APICommand.all] && call[CommandSpec.debug])
        // Before the arguments are there, the next word is one of them.
        let early = try Call(spec, words: ["--table", "GET", "/x"])
        #expect(early[APICommand.table] == .some(nil))
        #expect(early[APICommand().url] == "/x")
        #expect(try Call(spec, words: ["GET", "/x", "--table", "--all"])[APICommand.table] == .some(nil))
        for words in [["GET", "/x", "-o"], ["GET", "/x", "--all=1"], ["GET", "/x", "-oa", "-ob"], ["GET"]] {
            #expect(throws: UsageError.self, "\(words)") { try Call(spec, words: words) }
        }
        #expect(try Call(WhoamiCommand().spec, words: ["--debug"])[CommandSpec.debug])
    }

    /// A number is refused for what is wrong with it.
    @Test(arguments: [
        ("-1", "--retries must be 0 or more, not “-1”"), ("few", "--retries must be a whole number, not “few”"),
        ("99999999999999999999", "--retries: “99999999999999999999” is too large"),
    ])
    func numbersAreRefusedForAReason(_ text: String, _ message: String) {
        let error = #expect(throws: UsageError.self) {
            try Call(APICommand().spec, words: ["GET", "/x", "--retries", text])
        }
        #expect(error?.message == message)
    }
}

@MainActor @Suite struct JSONTableTests {
    @Test(
        arguments: [
            (#"[{"a":1,"b":null},{"b":"x","c":[1]}]"#, "", ["a", "b", "c"], [["1", nil, nil], [nil, "x", "[1]"]]),
            (#"{"list":[{"a":true}],"n":1}"#, "", ["a"], [["true"]]),
            (#"{"x":{"y":[[1],"s"]}}"#, "x.y", ["value"], [["[1]"], ["s"]]),
            (#"{"x":[{"y":{"a":1.50}}]}"#, "x.0.y", ["a"], [["1.50"]]), (#"{}"#, "", [], []),
            (#"[]"#, "", ["value"], []),
        ] as [(String, String, [String], [[String?]])])
    func drawsArrays(_ text: String, _ path: String, _ columns: [String], _ rows: [[String?]]) throws {
        let table = try JSONTable(try JSONValue.parse(text), at: path)
        #expect(table.columns.map(\.name) == columns)
        #expect(table.rows == rows)
    }

    @Test(arguments: [(#"{"a":1}"#, ""), (#"{"a":[],"b":[]}"#, ""), (#"{"a":1}"#, "b"), (#"{"a":[1]}"#, "a.5")])
    func refusesWhatIsNone(_ text: String, _ path: String) throws {
        let json = try JSONValue.parse(text)
        #expect(throws: UsageError.self) { try JSONTable(json, at: path) }
    }
}
