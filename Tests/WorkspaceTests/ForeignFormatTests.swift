import FoundationEssentials
import Results
import Support
import Testing

/// Results that somebody else asked for as Arrow or CSV: `.statement` names the format, and `.export` passes the bytes on, without
/// a second run.
@Suite(.timeLimit(.minutes(10)))
struct ForeignFormatTests {
    private static let csv = ["n,t\n1,a\n", "2,b\n"]

    /// A server that keeps a statement `s` of two parts in a format.
    /// - Parameters:
    ///   - attached: the first part comes inside the replies.
    ///   - compression: what the manifest says of it.
    private func run(
        _ line: String, format: String = "CSV", attached: Bool = false, compression: String? = nil,
        parts: [[UInt8]] = csv.map { Array($0.utf8) }
    ) async throws -> (ShellCommand.Result, ScratchDirectory, FaultServer) {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        let chunks = parts.indices.map { index in
            let next = index + 1 < parts.count ? #""next_chunk_index":\#(index + 1),"# : ""
            let base = #"\#(next)"chunk_index":\#(index),"row_offset":\#(index),"row_count":1"#
            return attached && index == 0
                ? #"{\#(base),"attachment":"\#(Data(parts[0]).base64EncodedString())"}"#
                : #"{"external_links":[{\#(base),"external_link":"\#(server.url)/file/\#(index)"}]}"#
        }
        let compressed = compression.map { #""result_compression":"\#($0)","# } ?? ""
        let manifest =
            #""manifest":{"format":"\#(format)",\#(compressed)"total_chunk_count":\#(parts.count),"total_row_count":2,"#
            + #""schema":{"columns":[{"name":"n","type_text":"INT"},{"name":"t","type_text":"STRING"}]}}"#
        server.on(
            "GET", "/api/2.0/sql/statements/s",
            .json(#"{"statement_id":"s","status":{"state":"SUCCEEDED"},\#(manifest),"result":\#(chunks[0])}"#))
        for (index, part) in parts.enumerated() {
            server.on("GET", "/api/2.0/sql/statements/s/result/chunks/\(index)", .json(chunks[index]))
            let object = StoredObject(part)
            server.respond("GET", "/file/\(index)") { request, _ in object.reply(to: request) }
        }
        let result = try await ShellCommand(
            "dbsh() { '\(ServedWorkspace.binary)' -X \"$@\"; }; \(line)", in: scratch.path,
            environment: [
                "DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t", "DATABRICKS_WAREHOUSE_ID": "w",
                "HOME": scratch.path,
            ]
        ).run()
        #expect(!server.log.entries.contains { $0.method == "POST" }, "nothing is run for it")
        return (result, scratch, server)
    }

    @Test func namesTheFormat() async throws {
        for attached in [false, true] {
            let (result, _, _) = try await run("dbsh -c '.statement s'", format: "ARROW_STREAM", attached: attached)
            #expect(result.output == "statement_id,state,format,rows\ns,SUCCEEDED,ARROW_STREAM,2\n")
            #expect(result.status == 0 && result.errors.contains(".export FILE.arrow passes it on"), "\(result.errors)")
        }
    }

    @Test(arguments: [
        "dbsh -c '.statement s' -c '.export out.csv'", "dbsh -c '.statement s' -c '.export --service-csv out.csv'",
        "dbsh -o out.csv -c '.statement s'", "dbsh -o out.csv --service-csv -c '.statement s'",
        "dbsh -c '.statement s' -c '.export out.csv.gz'; gzip -d out.csv.gz",
    ])
    func csvIsPassedOn(_ line: String) async throws {
        for attached in [false, true] {
            let (result, scratch, server) = try await run(line, attached: attached)
            #expect(scratch.contents("out.csv") == Self.csv.joined(), "\(result.errors)")
            let downloads = server.log.entries.filter { $0.path.hasPrefix("/file/") }
            #expect(downloads.allSatisfy { $0["authorization"] == nil })
        }
    }

    /// An Arrow stream: the joiner keeps the first one's schema, and the rows of all.
    @Test func arrowIsPassedOn() async throws {
        let ending: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]
        let (refused, _, _) = try await run(
            "dbsh -c '.statement s' -c '.export out.arrow'; ls out*", format: "ARROW_STREAM", parts: [ending, ending])
        // Only what is no Arrow stream of two rows is refused, in terms of rows: it was read as Arrow.
        #expect(refused.errors.contains("came with 0 rows instead of 2"), "\(refused.errors)")
        #expect(refused.output.contains("ARROW_STREAM") && !refused.output.contains("out."))
    }

    /// What asks for rows gets the format's name, and no advice that leads in a circle.
    @Test(arguments: [".export out.jsonl", ".last", ".export out.arrow"])
    func rowsAreRefused(_ command: String) async throws {
        let (result, scratch, _) = try await run("dbsh -c '.statement s' -c '\(command)'")
        #expect(result.status == 1)
        #expect(result.errors.contains("error: the result of statement s is CSV"), "\(result.errors)")
        #expect(result.errors.contains(".export FILE.csv passes it on unchanged"))
        #expect(scratch.contents("out.jsonl") == nil)
    }

    @Test func compressedIsNamed() async throws {
        let (result, _, _) = try await run(
            "dbsh -c '.statement s' -c '.export out.arrow'", format: "ARROW_STREAM", compression: "LZ4_FRAME")
        #expect(result.status == 1)
        #expect(result.errors.contains("is Arrow compressed by LZ4_FRAME"), "\(result.errors)")
        #expect(!result.errors.contains("JSON array"))
    }
}
