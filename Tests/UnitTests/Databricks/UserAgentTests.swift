import Databricks
import Testing

/// Who asks, besides dbsh.
@Suite struct UserAgentTests {
    @Test(arguments: [
        ([:], []), (["GITHUB_ACTIONS": "true"], ["cicd/github"]), (["GITHUB_ACTIONS": "false"], []),
        (["TF_BUILD": "True", "CLAUDECODE": "1"], ["cicd/azure-devops", "agent/claude-code"]),
        (["CLAUDECODE": "1", "CURSOR_AGENT": "1"], []), (["GEMINI_CLI": ""], []),
        (["JENKINS_URL": "http://ci"], ["cicd/jenkins"]), (["PROJECT_ID": "p", "BUILD_ID": "b"], []),
    ])
    func callers(environment: [String: String], parts: [String]) {
        #expect(UserAgent.callers(environment) == parts)
    }

    @Test func tagsAreRead() throws {
        let tags = try #require(QueryTags(" team = data ,nightly,team=ml,empty="))
        #expect(tags.all.map(\.key) == ["nightly", "team", "empty"])
        #expect(tags.all.map(\.value) == [nil, "ml", ""])
        #expect(QueryTags("=x") == nil)
        #expect(QueryTags(String(repeating: "k", count: 129)) == nil)
        #expect(QueryTags((1...21).map { "k\($0)" }.joined(separator: ",")) == nil)
    }
}
