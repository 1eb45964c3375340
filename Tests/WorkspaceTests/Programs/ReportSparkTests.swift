import Results
import Support
import Testing

/// `--report` and `--errors json`: every line is one of the schema that dbsh comes with, and says what happened.
@Suite(
    .enabled(if: SDKTests.python != nil, "DBSH_TEST_PYTHON names no Python with jsonschema"),
    .timeLimit(.minutes(10)))
struct ReportSparkTests {
    private static let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    private static let schema = folder + "/../../scripts/share/dbsh-report.schema.json"

    /// Runs a line of a shell in `home`.
    private func run(_ line: String, in home: ScratchDirectory) async throws -> ShellCommand.Result {
        let workspace = try await ServedWorkspace.shared()
        let result = try await ShellCommand(line, in: home.path, environment: workspace.environment).run()
        workspace.expectNoSecret(in: result, of: line)
        return result
    }

    /// The lines of a file, each judged by the schema.
    private func lines(_ name: String, in home: ScratchDirectory) async throws -> [JSONValue] {
        let python = try #require(SDKTests.python)
        let program = "\(python) \(Self.folder)/Resources/validate_lines.py"
        let judged = try await run("\(program) \(Self.schema) <\(name)", in: home)
        #expect(judged.status == 0, "\(judged.errors)\n\(home.contents(name) ?? "")")
        return try #require(home.contents(name)).split(separator: "\n").map { try JSONValue.parse(String($0)) }
    }

    @Test func everyKindOfCellHasItsLine() async throws {
        let home = try ScratchDirectory()
        try home.write(
            """
            .echo begin
            select id, cast(id as string) as s from range(3);
            select nope;
            .expect error UNRESOLVED_COLUMN
            %python
            print("hi")
            # %%
            %md a note
            %skip
            select 2;
            -- %%
            .if 1 = 2
            select 'never';
            .endif
            .once out.csv
            select 5 as five;
            .read other.dbsh
            select 6;
            """, to: "s.dbsh")
        try home.write("%python 1/0\n", to: "other.dbsh")
        let result = try await run("dbsh -m csv --report 3 s.dbsh 3>r.jsonl", in: home)
        #expect(result.status == 1)
        #expect(result.output == "begin\nid,s\n0,0\n1,1\n2,2\nhi\n", "\(result.output)")
        let lines = try await lines("r.jsonl", in: home)
        #expect(lines.first?["type"]?.text == "start" && lines.last?["type"]?.text == "end")
        let cells = lines.filter { $0["type"]?.text == "cell" }
        func cell(_ line: Int) -> JSONValue? {
            cells.first { $0["line"] == .number("\(line)") && $0["file"]?.text == "s.dbsh" }
        }
        #expect(cell(2)?["results"]?[0]?["rows"] == .number("3"))
        #expect(cell(2)?["results"]?[0]?["columns"]?[1]?["type"]?.text == "STRING")
        #expect(cell(2)?["ran_on"]?["kind"]?.text == "warehouse" && cell(2)?["ids"]?["statement"]?.text != nil)
        #expect(cell(3)?["state"]?.text == "failed" && cell(3)?["expected"] == .bool(true))
        #expect(cell(3)?["error"]?["sqlstate"]?.text == "42703" && cell(3)?["error"]?["column"] == .number("8"))
        #expect(cell(5)?["language"]?.text == "python" && cell(5)?["ids"]?["command"]?.text != nil)
        #expect(cell(13)?["state"]?.text == "skipped" && cell(9)?["state"]?.text == "skipped")
        #expect(cell(16)?["output_files"]?[0]?.text == "out.csv")
        let inner = cells.first { $0["file"]?.text == "other.dbsh" }
        #expect(inner?["error"]?["class"]?.text == "ZeroDivisionError")
        #expect(cell(18) == nil, "a cell behind the failure was run")
        let totals = lines.last?["totals"]
        #expect(totals?["failed"] == .number("2") && totals?["expected_failures"] == .number("1"))
        #expect(totals?["skipped"] == .number("2") && lines.last?["exit_code"] == .number("1"))
    }

    @Test func scriptsThatAreTestsAreReportedToo() async throws {
        let home = try ScratchDirectory()
        try home.write("select 1;\n.expect rows 1\n", to: "a.dbsh")
        try home.write("select 1;\n.expect rows 2\n", to: "b.dbsh")
        let result = try await run("dbsh test --jobs 2 --report r.jsonl a.dbsh b.dbsh", in: home)
        #expect(result.status == 1)
        let lines = try await lines("r.jsonl", in: home)
        let scripts = lines.filter { $0["type"]?.text == "script" }
        let passed = scripts.filter { $0["passed"] == .bool(true) }
        #expect(scripts.count == 2 && passed.map { $0["file"]?.text } == ["a.dbsh"])
        #expect(lines.last?["totals"]?["cells"] == .number("4") && lines.last?["exit_code"] == .number("1"))
    }

    @Test func errorsAndMessagesAreLinesToo() async throws {
        let home = try ScratchDirectory()
        for (line, status) in [
            ("dbsh --errors json -c 'select nope'", 1), ("dbsh --errors json --nosuch", 2),
            ("dbsh --errors json -c '.lang' -c '.save x.dbsh' -c '.cd /nowhere'", 2),
            ("dbsh --errors=json --timeout 0.2s -c '%python import time; time.sleep(60)'", 124),
            ("DATABRICKS_HOST=http://127.0.0.1:1 dbsh --errors json -c 'select 1'", 3),
        ] {
            let result = try await run("\(line) 2>e.jsonl", in: home)
            #expect(Int(result.status) == status)
            let lines = try await lines("e.jsonl", in: home)
            #expect(lines.last?["type"]?.text == "error" && lines.last?["exit_code"] == .number("\(status)"))
        }
    }

    /// What cannot be reported fails the run, and stdout is never for reports.
    @Test func reportsThatCannotBeWritten() async throws {
        let home = try ScratchDirectory()
        for target in ["1", "-", "0", "199", "/dev/stdout", "/nowhere/r.jsonl"] {
            #expect(try await run("dbsh --report \(target) -c 'select 1'", in: home).status == 2, "\(target)")
        }
        let full = try await run("dbsh --report /dev/full -c 'select 1 as x'", in: home)
        #expect(full.status == 1 && full.output == "x\n1\n" && full.errors.contains("/dev/full"), "\(full.errors)")
        #expect(full.errors.contains("what is in it breaks off"), "\(full.errors)")
        try home.write("selec 1;\n", to: "bad.dbsh")
        try home.write(".read bad.dbsh\n.expect error PARSE_SYNTAX_ERROR\n", to: "good.dbsh")
        let nested = try await run("dbsh -q --report r.jsonl good.dbsh; echo $?; tail -n 1 r.jsonl", in: home)
        #expect(nested.output.contains(#""failed":0,"expected_failures":2"#), "\(nested.output)")
        let record = try await run("dbsh -c '.record --overwrite /dev/full' -c 'select 1 as x'", in: home)
        #expect(record.status == 1 && record.errors.contains("cannot write /dev/full: the disk is full"))
    }
}
