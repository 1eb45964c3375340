import Testing

@testable import Shell

/// The registry as a whole: what one command alone cannot get wrong.
@MainActor @Suite struct RegistryTests {
    @Test func namesAreUniqueAndAliasesPointAtCommands() {
        let names = Registry.all.map(\.spec.name)
        #expect(Set(names).count == names.count)
        for (alias, name) in Registry.aliases {
            #expect(!names.contains(alias), "\(alias) is a command already")
            #expect(names.contains(name), "\(alias) stands for nothing")
        }
    }

    @Test func everyCommandIsExplained() {
        for spec in Registry.all.map(\.spec) {
            #expect(!spec.summary.isEmpty && !spec.summary.hasSuffix("."), ".\(spec.name): \(spec.summary)")
            #expect(!spec.examples.isEmpty, ".\(spec.name) has no example")
            #expect(Set(spec.arguments.map(\.label)).count == spec.arguments.count, ".\(spec.name): a label twice")
            #expect(Help.overview.contains(spec.summary))
            #expect(Help.text(for: spec).hasPrefix(spec.usage))
        }
    }

    @Test func everyExampleIsReadAsTheCommandItIsAnExampleOf() throws {
        for spec in Registry.all.map(\.spec) {
            for example in spec.examples {
                let words = try Words.split(example.text) { _ in "value" }
                guard example.text.hasPrefix(".") else { continue }
                #expect(words.first == ".\(spec.name)")
                #expect(throws: Never.self, "\(example.text)") { try Call(spec, words: Array(words.dropFirst())) }
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

    @Test func callsRefuseWhatDoesNotFit() throws {
        let spec = ModeCommand().spec
        #expect(throws: UsageError.self) { try Call(spec, words: ["nosuch"]) }
        #expect(throws: UsageError.self) { try Call(spec, words: ["csv", "more"]) }
        #expect(throws: UsageError.self) { try Call(spec, words: ["--nosuch"]) }
        let cluster = ClusterCommand()
        let call = try Call(cluster.spec, words: ["start", "--no-wait", "dev"])
        #expect(try call(cluster.operation) == .start)
        #expect(try call(cluster.cluster)?.text == "dev")
        #expect(call.has(cluster.noWait))
        let name = try Call(cluster.spec, words: ["dev"])
        #expect(try name(cluster.operation) == nil)
        #expect(try name(cluster.cluster)?.text == "dev")
        // What follows -- is no option, whatever it looks like.
        #expect(try Call(cluster.spec, words: ["--", "--odd"])(cluster.cluster)?.text == "--odd")
    }
}
