import Results
import Support
import Testing

/// The CSV that the service itself writes, passed through into files.
@Suite(.timeLimit(.minutes(10)))
struct ServiceCSVTests {
    /// A server of one statement that answers in CSV when it is asked to, a row in JSON otherwise.
    private struct Fixture {
        let server: FaultServer
        let scratch: ScratchDirectory

        /// - Parameters:
        ///   - parts: what the storage has.
        ///   - rows: of each, as the manifest says.
        init(_ parts: [String], rows: [Int]) throws {
            server = try FaultServer()
            scratch = try ScratchDirectory()
            let url = server.url
            let extents = parts.indices.map {
                #"{"chunk_index":\#($0),"row_offset":\#(rows[..<$0].reduce(0, +)),"row_count":\#(rows[$0]),"#
                    + #""byte_count":\#(parts[$0].utf8.count)}"#
            }
            let manifest =
                #""total_chunk_count":\#(parts.count),"total_row_count":\#(rows.reduce(0, +)),"#
                + #""total_byte_count":\#(parts.reduce(0) { $0 + $1.utf8.count }),"chunks":[\#(extents.joined(separator: ","))],"#
                + #""schema":{"columns":[{"name":"a","type_text":"INT"},{"name":"b,c","type_text":"STRING"}]}"#
            let links = parts.indices.map {
                #"{"external_links":[{"chunk_index":\#($0),"row_count":\#(rows[$0]),"external_link":"\#(url)/file/\#($0)"}]}"#
            }
            server.on(
                "GET", "/api/2.0/sql/warehouses", .json(#"{"warehouses":[{"id":"w","name":"w","state":"RUNNING"}]}"#))
            server.respond("POST", "/api/2.0/sql/statements") { request, _ in
                let isCSV = request.text.contains(#""format":"CSV""#)
                let inline =
                    #""manifest":{"total_chunk_count":1,"total_row_count":1,"schema":{"columns":[{"name":"a","type_text":"INT"}]}},"#
                    + #""result":{"row_count":1,"data_array":[["1"]]}"#
                let linked = #""manifest":{"format":"CSV",\#(manifest)},"result":\#(links.first ?? "{}")"#
                return .json(#"{"statement_id":"s","status":{"state":"SUCCEEDED"},\#(isCSV ? linked : inline)}"#)
            }
            for (index, part) in parts.enumerated() {
                server.on("GET", "/api/2.0/sql/statements/s/result/chunks/\(index)", .json(links[index]))
                let object = StoredObject(Array(part.utf8))
                server.respond("GET", "/file/\(index)") { request, _ in object.reply(to: request) }
            }
        }

        func run(_ line: String) async throws -> ShellCommand.Result {
            try await ShellCommand(
                "dbsh() { '\(ServedWorkspace.binary)' -X \"$@\"; }; \(line)", in: scratch.path,
                environment: [
                    "DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t", "DATABRICKS_WAREHOUSE_ID": "w",
                    "HOME": scratch.path,
                ]
            ).run()
        }

        /// Bodies of the statements submitted.
        var submitted: [JSONValue] {
            let submissions = server.log.entries.filter { $0.path == "/api/2.0/sql/statements" }
            return submissions.compactMap { try? JSONValue.parse($0.body) }
        }
    }

    static let head = "a,\"b,c\"\r\n"
    static let ways = [
        "dbsh -c 'select 1' -c '.export --service-csv out.csv' >seen", "dbsh -o out.csv --service-csv -c 'select 1'",
        "dbsh -c '.output out.csv --service-csv' -c 'select 1'", "dbsh -c '.once --service-csv out.csv' -c 'select 1'",
        "dbsh -c 'select 1' -c '.export --service-csv out.csv.gz' >seen; gzip -dc out.csv.gz >out.csv",
        "dbsh -o out.csv.zst --service-csv -c 'select 1'; zstd -qdc out.csv.zst >out.csv",
    ]

    @Test(arguments: ways)
    func passes(_ way: String) async throws {
        let parts = [Self.head + "1,null\r\n2,\"x\r\ny\"\r\n", "3,\"say \"\"é\"\"\"\r\n", "4,null\r\n"]
        let fixture = try Fixture(parts, rows: [2, 1, 1])
        let result = try await fixture.run(way)
        #expect(result.status == 0, "\(result.errors)")
        #expect(fixture.scratch.contents("out.csv") == parts.joined())
        let body = try #require(fixture.submitted.last)
        #expect(body["format"]?.text == "CSV" && body["disposition"]?.text == "EXTERNAL_LINKS")
        let isExport = way.contains(".export")
        #expect(fixture.submitted.count == (isExport ? 2 : 1))
        #expect(result.errors.contains("it is run again for the service's own CSV") == isExport, "\(result.errors)")
        let downloads = fixture.server.log.entries.filter { $0.path.hasPrefix("/file/") }
        #expect(downloads.count == 3 && downloads.allSatisfy { $0["authorization"] == nil })
    }

    static let headers: [(name: String, parts: [String], rows: [Int], joined: String)] = [
        ("in each part", [head + "1,x\r\n", head + "2,y\r\n", head], [1, 1, 0], head + "1,x\r\n2,y\r\n"),
        (
            "a row like it", [head + "1,x\r\n", head + "2,y\r\n", head], [1, 2, 1],
            head + "1,x\r\n" + head + "2,y\r\n" + head
        ),
        ("no line end", ["a,b\n1,2", "3,4"], [1, 1], "a,b\n1,2\n3,4"),
        ("no part at all", [], [], "a,\"b,c\"\n"),
    ]

    @Test(arguments: headers.indices)
    func oneHeader(_ index: Int) async throws {
        let (name, parts, rows, joined) = Self.headers[index]
        let fixture = try Fixture(parts, rows: rows)
        let result = try await fixture.run("dbsh -o out.csv --service-csv -c 'select 1'")
        #expect(result.status == 0, "\(name): \(result.errors)")
        #expect(fixture.scratch.contents("out.csv") == joined, "\(name)")
    }

    /// A link that breaks off goes on where it was.
    @Test(arguments: [1, 7, 40])
    func brokenLink(_ cut: Int) async throws {
        let parts = [Self.head + "1,null\r\n", "2,\"one\r\ntwo three four five six seven\"\r\n"]
        let fixture = try Fixture(parts, rows: [1, 1])
        let object = StoredObject(Array(parts[1].utf8))
        fixture.server.respond("GET", "/file/1") { request, count in
            object.reply(to: request, cut: count == 0 ? min(cut, object.bytes.count - 1) : nil)
        }
        let result = try await fixture.run("dbsh -o out.csv --service-csv -c 'select 1'")
        #expect(result.status == 0, "\(result.errors)")
        #expect(fixture.scratch.contents("out.csv") == parts.joined())
        #expect(fixture.server.log.entries.filter { $0.path == "/file/1" }.count == 2)
    }

    struct Refusal: Sendable {
        let line: String
        let says: String
        var submissions = 1
        /// Files that are there afterwards.
        var files = ""
        var rows = [1, 1]
    }

    static let refusals: [Refusal] = [
        Refusal(
            line: "dbsh -c 'insert into t values (1)' -c '.export --service-csv out.csv'",
            says: "for the service's own CSV the statement would have to run again, and it may write"),
        Refusal(
            line: "dbsh -c 'select 1' -c '.export --service-csv out.json'",
            says: "the service's CSV is asked for, and out.json names another format"),
        Refusal(
            line: "dbsh -o out.csv --service-csv -c 'select 1' -c 'select 2'",
            says: "out.csv has a result as the service's own CSV already, and cannot have two", files: "out.csv\n"),
        Refusal(line: "dbsh -c '.once --service-csv \"|cat\"'", says: "--service-csv needs a file", submissions: 0),
        Refusal(line: "dbsh -c '.output --service-csv'", says: "--service-csv needs a file", submissions: 0),
        Refusal(line: "dbsh --service-csv -c 'select 1'", says: "--service-csv needs a file", submissions: 0),
        Refusal(
            line: "dbsh -o out.csv --service-csv -c 'select 1'",
            says: "the result came with 2 rows instead of 3", rows: [1, 2]),
    ]

    @Test(arguments: refusals.indices)
    func refused(_ index: Int) async throws {
        let refusal = Self.refusals[index]
        let fixture = try Fixture([Self.head + "1,x\n", "2,y\n"], rows: refusal.rows)
        let result = try await fixture.run(refusal.line + " >seen")
        #expect(result.status != 0)
        #expect(result.errors.contains(refusal.says), "\(result.errors)")
        #expect(fixture.submitted.count == refusal.submissions)
        #expect(try await fixture.run("ls -A out*").output == refusal.files)
    }

    /// Exporting leaves the last result as it was.
    @Test func theLastResultStays() async throws {
        let fixture = try Fixture([Self.head + "1,x\n"], rows: [1])
        let result = try await fixture.run(
            "dbsh -c 'select 1' -c '.export --service-csv out.csv' -c '.export --service-csv two.csv' -c .last && cmp out.csv two.csv"
        )
        #expect(result.status == 0, "\(result.errors)")
        #expect(result.output == "a\n1\na\n1\n")
    }
}
