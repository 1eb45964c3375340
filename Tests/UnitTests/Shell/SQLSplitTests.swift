import Databricks
import Shell
import Testing

/// SQL and the statements it is split into. In the spirit of Apache Spark's own
/// inputs for its parser: what a string, a comment, a hint or a block hides, and what it does not.
private let splits: [(sql: String, statements: [String])] = [
    // Strings
    ("select 'a;b' ; select 1", ["select 'a;b'", "select 1"]),
    ("select '' ; x", ["select ''", "x"]),
    ("select '''' ; x", ["select ''''", "x"]),
    ("select 'a''b;c' ; x", ["select 'a''b;c'", "x"]),
    (#"select '\\' ; x"#, [#"select '\\'"#, "x"]),
    (#"select '\\\';' ; x"#, [#"select '\\\';'"#, "x"]),
    (#"select "a\";b" ; x"#, [#"select "a\";b""#, "x"]),
    (#"select "it's; a" ; x"#, [#"select "it's; a""#, "x"]),
    ("select 'say \"hi;\"' ; x", ["select 'say \"hi;\"'", "x"]),
    ("select 'a\n;b' ; x", ["select 'a\n;b'", "x"]),
    (#"select r'\' ; x"#, [#"select r'\'"#, "x"]),
    (#"select R"\d+;" ; x"#, [#"select R"\d+;""#, "x"]),
    (#"select r'a''b;' ; x"#, [#"select r'a''b;'"#, "x"]),
    (#"select attr'a\';b' ; x"#, [#"select attr'a\';b'"#, "x"]),
    (#"select x'1F;' ; x"#, [#"select x'1F;'"#, "x"]),
    (#"select X'1C7' , r'\', 'b;' ; x"#, [#"select X'1C7' , r'\', 'b;'"#, "x"]),
    ("select date'2020-01-01;' ; x", ["select date'2020-01-01;'", "x"]),
    ("select 'a' 'b;' \"c;\" ; x", ["select 'a' 'b;' \"c;\"", "x"]),
    ("select '漢;字', 'é;' ; x", ["select '漢;字', 'é;'", "x"]),
    // Names
    ("select `a;b` ; x", ["select `a;b`", "x"]),
    ("select `a``;b` ; x", ["select `a``;b`", "x"]),
    (#"select `a\` ; x"#, [#"select `a\`"#, "x"]),
    ("select `it's` ; x", ["select `it's`", "x"]),
    ("select `--`, `/*` ; x", ["select `--`, `/*`", "x"]),
    ("select t.`a;b`.c ; x", ["select t.`a;b`.c", "x"]),
    // Dollars
    ("select $$a;b$$ ; x", ["select $$a;b$$", "x"]),
    ("select $py$ a; $$ b; $py$ ; x", ["select $py$ a; $$ b; $py$", "x"]),
    ("select $a$ ;$b$; $a$ ; x", ["select $a$ ;$b$; $a$", "x"]),
    ("select $$it's -- ;$$ ; x", ["select $$it's -- ;$$", "x"]),
    (
        "create function f() returns int language python as $$\nreturn 1; # it's\n$$ ; x",
        ["create function f() returns int language python as $$\nreturn 1; # it's\n$$", "x"]
    ),
    ("select ${v} ; x", ["select ${v}", "x"]),
    ("select $1 ; x", ["select $1", "x"]),
    ("select $ a$b ; x", ["select $ a$b", "x"]),
    // Comments
    ("select 1 -- a;b\n; x", ["select 1 -- a;b", "x"]),
    ("select 1 --\n; x", ["select 1 --", "x"]),
    ("select 1 -- it's\n; x", ["select 1 -- it's", "x"]),
    ("select 1 -- `a\n; x", ["select 1 -- `a", "x"]),
    ("select 1 -- /* a\n; x", ["select 1 -- /* a", "x"]),
    ("select 1 -- a\\\n; b\n; x", ["select 1 -- a\\\n; b", "x"]),
    ("select 1 -- a \\ \n; x", ["select 1 -- a \\", "x"]),
    ("select 1 /* a;b */ ; x", ["select 1 /* a;b */", "x"]),
    ("select 1 /**/ ; x", ["select 1 /**/", "x"]),
    ("select 1 /***/ ; x", ["select 1 /***/", "x"]),
    ("select 1 /* * / ; */ ; x", ["select 1 /* * / ; */", "x"]),
    ("select 1 /* a /* b; */ c; */ ; x", ["select 1 /* a /* b; */ c; */", "x"]),
    ("select 1 /* a /* b /* c; */ */ ; */ ; x", ["select 1 /* a /* b /* c; */ */ ; */", "x"]),
    ("select 1 /*/ ; */ ; x", ["select 1 /*/ ; */", "x"]),
    ("select 1 /* it's ; */ ; x", ["select 1 /* it's ; */", "x"]),
    ("select 1 /* \" ` ; */ ; x", ["select 1 /* \" ` ; */", "x"]),
    ("select 1 /* -- ; */ ; x", ["select 1 /* -- ; */", "x"]),
    ("select 1 - -1 ; x", ["select 1 - -1", "x"]),
    ("select 1--1\n; x", ["select 1--1", "x"]),
    ("select 2 / 1 ; x", ["select 2 / 1", "x"]),
    ("select 2 /*+1*/ ; x", ["select 2 /*+1*/", "x"]),
    ("select * from t where a*/b ; x", ["select * from t where a*/b", "x"]),
    ("select a */* ; b ; x", ["select a */*", "b", "x"]),
    ("-- first\n-- second\nselect 1 ; x", ["-- first\n-- second\nselect 1", "x"]),
    ("/* head */ select 1 ; x", ["/* head */ select 1", "x"]),
    ("-- only a comment;\n", []),
    ("/* only ; a comment */", []),
    ("/* only */ ; -- comments\n ; ", []),
    ("select 1;-- after\nselect 2", ["select 1", "select 2"]),
    ("select 1;/* after; */ select 2", ["select 1", "/* after; */ select 2"]),
    // Hints are code inside
    ("select /*+ broadcast(t) */ 1 ; x", ["select /*+ broadcast(t) */ 1", "x"]),
    ("select /*+ a('*/;') */ 1 ; x", ["select /*+ a('*/;') */ 1", "x"]),
    ("select /*+ a(`;`) */ 1 ; x", ["select /*+ a(`;`) */ 1", "x"]),
    ("select /* /*+ no hint in a comment */ 1 ; x", ["select /* /*+ no hint in a comment */ 1", "x"]),
    ("select /*+ a /* b; */ */ 1 ; x", ["select /*+ a /* b; */ */ 1", "x"]),
    // URLs are one token
    ("list abfss://c@a.dfs/x--y ; x", ["list abfss://c@a.dfs/x--y ; x"]),
    ("list file:///a--b ; x", ["list file:///a--b", "x"]),
    ("list dbfs://a/*b ; x", ["list dbfs://a/*b", "x"]),
    ("select a://", ["select a://"]),
    // Ends
    ("select 1;;select 2;", ["select 1", "select 2"]),
    (";;;", []),
    ("", []),
    ("\n\n \t\n", []),
    ("select 1 ;\tselect 2", ["select 1", "select 2"]),
    ("select 1\r\n;\r\nselect 2\r\n", ["select 1", "select 2"]),
    ("select 1\r;select 2", ["select 1", "select 2"]),
    ("select 1 -- a\rselect 2; x", ["select 1 -- a\rselect 2", "x"]),
    ("select\t1\u{0B}\u{0C}; x", ["select\t1\u{0B}\u{0C}", "x"]),
    ("select 1;\u{00A0}; \u{3000}\n;x", ["select 1", "x"]),
    ("select\u{00A0}1;x", ["select\u{00A0}1", "x"]),
    ("select 'never closed; select 2", ["select 'never closed; select 2"]),
    ("select /* never closed; select 2", ["select /* never closed; select 2"]),
    ("select 1 \\", ["select 1 \\"]),
    ("select '\\", ["select '\\"]),
    ("select 1 \\g; x", ["select 1 \\g", "x"]),
]

private let blocks: [(sql: String, statements: [String])] = [
    ("begin end; x", ["begin end", "x"]),
    ("BEGIN\nSELECT 1;\nEND; x", ["BEGIN\nSELECT 1;\nEND", "x"]),
    (
        "begin select 1; begin select 2; end; select 3; end; x",
        ["begin select 1; begin select 2; end; select 3; end", "x"]
    ),
    ("begin declare a int; set a = 1; end; x", ["begin declare a int; set a = 1; end", "x"]),
    ("a: begin select 1; end a; x", ["a: begin select 1; end a", "x"]),
    ("`a;b`: begin select 1; end; x", ["`a;b`: begin select 1; end", "x"]),
    ("begin a: begin select 1; end a; end; x", ["begin a: begin select 1; end a; end", "x"]),
    ("begin a: loop leave a; end loop; end; x", ["begin a: loop leave a; end loop; end", "x"]),
    ("begin a: while true do leave a; end while a; end; x", ["begin a: while true do leave a; end while a; end", "x"]),
    (
        "begin a: repeat select 1; until true end repeat a; end; x",
        ["begin a: repeat select 1; until true end repeat a; end", "x"]
    ),
    (
        "begin repeat select 1; until case when a then b end end repeat; end; x",
        ["begin repeat select 1; until case when a then b end end repeat; end", "x"]
    ),
    (
        "begin a: for r as select 1 do iterate a; end for a; end; x",
        ["begin a: for r as select 1 do iterate a; end for a; end", "x"]
    ),
    ("begin for select 1 do select 2; end for; end; x", ["begin for select 1 do select 2; end for; end", "x"]),
    (
        "begin for r as select case when a then 1 end b do select 2; end for; end; x",
        ["begin for r as select case when a then 1 end b do select 2; end for; end", "x"]
    ),
    (
        "begin if a then select 1; elseif b then select 2; else select 3; end if; end; x",
        ["begin if a then select 1; elseif b then select 2; else select 3; end if; end", "x"]
    ),
    (
        "begin if a then if b then select 1; end if; end if; end; x",
        ["begin if a then if b then select 1; end if; end if; end", "x"]
    ),
    (
        "begin if (select case when a then true end) then select 1; end if; end; x",
        ["begin if (select case when a then true end) then select 1; end if; end", "x"]
    ),
    (
        "begin case a when 1 then select 1; when 2 then select 2; end case; end; x",
        ["begin case a when 1 then select 1; when 2 then select 2; end case; end", "x"]
    ),
    (
        "begin case when case when a then b end then select 1; end case; end; x",
        ["begin case when case when a then b end then select 1; end case; end", "x"]
    ),
    (
        "begin select case a when 1 then 2 else 3 end as e, 4; end; x",
        ["begin select case a when 1 then 2 else 3 end as e, 4; end", "x"]
    ),
    (
        "begin select case when a then case when b then 1 end end; end; x",
        ["begin select case when a then case when b then 1 end end; end", "x"]
    ),
    (
        "begin while a < 1 do while b < 2 do set b = 3; end while; end while; end; x",
        ["begin while a < 1 do while b < 2 do set b = 3; end while; end while; end", "x"]
    ),
    ("begin select if(a, 1, 2), repeat('x', 3); end; x", ["begin select if(a, 1, 2), repeat('x', 3); end", "x"]),
    ("begin select t.end, t.begin, t.case from t; end; x", ["begin select t.end, t.begin, t.case from t; end", "x"]),
    ("begin select start, end from t; end; x", ["begin select start, end from t; end", "x"]),
    ("begin select begin from t; end; x", ["begin select begin from t; end", "x"]),
    (
        "begin drop table if exists t; create table if not exists t (a int); end; x",
        ["begin drop table if exists t; create table if not exists t (a int); end", "x"]
    ),
    (
        "begin merge into t using s on a = b when matched then update set c = d when not matched then insert *; end; x",
        [
            "begin merge into t using s on a = b when matched then update set c = d when not matched then insert *; end",
            "x",
        ]
    ),
    (
        "begin declare exit handler for sqlexception begin select 1; end; select 2; end; x",
        ["begin declare exit handler for sqlexception begin select 1; end; select 2; end", "x"]
    ),
    (
        "begin declare continue handler for not found set a = 1; select 2; end; x",
        ["begin declare continue handler for not found set a = 1; select 2; end", "x"]
    ),
    (
        "begin declare c condition for sqlstate '12345'; signal c; end; x",
        ["begin declare c condition for sqlstate '12345'; signal c; end", "x"]
    ),
    ("begin not atomic select 1; end; x", ["begin not atomic select 1; end", "x"]),
    ("begin atomic insert into t values (1); end; x", ["begin atomic insert into t values (1); end", "x"]),
    (
        "begin transaction; insert into t values (1); commit; x",
        ["begin transaction", "insert into t values (1)", "commit", "x"]
    ),
    ("begin; select 1; x", ["begin", "select 1", "x"]),
    (
        "create procedure p(a int) language sql as begin select a; end; x",
        ["create procedure p(a int) language sql as begin select a; end", "x"]
    ),
    (
        "create or replace procedure if not exists c.s.p(begin int) sql security invoker as begin if a then b; end if; end; x",
        [
            "create or replace procedure if not exists c.s.p(begin int) sql security invoker as begin if a then b; end if; end",
            "x",
        ]
    ),
    (
        "create function f(a int) returns int return a + 1; x",
        ["create function f(a int) returns int return a + 1", "x"]
    ),
    ("create function begin as 'c'; x", ["create function begin as 'c'", "x"]),
    ("create table begin (end int); x", ["create table begin (end int)", "x"]),
    (
        "begin -- end;\nselect 1; /* end; */ select 'end;'; end; x",
        ["begin -- end;\nselect 1; /* end; */ select 'end;'; end", "x"]
    ),
    (
        "begin set a = (select count(*) from t); values (a); end; x",
        ["begin set a = (select count(*) from t); values (a); end", "x"]
    ),
    (
        "begin select :a, :case from t where b = :end; end; x",
        ["begin select :a, :case from t where b = :end; end", "x"]
    ),
    (
        "select case when a then b end, case c when 1 then 2 end from t; x",
        ["select case when a then b end, case c when 1 then 2 end from t", "x"]
    ),
    ("if; x", ["if", "x"]),
    ("end; x", ["end", "x"]),
    (
        "begin begin begin select 1; end; end; end; begin end; x",
        ["begin begin begin select 1; end; end; end", "begin end", "x"]
    ),
    ("explain select 1; describe t; x", ["explain select 1", "describe t", "x"]),
]

@Suite struct SQLSplitTests {
    @Test(arguments: splits + blocks)
    func isSplit(_ sql: String, into statements: [String]) {
        for pieces in [[Array(sql.utf8)], sql.utf8.map { [$0] }] {
            #expect(Self.split(pieces) == statements)
        }
    }

    static func split(_ pieces: [[UInt8]]) -> [String] {
        var reader = CellReader(language: .sql, commands: [])
        var statements: [String] = []
        func take(_ reader: inout CellReader) {
            while let cell = reader.next() {
                if case .code(_, let text) = cell.content { statements.append(text) }
            }
        }
        for piece in pieces {
            reader.append(piece)
            take(&reader)
        }
        reader.finish()
        take(&reader)
        return statements
    }
}
