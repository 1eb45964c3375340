import Support
import Testing

/// A network that leads to the workspace, and not to the storage in which it puts results.
@Suite(.timeLimit(.minutes(10)))
struct BlockedStorageTests: ConnectorSuite {
    /// The rows are behind a link to a storage that this network does not lead to, or in whose place a proxy answers.
    @Test(arguments: [true, false])
    func aStorageThatIsBlocked(proxyAnswers: Bool) async throws {
        let (server, storage) = (try FaultServer(), try FaultServer())
        storage.on("GET", "/part", proxyAnswers ? .html("<html><title>Blocked by policy</title></html>") : .garbage)
        let link = storage.url + "/part?signature=s3cret-signature"
        server.on(
            "POST", "/api/2.0/sql/statements",
            .json(
                #"{"statement_id":"s1","status":{"state":"SUCCEEDED"},"manifest":{"format":"JSON_ARRAY","#
                    + #""schema":{"column_count":1,"columns":[{"name":"x","type_name":"INT","type_text":"INT","position":0}]},"#
                    + #""total_chunk_count":1,"total_row_count":1,"chunks":[{"chunk_index":0,"row_offset":0,"row_count":1}]},"#
                    + #""result":{"external_links":[{"chunk_index":0,"row_offset":0,"row_count":1,"external_link":"\#(link)","#
                    + #""expiration":"2999-01-01T00:00:00Z"}]}}"#))
        let run = try await dbsh("--warehouse 0123456789abcdef -c 'select 1'", server.url, in: try ScratchDirectory())
        #expect(run.status == 3, "\(run.errors)")
        let host = String(storage.url.dropFirst("http://".count))
        #expect(
            run.errors.contains("this network does not lead to \(host), the storage that holds the result"),
            "\(run.errors)")
        #expect(run.errors.contains("25 MiB come without it") && !run.errors.contains("s3cret-signature"))
    }
}
