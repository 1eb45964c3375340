import Databricks
import Support
import Testing

/// A statement whose result is over the limit for inline results is run again by itself if it only reads, and never else.
@Suite(.timeLimit(.minutes(10)))
struct RunAgainTests {
    private static let overLimit =
        #"{"statement_id":"s1","status":{"state":"FAILED","error":{"error_code":"BAD_REQUEST","message":"Inline byte limit exceeded. "#
        + #"Statements executed with disposition=INLINE can have a result size of at most 26214400 bytes. "#
        + #"Please execute the statement with disposition=EXTERNAL_LINKS."}}}"#
    private static let done =
        #"{"statement_id":"s2","status":{"state":"SUCCEEDED"},"manifest":{"total_chunk_count":0,"total_row_count":0,"#
        + #""schema":{"columns":[{"name":"id","type_text":"INT"}]}},"result":{}}"#

    @Test func aReadIsRunAgainForLinks() async throws {
        let transport = ScriptedTransport { sent in
            .json(sent.body.contains(#""disposition":"EXTERNAL_LINKS""#) ? Self.done : Self.overLimit)
        }
        let seen = Journal<StatementProgress>()
        let result = try await StatementRun(
            client: transport.client(), request: StatementRequest("select 1", warehouseID: "w"), clock: ManualClock()
        ).run { seen.append($0) }
        #expect(result.id == "s2")
        #expect(transport.lines == ["POST /api/2.0/sql/statements", "POST /api/2.0/sql/statements"])
        #expect(seen.entries.filter(\.runsAgainWithLinks).count == 1)
    }

    @Test(arguments: [
        "with a as (select 1) insert into t select * from a", "select http_request(conn => 'c')",
        "select reflect('a', 'b')",
        "select my_udf(a) from t", "select ai_query('m', a) from t", "select * from my_function(1)",
    ])
    func whatMayActIsNot(_ statement: String) async throws {
        let transport = ScriptedTransport { _ in .json(Self.overLimit) }
        let run = StatementRun(
            client: try transport.client(),
            request: StatementRequest(statement, warehouseID: "w"), clock: ManualClock())
        let error = await #expect(throws: StatementError.self) { try await run.run() }
        #expect(error?.isOverInlineLimit == true)
        #expect(transport.sent.entries.count == 1)
    }

    /// Another failure is no reason to run anything again, also when links are what was asked for.
    @Test func notForOtherFailures() async throws {
        for (disposition, reply) in [
            (StatementRequest.Disposition.inline, Self.overLimit.replacing("EXTERNAL_LINKS", with: "SOMETHING")),
            (.externalLinks, Self.overLimit),
        ] {
            let transport = ScriptedTransport { _ in .json(reply) }
            var request = StatementRequest("select 1", warehouseID: "w")
            request.disposition = disposition
            let run = StatementRun(client: try transport.client(), request: request, clock: ManualClock())
            await #expect(throws: StatementError.self) { try await run.run() }
            #expect(transport.sent.entries.count == 1)
        }
    }
}
