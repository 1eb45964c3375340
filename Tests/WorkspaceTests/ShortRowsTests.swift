import Support
import Testing

/// Rows with fewer cells than the result has columns are filled up with NULL, which is said; rows with more are refused.
@Suite(.timeLimit(.minutes(10)))
struct ShortRowsTests: ConnectorSuite {
    private func run(_ cells: String, rows: [String]) async throws -> (ShellCommand.Result, ScratchDirectory) {
        let server = try FaultServer()
        // Two chunks, as their rows are read in different ways.
        func chunk(_ index: Int, _ row: String) -> String {
            let next = index == 0 ? #""next_chunk_index":1,"# : ""
            return #"{\#(next)"chunk_index":\#(index),"row_offset":\#(index),"row_count":1,"data_array":[\#(row)]}"#
        }
        let manifest =
            #""manifest":{"total_chunk_count":2,"total_row_count":2,"schema":{"columns":["#
            + #"{"name":"x","type_text":"INT"},{"name":"y","type_text":"STRING"}]}}"#
        server.on(
            "POST", "/api/2.0/sql/statements",
            .json(
                #"{"statement_id":"s","status":{"state":"SUCCEEDED"},\#(manifest),"result":\#(chunk(0, rows[0]))}"#))
        server.on("GET", "/api/2.0/sql/statements/s/result/chunks/1", .json(chunk(1, rows[1])))
        let scratch = try ScratchDirectory()
        let result = try await dbsh(
            cells, server.url, in: scratch, environment: ["DATABRICKS_WAREHOUSE_ID": "00000000000010ca"])
        return (result, scratch)
    }

    private static let remark = "with fewer cells than the result has columns: the missing ones are NULL here"

    @Test func areShownAndExported() async throws {
        let (result, scratch) = try await run(
            "-q -m jsonl -c 'select 1;' -c '.export out.csv'", rows: [#"["1"]"#, "[]"])
        #expect(result.output == #"{"x":1,"y":null}"# + "\n" + #"{"x":null,"y":null}"# + "\n", "\(result.errors)")
        #expect(result.errors.split(separator: "\n") == ["2 rows came \(Self.remark)", "2 rows came \(Self.remark)"])
        #expect(scratch.contents("out.csv") == "x,y\n1,\n,\n")
    }

    @Test func longRowsAreRefused() async throws {
        for rows in [[#"["1","a","b"]"#, "[]"], [#"["1","a"]"#, #"["2","b","c"]"#]] {
            let (result, _) = try await run("-c 'select 1'", rows: rows)
            #expect(result.status == 1)
            #expect(result.errors.contains("row 1 has more cells than the 2 columns of the result"), "\(result.errors)")
            #expect(!result.errors.contains("proxy"))
        }
    }
}
