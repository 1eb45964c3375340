import Databricks
import Shell
import Testing

/// A script and the cells it must be read as. Each case is read whole, line by line and byte by byte.
struct ReaderCase: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    var language: Language = .sql
    var cells: [String]

    var testDescription: String { name }
}

/// How a cell is written down in the tables below.
private func show(_ cell: Cell) -> String {
    let ending =
        switch cell.ending {
        case .open: ""
        case .semicolon: ";"
        case .vertical: "\\G"
        case .background: ";&"
        }
    switch cell.content {
    case .meta(let line): return "meta|\(line)"
    case .code(let language, let code): return "\(language)|\(code)\(ending)"
    case .clusterMagic(let text): return "magic|\(text)"
    case .run(let path): return "run|\(path)"
    case .note(let text): return "note|\(text)"
    case .skipped(let text): return "skip|\(text)"
    case .invalid(let why): return "invalid|\(why)"
    }
}

private let commands: Set<String> = ["help", "mode", "lang", "read"]

private func read(_ pieces: [[UInt8]], _ language: Language) -> [Cell] {
    var reader = CellReader(language: language, commands: commands)
    var cells: [Cell] = []
    for piece in pieces {
        reader.append(piece)
        while let cell = reader.next() { cells.append(cell) }
    }
    reader.finish()
    while let cell = reader.next() { cells.append(cell) }
    return cells
}

