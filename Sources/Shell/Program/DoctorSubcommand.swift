import Databricks
import Results
import Terminal
import Text

/// `dbsh doctor`: what is there, what is missing, and what to do about it, a line each.
struct DoctorSubcommand: Subcommand {
    let json = Flag("--json", "as one JSON document, for programs")

    var spec: ProgramSpec {
        ProgramSpec(
            "doctor", "check configuration, sign-in, network, compute, local engine and terminal", flags: [json],
            sharing: [Options.profile, Options.host, Options.color],
            details: """
                Changes nothing and starts nothing. Secrets are not shown, so that the output may be passed on.
                The exit code is 1 when something is wrong, and 0 when all is well or merely not configured.
                """,
            examples: [
                .init("dbsh doctor", "the workspace that dbsh would use"),
                .init("dbsh doctor --profile dev --json", "another one, for a program"),
            ])
    }

    func run(_ call: Call, in program: ProgramContext) async throws -> Int32 {
        var arguments = ConnectionArguments()
        arguments.profile = call[Options.profile]
        arguments.host = call[Options.host]
        let examination = Examination(program.environment, arguments, describeEngine: program.describeEngine)
        let findings = try await Interrupts.shared.cancelling { await examination.findings() }
        try program.console.result(text: call[json] ? Self.document(findings) : lines(findings, program.console))
        return findings.contains { $0.state == .wrong } ? 1 : 0
    }

    private static func document(_ findings: [Finding]) -> String {
        let checks = findings.map { finding in
            JSONValue.object([
                .init("check", .string(finding.check)), .init("state", .string(finding.state.rawValue)),
                .init("text", .string(Redaction.secrets(in: finding.text))),
                .init("hint", finding.hint.map { .string(Redaction.secrets(in: $0)) } ?? .null),
            ])
        }
        let isWell = !findings.contains { $0.state == .wrong }
        let document = JSONValue.object([
            .init("version", .string(Version.number)), .init("ok", .bool(isWell)), .init("checks", .array(checks)),
        ])
        return document.serialized(.pretty, sanitize: true)
    }

    private func lines(_ findings: [Finding], _ console: Console) -> String {
        let width = findings.map(\.check.count).max() ?? 0
        return findings.map { finding in
            let mark =
                switch finding.state {
                case .well: console.colorsResults ? "\u{1b}[32m✓\u{1b}[0m" : "✓"
                case .doubtful: console.colorsResults ? "\u{1b}[33m!\u{1b}[0m" : "!"
                case .wrong: console.colorsResults ? "\u{1b}[1;31m✗\u{1b}[0m" : "✗"
                case .absent: "-"
                }
            let name = finding.check.padding(to: width)
            let text = Sanitizer.oneLine(Redaction.secrets(in: finding.text))
            let hint = finding.hint.map { "\n  → " + Sanitizer.oneLine(Redaction.secrets(in: $0)) } ?? ""
            return "\(mark) \(name)  \(text)\(hint)"
        }.joined(separator: "\n")
    }
}

extension String {
    fileprivate func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
