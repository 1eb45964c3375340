import Results
import Testing

@testable import Shell

/// `dbsh --spec`: what programs read is what help says.
@MainActor @Suite struct SpecificationTests {
    private let json = Specification(
        program: ShellProgram().spec, subcommands: Subcommands.all.map(\.spec), commands: Registry.all.map(\.spec)
    ).json

    private func names(_ key: String) -> [String] { (json[key]?.elements ?? []).compactMap { $0["name"]?.text } }

    @Test func nothingIsLeftOut() throws {
        #expect(names("options") == ShellProgram().spec.flags.map(\.name))
        #expect(names("subcommands") == Subcommands.all.map(\.spec.title))
        #expect(names("commands") == Registry.all.map { ".\($0.spec.name)" })
        #expect(names("formats") == Format.allCases.map(\.rawValue))
        let codes = (json["exit_codes"]?.elements ?? []).compactMap { $0["code"]?.double.map { Int32($0) } }
        #expect(codes == Report.ExitCode.allCases.map(\.rawValue))
        #expect(try JSONValue.parse(json.serialized(.pretty)) == json)
    }

    @Test func valuesAndGrammarAreThere() {
        let mode = json["options"]?.elements?.first { $0["name"]?.text == "--mode" }
        #expect(mode?["short"]?.text == "-m" && mode?["value"]?.text == "NAME")
        #expect(mode?["values"]?.elements?.contains(.string("jsonl")) == true)
        let cluster = json["commands"]?.elements?.first { $0["name"]?.text == ".gset" }
        #expect(cluster?["arguments"]?[0]?["is_optional"] == .bool(true))
    }
}
