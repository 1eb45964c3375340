import FoundationEssentials
import Support
import Testing

/// A service that repeats the credential, in an error and in a result: whatever dbsh says, logs or records does not show it; the result,
/// which is data, is printed as it is.
@Suite(.timeLimit(.minutes(10)))
struct EchoedSecretTests {
    @Test func onlyTheDataShowsIt() async throws {
        let token = "dapi-0123456789abcdef"
        let pair = Data("token:\(token)".utf8).base64EncodedString()
        let server = try FaultServer()
        server.on(
            "POST", "/api/2.0/sql/statements",
            .json(#"{"error_code":"BAD_REQUEST","message":"no \#(token), no Basic \#(pair)"}"#, status: 400),
            .json(
                #"{"statement_id":"s","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":1,"total_row_count":1,"#
                    + #""schema":{"columns":[{"name":"a","type_text":"STRING","type_name":"STRING"}]}},"#
                    + #""result":{"data_array":[["\#(token)"]]}}"#))
        server.on("POST", "/api/2.0/sql/sessions", .json("{}", status: 404))
        let folder = try ScratchDirectory()
        let result = try await ShellCommand(
            "'\(ServedWorkspace.binary)' -X --debug --mode csv --on-error continue -c 'select 1' -c 'select 2'"
                + " -c '.save page.html' -c '.save work.ipynb'", in: folder.path,
            environment: [
                "DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": token,
                "DATABRICKS_WAREHOUSE_ID": "00000000000010ca",
            ]
        ).run()
        #expect(result.output == "a\n\(token)\n")
        #expect(result.errors.contains("no ***, no Basic ***"))
        let saved = [folder.contents("page.html") ?? "", folder.contents("work.ipynb") ?? ""]
        #expect(saved[0].contains("no ***, no Basic ***") && saved[1].contains("***"))
        for text in saved + [result.errors] { #expect(!text.contains(token) && !text.contains(pair), "\(text)") }
    }
}