private let sqlCases: [ReaderCase] = [
    ReaderCase(name: "two on a line", text: "select 1; select 2;", cells: ["sql|select 1;", "sql|select 2;"]),
    ReaderCase(
        name: "last needs no semicolon", text: "select 1;\nselect 2\n", cells: ["sql|select 1;", "sql|select 2"]),
    ReaderCase(name: "empty statements", text: ";; ;\n-- only a comment\n/* and this */;\n", cells: []),
    ReaderCase(name: "single quotes", text: "select 'a;b';x", cells: ["sql|select 'a;b';", "sql|x"]),
    ReaderCase(name: "doubled quote", text: "select 'it''s;';x", cells: ["sql|select 'it''s;';", "sql|x"]),
    ReaderCase(name: "backslash quote", text: #"select 'it\';';x"#, cells: [#"sql|select 'it\';';"#, "sql|x"]),
    ReaderCase(name: "double quotes", text: #"select "a;b";x"#, cells: [#"sql|select "a;b";"#, "sql|x"]),
    ReaderCase(name: "backticks", text: "select `a;``b\\`;x", cells: ["sql|select `a;``b\\`;", "sql|x"]),
    ReaderCase(name: "raw string", text: #"select r'a\';x"#, cells: [#"sql|select r'a\';"#, "sql|x"]),
    ReaderCase(name: "raw string upper", text: #"select R"a\";x"#, cells: [#"sql|select R"a\";"#, "sql|x"]),
    ReaderCase(
        name: "word before a quote is no raw prefix", text: #"select year'a\';b';x"#,
        cells: [#"sql|select year'a\';b';"#, "sql|x"]),
    ReaderCase(
        name: "dollar body", text: "create function f() as $$ a; b $$;x",
        cells: ["sql|create function f() as $$ a; b $$;", "sql|x"]),
    ReaderCase(
        name: "line comment hides", text: "select 1 -- not; here\n+ 1;", cells: ["sql|select 1 -- not; here\n+ 1;"]),
    ReaderCase(
        name: "comment after", text: "select 1; -- one; only\nselect 2;", cells: ["sql|select 1;", "sql|select 2;"]),
    ReaderCase(
        name: "comment continues over a backslash", text: "select 1 -- a \\\n; b\n;",
        cells: ["sql|select 1 -- a \\\n; b;"]),
    ReaderCase(
        name: "comment after continues over a backslash", text: "select 1; -- a \\\n/* b\nselect 2;",
        cells: ["sql|select 1;", "sql|select 2;"]),
    ReaderCase(
        name: "comment after ends at a lone return", text: "select 1; -- a\rselect 2;",
        cells: ["sql|select 1;", "sql|select 2;"]),
    ReaderCase(
        name: "nested comment", text: "select /* a; /* b; */ c; */ 1;x",
        cells: ["sql|select /* a; /* b; */ c; */ 1;", "sql|x"]),
    ReaderCase(name: "quote in a comment", text: "select 1 -- it's\n;x", cells: ["sql|select 1 -- it's;", "sql|x"]),
    ReaderCase(name: "comment in quotes", text: "select '--', '/*';x", cells: ["sql|select '--', '/*';", "sql|x"]),
    ReaderCase(name: "leading comment goes along", text: "-- why\nselect 1;", cells: ["sql|-- why\nselect 1;"]),
    ReaderCase(name: "comment then meta", text: "-- note\n.help\n", cells: ["meta|.help"]),
    ReaderCase(name: "hint", text: "select /*+ broadcast(a) */ 1;", cells: ["sql|select /*+ broadcast(a) */ 1;"]),
    ReaderCase(name: "vertical", text: "select 1\\G\nselect 2;", cells: ["sql|select 1\\G", "sql|select 2;"]),
    ReaderCase(name: "background", text: "select 1; &\nselect 2;&", cells: ["sql|select 1;&", "sql|select 2;&"]),
    ReaderCase(name: "CRLF", text: "select 1\r\n+ 1;\r\n.help\r\n", cells: ["sql|select 1\n+ 1;", "meta|.help"]),
    ReaderCase(name: "BOM", text: "\u{FEFF}select 1;", cells: ["sql|select 1;"]),
    ReaderCase(name: "number with a leading dot", text: "select\n.5;\n", cells: ["sql|select\n.5;"]),
    ReaderCase(
        name: "separators", text: "select 1\n-- %%\nselect 2\n-- COMMAND ----------\nselect 3",
        cells: ["sql|select 1", "sql|select 2", "sql|select 3"]),
    ReaderCase(
        name: "a separator ends at a lone return", text: "-- %% title\rselect 1;\n", cells: ["sql|select 1;"]),
    ReaderCase(name: "separator in a string stays", text: "select '\n-- %%\n';", cells: ["sql|select '\n-- %%\n';"]),
]

private let blockCases: [ReaderCase] = [
    ReaderCase(
        name: "compound", text: "begin\n select 1;\n select 2;\nend;\nx",
        cells: ["sql|begin\n select 1;\n select 2;\nend;", "sql|x"]),
    ReaderCase(
        name: "nested compound", text: "BEGIN BEGIN select 1; END; END;x",
        cells: ["sql|BEGIN BEGIN select 1; END; END;", "sql|x"]),
    ReaderCase(
        name: "if", text: "begin if a then select 1; else select 2; end if; end;x",
        cells: ["sql|begin if a then select 1; else select 2; end if; end;", "sql|x"]),
    ReaderCase(
        name: "if function", text: "begin select if(a, 1, 2); set x = if(a, 1, 2); end;x",
        cells: ["sql|begin select if(a, 1, 2); set x = if(a, 1, 2); end;", "sql|x"]),
    ReaderCase(
        name: "case expression", text: "begin select case when a then 1 else 2 end; end;x",
        cells: ["sql|begin select case when a then 1 else 2 end; end;", "sql|x"]),
    ReaderCase(
        name: "case statement", text: "begin case when a then select 1; else select 2; end case; end;x",
        cells: ["sql|begin case when a then select 1; else select 2; end case; end;", "sql|x"]),
    ReaderCase(
        name: "case outside", text: "select case when a then 1 end; x",
        cells: ["sql|select case when a then 1 end;", "sql|x"]),
    ReaderCase(
        name: "while", text: "begin while a < 3 do set a = a + 1; end while; end;x",
        cells: ["sql|begin while a < 3 do set a = a + 1; end while; end;", "sql|x"]),
    ReaderCase(
        name: "loop with label", text: "begin l: loop leave l; end loop l; end;x",
        cells: ["sql|begin l: loop leave l; end loop l; end;", "sql|x"]),
    ReaderCase(
        name: "repeat", text: "begin repeat set a = 1; until a end repeat; end;x",
        cells: ["sql|begin repeat set a = 1; until a end repeat; end;", "sql|x"]),
    ReaderCase(
        name: "for", text: "begin for r as select 1 do select 2; end for; end;x",
        cells: ["sql|begin for r as select 1 do select 2; end for; end;", "sql|x"]),
    ReaderCase(
        name: "labelled", text: "lbl: begin select 1; end lbl;x", cells: ["sql|lbl: begin select 1; end lbl;", "sql|x"]),
    ReaderCase(
        name: "handler", text: "begin declare exit handler for sqlexception begin select 1; end; select 2; end;x",
        cells: ["sql|begin declare exit handler for sqlexception begin select 1; end; select 2; end;", "sql|x"]),
    ReaderCase(
        name: "drop if exists in a block", text: "begin drop table if exists t; end;x",
        cells: ["sql|begin drop table if exists t; end;", "sql|x"]),
    ReaderCase(
        name: "transaction", text: "begin transaction; select 1; commit;",
        cells: ["sql|begin transaction;", "sql|select 1;", "sql|commit;"]),
    ReaderCase(
        name: "a column named begin", text: "select begin from t; x", cells: ["sql|select begin from t;", "sql|x"]),
    ReaderCase(
        name: "procedure", text: "create procedure p() language sql as begin select 1; end;x",
        cells: ["sql|create procedure p() language sql as begin select 1; end;", "sql|x"]),
    ReaderCase(
        name: "string in a block", text: "begin select 'end;'; end;x",
        cells: ["sql|begin select 'end;'; end;", "sql|x"]),
]

private let mixedCases: [ReaderCase] = [
    ReaderCase(name: "meta", text: ".mode csv\nselect 1;", cells: ["meta|.mode csv", "sql|select 1;"]),
    ReaderCase(name: "meta indented", text: "  .mode csv\n", cells: ["meta|.mode csv"]),
    ReaderCase(
        name: "meta continued", text: ".read \\\n a.dbsh\nselect 1;", cells: ["meta|.read  a.dbsh", "sql|select 1;"]),
    ReaderCase(
        name: "python cell of several statements", text: "x = 1\n\nprint(x)\n.mode csv\nprint(2)\n", language: .python,
        cells: ["python|x = 1\n\nprint(x)", "meta|.mode csv", "python|print(2)"]),
    ReaderCase(
        name: "python method chain in brackets", text: "y = (x\n.mode()\n.help())\n", language: .python,
        cells: ["python|y = (x\n.mode()\n.help())"]),
    ReaderCase(
        name: "unknown dot name is code", text: "x = y \\\n.foo\nz\n.foo\n", language: .python,
        cells: ["python|x = y \\\n.foo\nz\n.foo"]),
    ReaderCase(
        name: "triple quotes", text: "x = '''\n.help\n# %%\n'''\n.help", language: .python,
        cells: ["python|x = '''\n.help\n# %%\n'''", "meta|.help"]),
    ReaderCase(
        name: "python separators", text: "a = 1\n# %%\nb = 2\n# COMMAND ----------\n# c\n", language: .python,
        cells: ["python|a = 1", "python|b = 2"]),
    ReaderCase(
        name: "hash in a string", text: "a = '#'\nb = \"it's\"\n.help", language: .python,
        cells: ["python|a = '#'\nb = \"it's\"", "meta|.help"]),
    ReaderCase(
        name: "one-line magic", text: "%python print(1)\nselect 1;", cells: ["python|print(1)", "sql|select 1;"]),
    ReaderCase(
        name: "one-line magic goes on in brackets", text: "%python print(\n1)\nselect 1;",
        cells: ["python|print(\n1)", "sql|select 1;"]),
    ReaderCase(
        name: "magic block", text: "%python\nfor i in range(2):\n    print(i)\n%sql select 1",
        cells: ["python|for i in range(2):\n    print(i)", "sql|select 1"]),
    ReaderCase(
        name: "sql magic in python", text: "%sql select 1; select 'a;'\nprint(1)\n", language: .python,
        cells: ["sql|select 1;", "sql|select 'a;'", "python|print(1)"]),
    ReaderCase(
        name: "sql magic with a comment in python", text: "%sql select 1; -- one\nprint(1)\n", language: .python,
        cells: ["sql|select 1;", "python|print(1)"]),
    ReaderCase(
        name: "sql magic block in python", text: "%sql\nselect\n1;\nprint(1)\n", language: .python,
        cells: ["sql|select\n1;", "python|print(1)"]),
    ReaderCase(name: "IPython's own magic", text: "%timeit 1\nx\n", language: .python, cells: ["python|%timeit 1\nx"]),
    ReaderCase(
        name: "unknown magic in SQL takes its cell along", text: "%foo\ndrop table t;\n-- %%\nselect 1;",
        cells: [
            "invalid|%foo is not a magic that dbsh knows (%sql, %python, %scala, %r, %md, %run, %pip, %sh, %fs, %skip, "
                + "%conda, %uv, %restart_python)", "sql|select 1;",
        ]),
    ReaderCase(
        name: "skipped", text: "%skip\n%sql\ndrop table t;\n.mode csv\n# %%\nselect 1;\n%skip select 2\nselect 3",
        cells: ["skip|%sql\ndrop table t;\n.mode csv", "sql|select 1;", "skip|select 2", "sql|select 3"]),
    ReaderCase(
        name: "magics go on behind a backslash",
        text: "%pip install a \\\n  b\n%run ./x \\\n $a=1\n%py x\n%sh ls \\\n -l\n",
        cells: ["magic|%pip install a \\\n  b", "run|./x  $a=1", "python|x", "magic|%sh ls \\\n -l"]),
    ReaderCase(
        name: "a comment that is never closed is sent", text: "select 1;\n/* a\nselect 2;\ndrop table t;\n",
        cells: ["sql|select 1;", "sql|/* a\nselect 2;\ndrop table t;"]),
    ReaderCase(name: "in Scala too", text: "/* a\nx\n", language: .scala, cells: ["scala|/* a\nx"]),
    ReaderCase(
        name: "the line that names the program", text: "#!/usr/bin/env dbsh\nselect 1;\n#!x",
        cells: ["sql|select 1;", "sql|#!x"]),
    ReaderCase(
        name: "notes and run", text: "%md # Title\n%run other.dbsh\n%pip install x\n%sh ls\n%fs ls /",
        cells: ["note|# Title", "run|other.dbsh", "magic|%pip install x", "magic|%sh ls", "magic|%fs ls /"]),
    ReaderCase(
        name: "md block", text: "%md\n# Title\ntext\n-- %%\nselect 1", cells: ["note|# Title\ntext", "sql|select 1"]),
    ReaderCase(
        name: "scala", text: "val a = \"\"\"x\n.help\n\"\"\"\nval c = '\"'\n/* /* a */\n.help\n*/\n.help",
        language: .scala,
        cells: ["scala|val a = \"\"\"x\n.help\n\"\"\"\nval c = '\"'\n/* /* a */\n.help\n*/", "meta|.help"]),
    ReaderCase(
        name: "r", text: "f <- function(x) {\n.help\n}\ns <- r\"(a\n.help\n)\"\n.help", language: .r,
        cells: ["r|f <- function(x) {\n.help\n}\ns <- r\"(a\n.help\n)\"", "meta|.help"]),
    ReaderCase(
        name: "NUL", text: "select '\0';", cells: ["invalid|the cell holds a NUL byte, which no language takes"]),
]

@Suite struct CellReaderTests {
    @Test(arguments: sqlCases + blockCases + mixedCases)
    func readsTheSameCellsHoweverTheTextArrives(_ test: ReaderCase) {
        let bytes = Array(test.text.utf8)
        #expect(read([bytes], test.language).map(show) == test.cells)
        #expect(read(bytes.map { [$0] }, test.language).map(show) == test.cells, "byte by byte")
        let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { Array($0) + [10] }
        #expect(read(lines, test.language).map(show) == test.cells, "line by line")
    }

    @Test func cellsKnowWhereTheyBegin() {
        let cells = read([Array("select 1;\n\n  select 2; select 3;\n%python\n\nx\n".utf8)], .sql)
        #expect(
            cells.map(\.start) == [
                SourcePosition(line: 1, column: 1), SourcePosition(line: 3, column: 3),
                SourcePosition(line: 3, column: 13),
                SourcePosition(line: 4, column: 1),
            ])
    }

    @Test func invalidUTF8IsRefused() {
        let cells = read([Array("select '".utf8) + [0xC3, 0x28] + Array("';select 1".utf8)], .sql)
        #expect(cells.map(show) == ["invalid|the cell is not valid UTF-8; save the file as UTF-8", "sql|select 1"])
    }

    @Test(
        arguments: [
            ("select 1", OpenConstruct.statement), ("select 1;", nil), ("select 'a", .quote("'")),
            ("select /* a", .comment),
            ("begin select 1;", .block("begin")), ("begin if a then", .block("if")), (".mode \\", .continuation),
            (".mode", nil),
            ("%python", .magic), ("%python for i in x:", .suite), ("%python print(", .bracket("(")),
            ("%python print(1)", nil),
            ("%foo", nil), ("%pip install a \\", .continuation), ("%skip", .magic),
            ("%python\nx", .suite), ("%python\nx\n", nil), ("", nil), ("select $$ a", .quote("$$")), ("-- a", nil),
        ] as [(String, OpenConstruct?)])
    func saysWhatIsOpen(_ text: String, _ open: OpenConstruct?) {
        #expect(CellCompleteness.open(in: text, language: .sql, commands: commands) == open)
    }

    @Test(
        arguments: [
            ("x = 1", nil), ("for i in x:", .suite), ("for i in x:\n  print(i)", .suite),
            ("for i in x:\n  print(i)\n", nil),
            ("f(", .bracket("(")), ("'''", .quote("'''")), ("a = \\", .continuation), ("@dec", .suite), ("# only", nil),
            ("if a:\n  b\nelse:", .suite), ("x = {'a':\n", .bracket("{")), ("'it\\'s'", nil), ("d = {}  # {", nil),
        ] as [(String, OpenConstruct?)])
    func judgesPythonAsItsOwnPromptDoes(_ text: String, _ open: OpenConstruct?) {
        #expect(CellCompleteness.open(in: text, language: .python, commands: commands) == open)
    }
}

@Suite struct WordsTests {
    @Test(arguments: [
        ("a b  c", ["a", "b", "c"]), ("'a b' \"c d\"", ["a b", "c d"]), (#"a\ b"#, ["a b"]), ("'' x", ["", "x"]),
        (#""a\"b" 'c\d'"#, ["a\"b", #"c\d"#]), ("a'b'c", ["abc"]), ("${x}y '${x}'", ["1y", "${x}"]),
        ("\"${x} z\"", ["1 z"]),
    ])
    func splitsAsAShell(_ line: String, _ words: [String]) throws {
        #expect(try Words.split(line) { $0 == "x" ? "1" : nil } == words)
    }

    @Test(arguments: ["a b", "", "it's", "plain", "a$b", "漢字", "a\\b"])
    func quotesSoThatItReadsBack(_ word: String) throws {
        #expect(try Words.split(Words.quote(word)) == [word])
    }
}
