import Testing

@testable import Shell

/// What the read-only gate makes of SQL. `w` it writes, `u` it cannot be told; both are refused. `r` it reads.
private let cases: [(sql: String, nature: Character)] = [
    ("select 1", "r"), ("SELECT * FROM t WHERE a = 'insert into t'", "r"),
    ("with a as (select 1) select * from a", "r"),
    ("(select 1) union all (select 2)", "r"), ("values (1)", "r"), ("table t", "r"), ("from t select a", "r"),
    ("show tables", "r"), ("describe t", "r"), ("desc extended t", "r"), ("explain select 1", "r"),
    ("explain formatted select 1", "r"),
    ("use c.s", "r"), ("set a = 1", "r"), ("reset", "r"), ("show create table t", "r"), ("list '/x'", "r"),
    ("select replace(a, 'b', 'c') from t", "r"), ("select insert('a', 1, 1, 'b')", "r"),
    ("select t.update from t", "r"),
    ("select `delete` from t", "r"), ("select 1 -- insert into t", "r"), ("select /* drop table t; */ 1", "r"),
    ("select $$ drop table t; $$", "r"), ("select 'a' ';drop table t'", "r"), ("select r'\\', 1", "r"), ("", "r"),
    (";;", "r"),
    ("-- nothing", "r"), ("select max(a) over (order by b) from t |> where a > 1", "r"),
    ("select /*+ broadcast(t) */ 1 from t", "r"),
    ("insert into t values (1)", "w"), ("INSERT OVERWRITE t select 1", "w"), ("update t set a = 1", "w"),
    ("delete from t", "w"),
    ("merge into t using s on a = b when matched then delete", "w"), ("create table t (a int)", "w"),
    ("drop table t", "w"),
    ("alter table t add column b int", "w"), ("truncate table t", "w"), ("grant select on t to u", "w"),
    ("copy into t from 'x'", "w"),
    ("optimize t", "w"), ("vacuum t", "w"), ("restore t to version as of 1", "w"),
    ("analyze table t compute statistics", "w"),
    ("create or replace temporary view v as select 1", "w"), ("cache table t", "w"), ("refresh table t", "w"),
    ("with a as (select 1) insert into t select * from a", "w"),
    ("with a as (select 1) merge into t using a on 1 = 1", "w"),
    ("with a as (select 1) delete from t", "w"), ("with a as (select 1) update t set b = 1", "w"),
    ("from s insert into t select a", "w"), ("from s insert overwrite t select a insert into u select b", "w"),
    ("/* select */ drop table t", "w"), ("-- select 1\ndrop table t", "w"), ("select 1; drop table t", "w"),
    ("select 1;; ; insert into t values (1)", "w"), ("select ';' ; delete from t", "w"),
    ("(insert into t values (1))", "w"),
    ("explain drop table t", "w"), ("explain extended insert into t values (1)", "w"),
    ("EXPLAIN explain cost insert into t select 1", "w"),
    ("select 1 /* /* */ */; drop table t", "w"), ("select '\\''; drop table t", "w"),
    ("select r'\\'; drop table t --'", "w"),
    ("select 1 -- a\\\n; drop table t", "u"), ("select 1 -- a\n; drop table t", "w"), ("dRoP tAbLe t", "w"),
    ("select 1 /*+ ; drop table t */", "w"), ("table t |> insert into u", "w"), ("select 1\u{00A0};drop table t", "w"),
    ("begin drop table t; end", "u"), ("begin select 1; end", "u"), ("l: begin drop table t; end", "u"),
    ("select: begin drop table t; end", "u"),
    ("call p()", "u"), ("execute immediate 'drop table t'", "u"), ("declare v int", "u"),
    ("if a then drop table t; end if", "u"),
    ("select reflect('java.lang.Runtime', 'x')", "u"), ("select java_method('a', 'b')", "u"),
    ("select http_request(conn => 'c')", "u"),
    ("select 'open; drop table t", "u"), ("select 1 /* open", "u"), ("select ${x}", "u"), ("select '${x}'", "u"),
    ("1 + 1", "u"),
    ("frobnicate t", "u"), ("`select` 1", "u"), ("'select'", "u"), ("\\G", "u"), ("select insert from t", "w"),
    ("commit", "u"),
]

@Suite struct StatementNatureTests {
    @Test(arguments: cases) func isJudged(_ sql: String, _ nature: Character) {
        let found: Character =
            switch StatementNature(sql) {
            case .reads: "r"
            case .writes: "w"
            case .unclear: "u"
            }
        #expect(found == nature)
    }

    @Test(
        arguments: [
            ("drop table t", "DROP TABLE"), ("truncate table t", "TRUNCATE TABLE"),
            ("delete from t", "DELETE without WHERE"),
            ("update t set a = (select max(b) from s where c = 1)", "UPDATE without WHERE"),
            ("delete from t where a = 1", nil),
            ("update t set a = 1 where b = 2", nil), ("select 1; drop view v", "DROP VIEW"),
            ("select 'drop table t'", nil),
            ("begin if a then drop table t; end if; end", "DROP TABLE"),
            ("with a as (select 1) delete from t", "DELETE without WHERE"),
            ("select drop from t", nil), ("alter table t drop column a", nil), ("-- drop table t\nselect 1", nil),
        ] as [(String, String?)])
    func whatDestroysIsAskedAbout(_ sql: String, _ danger: String?) {
        #expect(StatementNature.danger(in: sql) == danger)
    }
}
