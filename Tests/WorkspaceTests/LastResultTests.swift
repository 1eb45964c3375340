import Support
import Testing

/// `.last` and `.export` of results that are kept, and of those too large for it (`LastResult.memoryLimit`), against a
/// server of two statements.
@Suite(.timeLimit(.minutes(10)))
struct LastResultTests: ConnectorSuite {
    private static let chunk = "/api/2.0/sql/statements/s/result/chunks/"

    /// A server whose results have two chunks of one row; the rows have `size` bytes each.
    private func server(size: Int) throws -> FaultServer {
        let server = try FaultServer()
        let rows = ["a", "b"].map {
            #"{"chunk_index":0,"row_count":1,"data_array":[["\#(String(repeating: $0, count: size))"]]}"#
        }
        let first = rows[0].dropLast() + #","next_chunk_index":1}"#
        let second = rows[1].replacing(#""chunk_index":0"#, with: #""chunk_index":1,"row_offset":1"#)
        let manifest =
            #""manifest":{"total_chunk_count":2,"total_row_count":2,"total_byte_count":\#(2 * size),"#
            + #""schema":{"columns":[{"name":"x","type_text":"STRING","type_name":"STRING"}]}}"#
        server.on(
            "POST", "/api/2.0/sql/statements",
            .json(#"{"statement_id":"s","status":{"state":"SUCCEEDED"},\#(manifest),"result":\#(first)}"#))
        server.on("GET", Self.chunk + "0", .json(String(first)))
        server.on("GET", Self.chunk + "1", .json(second))
        return server
    }

    private func run(_ cells: String, _ server: FaultServer) async throws -> ShellCommand.Result {
        try await dbsh(
            cells, server.url, in: try ScratchDirectory(), environment: ["DATABRICKS_WAREHOUSE_ID": "00000000000010ca"])
    }

    private func asked(_ server: FaultServer) -> [String] {
        server.log.entries.filter { $0.path.hasPrefix(Self.chunk) }.map { String($0.path.dropFirst(Self.chunk.count)) }
    }

    @Test func aSmallResultIsKept() async throws {
        let server = try server(size: 3)
        let result = try await run("-c 'select 1;' -c '.last jsonl' -c '.last jsonl'", server)
        let lines = "{\"x\":\"aaa\"}\n{\"x\":\"bbb\"}\n"
        #expect(result.output == "x\naaa\nbbb\n" + lines + lines, "\(result.errors)")
        #expect(asked(server) == ["1"])
    }

    @Test func aLargeResultIsFetchedAgain() async throws {
        let size = 9 << 20
        let server = try server(size: size)
        // Counted by the shell: it is much text to search in.
        let result = try await run("-c 'select 1;' -c '.last jsonl' | wc -lc | tr -s ' '", server)
        #expect(result.output.hasSuffix("5 \(2 + 2 * (size + 1) + 2 * (size + 9))\n"), "\(result.output)")
        #expect(asked(server).sorted() == ["0", "1", "1"])
        let submissions = server.log.entries.filter { $0.path == "/api/2.0/sql/statements" }
        #expect(submissions.count == 1, "it is not run again")
    }

    /// The service keeps results for an hour.
    @Test func aLargeResultThatIsGoneIsSaid() async throws {
        let size = 9 << 20
        let server = try server(size: size)
        server.on(
            "GET", Self.chunk + "0",
            .json(#"{"error_code":"NOT_FOUND","message":"The statement s was not found"}"#, status: 404))
        let result = try await run("-c 'select 1;' -c '.last jsonl' | wc -lc | tr -s ' '", server)
        #expect(result.output.hasSuffix("3 \(2 + 2 * (size + 1))\n"), "\(result.output)")
        #expect(result.errors.contains("not there any more") || result.errors.contains("not found"), "\(result.errors)")
    }
}
