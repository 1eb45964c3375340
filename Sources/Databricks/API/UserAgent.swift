/// Parts of the `User-Agent` that say who asks besides dbsh: a CI system, a coding agent. The names and the variables are those of the
/// official SDKs (API/README.md).
package enum UserAgent {
    /// `cicd/github`, `agent/claude-code`; none on a machine where nothing of the kind is known.
    package static func callers(_ environment: [String: String]) -> [String] {
        func isSet(_ name: String) -> Bool { environment[name]?.isEmpty == false }
        let system = systems.first { system in
            system.variables.allSatisfy { name, value in value.map { environment[name] == $0 } ?? isSet(name) }
        }
        // Agents start each other: of several nobody knows who asks.
        let present = agents.filter { isSet($0.variable) }
        let agent = present.count == 1 ? present.first : nil
        return [system.map { "cicd/\($0.name)" }, agent.map { "agent/\($0.name)" }].compactMap(\.self)
    }

    /// CI systems by what they set: a value, or anything.
    private static let systems: [(name: String, variables: [(String, String?)])] = [
        ("github", [("GITHUB_ACTIONS", "true")]), ("gitlab", [("GITLAB_CI", "true")]),
        ("jenkins", [("JENKINS_URL", nil)]), ("azure-devops", [("TF_BUILD", "True")]),
        ("circle", [("CIRCLECI", "true")]), ("travis", [("TRAVIS", "true")]),
        ("bitbucket", [("BITBUCKET_BUILD_NUMBER", nil)]),
        (
            "google-cloud-build",
            [("PROJECT_ID", nil), ("BUILD_ID", nil), ("PROJECT_NUMBER", nil), ("LOCATION", nil)]
        ), ("aws-code-build", [("CODEBUILD_BUILD_ARN", nil)]), ("tf-cloud", [("TFC_RUN_ID", nil)]),
    ]

    private static let agents: [(name: String, variable: String)] = [
        ("antigravity", "ANTIGRAVITY_AGENT"), ("claude-code", "CLAUDECODE"), ("cline", "CLINE_ACTIVE"),
        ("codex", "CODEX_CI"), ("copilot-cli", "COPILOT_CLI"), ("cursor", "CURSOR_AGENT"),
        ("gemini-cli", "GEMINI_CLI"), ("goose", "GOOSE_TERMINAL"), ("opencode", "OPENCODE"),
    ]
}
