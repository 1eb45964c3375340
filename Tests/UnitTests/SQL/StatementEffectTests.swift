import SQL
import Testing

/// What the judge makes of a text. `r` it reads, `e` it only explains, `s` it changes its session alone, `f` it calls a function
/// that is not known, `o` it reaches outside, `u` it cannot be told, `w` it writes.
private let cases: [(sql: String, effect: Character)] = [
    // Reads
    ("select 1", "r"), ("SELECT * FROM t WHERE a = 'insert into t'", "r"), ("  SELECT * FROM t;", "r"), ("", "r"),
    (";;", "r"),
    ("with a as (select 1) select * from a", "r"), ("(select 1) union all (select 2)", "r"), ("values (1)", "r"),
    ("table t", "r"), ("from t select a", "r"), ("FROM t |> WHERE a > 1", "r"), ("-- nothing", "r"),
    ("select replace(a, 'b', 'c') from t", "r"), ("select t.update, `delete` from t", "r"),
    ("select 1 -- insert into t", "r"),
    ("select /* drop table t; */ 1", "r"), ("select $$ drop table t; $$", "r"),
    ("select $a$ ; $$ drop table t $a$", "r"),
    ("select 'a' ';drop table t'", "r"), ("select r'\\', 1", "r"), ("select insert, update from t", "r"),
    ("select max(a) over (order by b) from t |> where a > 1", "r"),
    ("select /*+ broadcast(t), merge(u) */ 1 from t", "r"),
    ("WITH a AS (SELECT 'insert into' AS x), b AS (SELECT 2) SELECT * FROM a, b", "r"),
    ("with recursive a(n) as (select 1 union all select n + 1 from a where n < 5) select n from a", "r"),
    ("with a (select 1), b(x, y) as (select 1, 2) (select * from a, b)", "r"),
    ("with a as (select 1) from a select *", "r"),
    ("select * from (with b(x) as (select 1) select x from b)", "r"), ("select * from values (1, 2) as t(a, b)", "r"),
    ("select * from (select 1) t(a)", "r"), ("select cast(a as decimal(10, 2)), a::varchar(3) from t", "r"),
    ("select * from range(10) where id in (select id from t) and not exists (select 1)", "r"),
    ("select a, grouping(b) from t group by grouping sets ((a, b), (a))", "r"), ("select :begin, :end", "r"),
    ("select transform(a, x -> x + 1), `abs`(b), system.builtin.abs(c) from t", "r"),
    ("select rand(), uuid(), now()", "r"),
    ("select * except (a) from t tablesample (5 percent) join u using (id) lateral view explode(x) e as y", "r"),
    ("select raw:owner.name, st_area(g), h3_toparent(h, 5) from read_files('/x')", "r"),
    ("get '/Volumes/x' to '/tmp/x'", "r"),
    ("select timestamp'2024-01-01', count(*) filter (where a > 1) from t version as of 3", "r"),
    // Explains
    ("show tables", "e"), ("describe t", "e"), ("desc extended t", "e"), ("explain select 1", "e"), ("list '/x'", "e"),
    ("show create table t", "e"), ("explain delete from t", "e"), ("explain formatted drop table t", "e"),
    ("EXPLAIN explain cost insert into t select 1", "e"), ("explain analyze table t compute statistics", "e"),
    ("desc history c.s.t", "e"), ("show partitions t partition (a = 1)", "e"), ("explain select my_udf(1)", "e"),
    // Its own session
    ("use c.s", "s"), ("set a = 1", "s"), ("reset", "s"), ("set time zone 'UTC'", "s"), ("set catalog c", "s"),
    ("create or replace temporary view v as select 1", "s"), ("create temp view v(a) as select 1", "s"),
    ("declare or replace variable v int default 5", "s"), ("set var v = (select max(a) from t)", "s"),
    ("drop temporary variable v", "s"), ("begin transaction", "s"), ("start transaction", "s"), ("rollback", "s"),
    // Functions that are not known
    ("select my_udf(1)", "f"), ("select main.f.mask(name) from t", "f"), ("select `my udf`(1)", "f"),
    ("select a.abs(1)", "f"),
    ("select ai_query('m', 'x'), ai_gen('y')", "f"), ("select * from my_table_function(1)", "f"), ("select 2x(1)", "f"),
    ("select * from read_kafka(subscribe => 't')", "f"), ("create temporary view v as select my_udf(1)", "f"),
    ("select \"my_udf\"(1)", "f"), ("set var v = my_udf(1)", "f"), ("select c.system.builtin.abs(1)", "f"),
    // Outside
    ("select reflect('java.lang.Runtime', 'x')", "o"), ("select java_method('a', 'b')", "o"),
    ("select `reflect`('a', 'b')", "o"),
    ("select http_request(conn => 'c')", "o"), ("select system.builtin.Http_Request(conn => 'c')", "o"),
    ("select try_reflect /* a */ ('a', 'b')", "o"), ("select identifier('ref' || 'lect')('a', 'b')", "o"),
    ("select transform(a) using 'rm -rf /' from t", "o"), ("from t map a using 'x' as b", "o"),
    ("explain select reflect('a', 'b')", "o"),
    ("create temp view v as select http_request(conn => 'c')", "o"),
    ("select * from remote_query('c', query => 'drop table t')", "o"),
    ("explain analyze select reflect('a', 'b')", "o"), ("set var v = reflect('a', 'b')", "o"),
    // It cannot be told
    ("begin drop table t; end", "u"), ("begin select 1; end", "u"), ("l: begin select 1; end", "u"),
    ("select: begin select 1; end", "u"), ("call p()", "u"), ("execute immediate 'drop table t'", "u"),
    ("if a then select 1; end if", "u"), ("select 'open; drop table t", "u"), ("select 1 /* open", "u"),
    ("select ${x}", "u"),
    ("select '${x}'", "u"), ("select `${x}`", "u"), ("1 + 1", "u"), ("frobnicate t", "u"), ("`select` 1", "u"),
    ("'select'", "u"),
    ("\\G", "u"), ("select 1 -- a\\\n; drop table t", "u"), ("with a as (select 1)", "u"), ("selection 1", "u"),
    ("create temporary function f as 'com.example.F' using jar '/x.jar'", "u"), ("explain analyze call p()", "u"),
    ("begin transaction; select 1; end", "u"),
    // Writes
    ("insert into t values (1)", "w"), ("INSERT OVERWRITE t select 1", "w"), ("update t set a = 1", "w"),
    ("delete from t", "w"),
    ("merge into t using s on a = b when matched then delete", "w"), ("create table t (a int)", "w"),
    ("drop table t", "w"),
    ("alter table t add column b int", "w"), ("truncate table t", "w"), ("grant select on t to u", "w"),
    ("copy into t from 'x'", "w"), ("optimize t", "w"), ("vacuum t", "w"), ("restore t to version as of 1", "w"),
    ("analyze table t compute statistics", "w"), ("cache table t", "w"), ("refresh table t", "w"), ("commit", "w"),
    ("put '/tmp/x' into '/Volumes/x'", "w"), ("remove '/Volumes/x'", "w"), ("set tag on table t `a` = `b`", "w"),
    ("unset tag on table t a", "w"), ("create global temporary view v as select 1", "w"), ("fsck repair table t", "w"),
    ("with a as (select 1) insert into t select * from a", "w"),
    ("with a as (select 1) merge into t using a on 1 = 1", "w"),
    ("with a as (select 1) delete from t", "w"), ("with a as (select 1) update t set b = 1", "w"),
    ("with insert as (select 1), b as (select 2) insert into t select * from b", "w"),
    ("from s insert into t select a", "w"), ("from s insert overwrite t select a insert into u select b", "w"),
    ("with a as (select 1) from a insert into t select *", "w"), ("/* select */ drop table t", "w"),
    ("-- select 1\ndrop table t", "w"), ("select 1; drop table t", "w"), ("select 1;; ; insert into t values (1)", "w"),
    ("select ';' ; delete from t", "w"), ("(insert into t values (1))", "w"), ("explain select 1; drop table t", "w"),
    ("select 1 /* /* */ */; drop table t", "w"), ("select '\\''; drop table t", "w"),
    ("select r'\\'; drop table t --'", "w"), ("select 1 -- a\n; drop table t", "w"), ("dRoP tAbLe t", "w"),
    ("select 1 -- a\r; drop table t", "w"), ("select 1 /*+ ; drop table t */", "w"), ("table t |> insert into u", "w"),
    ("select 1\u{00A0};drop table t", "w"), ("select a into u from t", "w"), ("select 1 /*+ a */; drop table t", "w"),
]

