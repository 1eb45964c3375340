import Databricks
import Support
import Testing

struct ConfigurationFileTests {
    /// What stands after `token = `, and the token it means; the rules are the Go SDK's.
    static let values: [(written: String, meant: String)] = [
        ("dapi1", "dapi1"),
        ("  dapi1  ", "dapi1"),
        ("dapi1 # a comment", "dapi1"),
        ("dapi1 ; a comment", "dapi1"),
        ("dapi#1;2", "dapi#1;2"),
        ("#dapi1", "#dapi1"),
        ("\"dapi 1 # x\"", "dapi 1 # x"),
        ("'dapi1'", "dapi1"),
        ("'dapi1' # a comment", "dapi1"),
        ("it's", "it's"),
        ("a=b:c", "a=b:c"),
        ("\"open", "\"open"),
    ]

    @Test(arguments: values)
    func readsValues(written: String, meant: String) throws {
        let file = try TemporaryFile("[p]\nhost = h.example\ntoken = \(written)\n")
        let connection = try ConnectionResolver.resolve(
            ConnectionArguments(profile: "p", configFile: file.path), environment: [:], home: "/nonexistent")
        let credential = try #require(connection.credential as? PersonalAccessToken)
        #expect(credential.token.reveal() == meant)
    }

    @Test func sections() throws {
        let text = """
            \u{FEFF}# first line
            host = https://nameless.example

            ; another comment
            [dev]
            HOST: https://dev.example\r
            [ spaced ]
            token = t
            [__settings__]
            default_profile = dev
            [dev]
            cluster_id = c-1
            """
        let file = try ConfigurationFile(path: "f", text: text)
        #expect(file.profiles.map(\.name) == ["DEFAULT", "dev", "spaced"])
        #expect(file.profile("dev")?.description == "[dev] cluster_id, host")
        #expect(file.defaultProfile == "dev")
        #expect(file.profile("__settings__") == nil)
        #expect(file.profile("dev")?.shown("host") == "https://dev.example")
        #expect(file.profile("spaced")?.shown("token") == nil)
    }

    static let broken: [(text: String, line: Int)] = [
        ("[p]\nno delimiter\n", 2), ("[open\n", 1), ("[]\n", 1), ("[p]\n= value\n", 2),
    ]

    @Test(arguments: broken)
    func refuses(text: String, line: Int) {
        let error = #expect(throws: ProfileError.self) { try ConfigurationFile(path: "f", text: text) }
        guard case .unparsable(path: "f", line: line, reason: _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func valuesAreNotShown() throws {
        let file = try ConfigurationFile(path: "f", text: "[p]\ntoken = dapi-secret\n")
        var dumped = ""
        dump(file, to: &dumped)
        #expect(!"\(file) \(String(reflecting: file.profiles)) \(dumped)".contains("dapi-secret"))
    }
}
