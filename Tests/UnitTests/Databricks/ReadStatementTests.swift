import Databricks
import Support
import Testing

/// What may be run again by itself, and what never.
@Suite(.timeLimit(.minutes(10)))
struct ReadStatementTests {
    @Test(arguments: [
        "select 1", "  SELECT * FROM t;", "-- a note\n/* and /* nested */ one */ select 1", "(select 1)",
        "((SELECT 1) UNION (SELECT 2))",
        "with a as (select 1) select * from a",
        "WITH a AS (SELECT 'insert into' AS x), b AS (SELECT 2) SELECT * FROM a, b",
        "show tables", "describe t", "DESC t", "values (1)", "table t", "explain select 1", "from t select a",
        "FROM t |> WHERE a > 1",
        "select `insert`, 'delete;', \"update\" from t -- drop table x", "with a as (select 1) -- insert\n select 2",
        #"select r'\' as x"#,
    ])
    func reads(_ statement: String) { #expect(ReadStatement.isRead(statement)) }

    @Test(arguments: [
        "", "  -- nothing", "insert into t select 1", "with a as (select 1) insert into t select * from a",
        "from t insert into u select *", "update t set a = 1", "delete from t",
        "merge into t using u on 1=1 when matched then delete",
        "create table t as select 1", "drop table t", "call p()", "begin select 1; end", "execute immediate 'select 1'",
        "select 1; drop table t", "use catalog c", "set x = 1", "optimize t", "copy into t from 'x'",
        "with a as (select 1)",
        "selection 1", "truncate table t", "refresh table t", "cache table t", "alter table t add column a int",
        "WITH a AS (SELECT 1) MERGE INTO t USING a ON true WHEN MATCHED THEN DELETE",
        #"select r'\'; drop table t"#,
    ])
    func mayWrite(_ statement: String) { #expect(!ReadStatement.isRead(statement)) }

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

    @Test func aWriteIsNot() async throws {
        let transport = ScriptedTransport { _ in .json(Self.overLimit) }
        let run = StatementRun(
            client: try transport.client(),
            request: StatementRequest("with a as (select 1) insert into t select * from a", warehouseID: "w"),
            clock: ManualClock())
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