@Suite struct StatementEffectTests {
    @Test(arguments: cases) func isJudged(_ sql: String, _ effect: Character) {
        let found: Character =
            switch SQLText(sql).effect {
            case .reads: "r"
            case .explains: "e"
            case .changesSession: "s"
            case .callsFunction: "f"
            case .reachesOutside: "o"
            case .unclear: "u"
            case .writes: "w"
            }
        #expect(found == effect)
    }

    /// Only what changes nothing anywhere, and is one statement.
    @Test(arguments: cases.filter { $0.effect != "r" && $0.effect != "e" }.map(\.sql) + ["", "select 1; select 2"])
    func isNeverRunAgain(_ sql: String) { #expect(!SQLText.mayRunAgain(sql)) }

    @Test(arguments: [
        "/*" + String(repeating: "-", count: 5000) + "*/ select 1", "select 1", "((SELECT 1) UNION (SELECT 2))",
        "-- a note\nselect rand();", "explain drop table t", "show tables",
    ])
    func mayRunAgain(_ sql: String) { #expect(SQLText.mayRunAgain(sql)) }

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
            ("drop temporary variable v", nil), ("explain delete from t", nil),
            ("select 1; delete from `t` -- where a", "DELETE without WHERE"),
        ] as [(String, String?)])
    func whatDestroysIsAskedAbout(_ sql: String, _ danger: String?) {
        #expect(SQLText(sql).destruction == danger)
    }
}
