import Databricks
import FoundationEssentials
import Results
import Terminal
import Testing

@testable import Shell

@MainActor @Suite struct CommandLineTests {
    @Test func stepsKeepTheirOrder() throws {
        let invocation = try Invocation(arguments: ["-c", "select 1", "a.dbsh", "-f", "b.dbsh", "-", "--", "-odd.dbsh"])
        #expect(
            invocation.steps == [
                .command("select 1"), .file("a.dbsh"), .file("b.dbsh"), .standardInput, .file("-odd.dbsh"),
            ])
    }

    @Test func optionsAreReadInEveryForm() throws {
        let invocation = try Invocation(arguments: [
            "--profile=dev", "-qX", "-lpython", "-mcsv", "--cluster", "c", "-P", "n:int=4", "-P", "s=a=b", "--on-error",
            "continue", "--color=never",
        ])
        #expect(invocation.profile == "dev")
        #expect(invocation.isQuiet && invocation.skipsRC)
        #expect(invocation.language == .python)
        #expect(invocation.mode == .csv)
        #expect(invocation.cluster == "c")
        #expect(
            invocation.parameters.all == [
                .init(name: "n", type: "INT", value: "4"), .init(name: "s", type: nil, value: "a=b"),
            ])
        #expect(invocation.continuesOnError)
        #expect(invocation.color == .never)
    }

    @Test(arguments: [
        ["--nosuch"], ["-c"], ["--quiet=yes"], ["-l", "cobol"], ["-m", "pdf"], ["-P", "novalue"], ["-P", "=x"],
        ["--on-error", "retry"], ["--color", "blue"], ["-z"],
    ])
    func wrongOptionsAreUsageErrors(_ arguments: [String]) {
        #expect(throws: UsageError.self) { try Invocation(arguments: arguments) }
    }

    @Test func everyOptionIsInTheHelpOnce() {
        let names = CommandLineOption.all.flatMap { [$0.short, $0.long].compactMap(\.self) }
        #expect(Set(names).count == names.count)
        for option in CommandLineOption.all where !option.help.hasPrefix("short for") {
            #expect(Usage.text.contains(option.long), "\(option.long)")
        }
        // No option takes a secret: it would show in ps.
        #expect(!names.contains { $0.contains("token") && $0 != "--token-url" || $0.contains("secret") })
    }

    /// The man page and the completions are files of their own, which `scripts/install` copies.
    @Test func theManualAndTheCompletionsKeepUpWithTheOptions() throws {
        let shared = #filePath.split(separator: "/").dropLast(4).reduce("") { $0 + "/" + $1 } + "/scripts/share/"
        func text(_ name: String) throws -> String { try String(contentsOfFile: shared + name, encoding: .utf8) }
        // In mdoc(7) `.Fl x` is -x, so a long option has one dash of its own.
        let manual = try text("dbsh.1").replacing("\n", with: " ").split(separator: " ")
        for option in CommandLineOption.all where !option.help.hasPrefix("short for") {
            for name in [option.short, option.long].compactMap(\.self) {
                let isThere = zip(manual, manual.dropFirst()).contains { macro, word in
                    (macro == "Fl" || macro == ".Fl") && word == name.dropFirst()
                }
                #expect(isThere, "\(name) is not in dbsh.1")
            }
        }
        for shell in ["bash", "zsh", "fish"] {
            let words = Set(try text("dbsh." + shell).split { !$0.isLetter && !$0.isNumber })
            for name in ModeName.all + ["sql", "python", "scala", "r", "test", "verify", "serve"] {
                #expect(words.contains(Substring(name)), "\(name) is not completed in \(shell)")
            }
        }
    }
}
