import Results
import Testing

@testable import Databricks
@testable import Shell

/// What `.stats` shows at a terminal.
@MainActor @Suite struct StatsTests {
    @Test func aStatementInTwoLines() throws {
        let record = QueryRecord(
            try JSONValue.parse(
                #"""
                {"query_id":"01ef","status":"FINISHED","duration":2350,"query_start_time_ms":1000,"is_final":true,
                 "rows_produced":40,"metrics":{"query_compilation_start_timestamp":1120,"compilation_time_ms":210,
                 "execution_time_ms":1900,"result_fetch_time_ms":80,"read_bytes":61000000,"read_files_count":3,
                 "rows_read_count":21932,"pruned_files_count":9,"pruned_bytes":4200,"spill_to_disk_bytes":0,
                 "result_from_cache":false}}
                """#))
        #expect(
            StatsCommand.lines(record) == [
                "finished · in 2.35 s · compile 0.21 s · queue 0.12 s · execute 1.90 s · fetch 0.08 s",
                "read 61 MB in 3 files, 21,932 rows · pruned 9 files (4.2 kB) · no spill · not from the cache · "
                    + "40 rows produced",
            ])
    }

    @Test func whatIsNotKnownIsLeftOut() throws {
        let record = QueryRecord(try JSONValue.parse(#"{"status":"RUNNING","is_final":false,"metrics":{}}"#))
        #expect(StatsCommand.lines(record) == ["running · so far"])
    }

    @Test(arguments: [("90s", 90), ("30m", 1800), ("12h", 43200), ("7d", 604_800), ("1.5h", 5400)])
    func timesAreRead(text: String, seconds: Double) throws {
        #expect(try Since.read(word: text, "--since").seconds == seconds)
    }

    @Test(arguments: ["", "h", "5", "31d", "-1h", "soon"])
    func otherTimesAreNot(text: String) {
        #expect(throws: ArgumentFailure.self) { try Since.read(word: text, "--since") }
    }
}
