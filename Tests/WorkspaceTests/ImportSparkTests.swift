import Support
import Testing

/// `.import`: what `.export` wrote comes back as it was, and what does not fit is named.
@Suite(.enabled(if: SparkEngine.installation != nil, "no engine is installed"), .timeLimit(.minutes(10)))
struct ImportSparkTests {
    private func run(_ line: String, in scratch: ScratchDirectory) async throws -> ShellCommand.Result {
        let workspace = try await ServedWorkspace.shared()
        var environment = workspace.environment
        environment["HOME"] = scratch.path
        environment["XDG_CACHE_HOME"] = "/nonexistent"
        return try await ShellCommand(
            "dbsh() { command dbsh -X \"$@\"; }; \(line)", in: scratch.path, environment: environment
        )
        .run()
    }

    private static let columns = [
        "ti TINYINT", "si SMALLINT", "i INT", "bi BIGINT", "f FLOAT", "d DOUBLE", "de DECIMAL(38,18)", "bo BOOLEAN",
        "s STRING", "bn BINARY", "da DATE", "ts TIMESTAMP", "tn TIMESTAMP_NTZ", "a ARRAY<INT>",
        "m MAP<STRING, DECIMAL(10,2)>", "mi MAP<INT, STRING>", "st STRUCT<x: INT, y: STRING, z: ARRAY<DOUBLE>>",
        "dx DECIMAL(38,0)", "vc VARCHAR(20)", "ids INTERVAL DAY TO SECOND", "iym INTERVAL YEAR TO MONTH", "v VARIANT",
        "deep ARRAY<MAP<STRING, STRUCT<x: DATE, y: ARRAY<BINARY>>>>",
    ]

    /// A row of values at the edges of their types and of the formats, in SQL.
    private static func row(_ random: inout SplitMix) -> String {
        func one(_ values: [String]) -> String { values[Int(random.next() % UInt64(values.count))] }
        func text() -> String {
            let parts = [
                "a", ",", "\"", "\\", "\n", "\t", "\r\n", "é", "🙂", " ", "null", "NULL", "\\N", "'", "{", "0", "-",
            ]
            let text = (0..<Int(random.next() % 5)).map { _ in one(parts) }.joined()
            return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
        }
        let values = [
            one(["-128", "127", "0", "NULL"]), one(["-32768", "32767", "NULL"]),
            one(["-2147483648", "2147483647", "NULL"]),
            one(["CAST('-9223372036854775808' AS BIGINT)", "9223372036854775807", "9007199254740993", "NULL"]),
            one([
                "CAST('NaN' AS FLOAT)", "CAST('-Infinity' AS FLOAT)", "CAST(1.17549435E-38 AS FLOAT)",
                "CAST(0.1 AS FLOAT)", "CAST(1.4E-45 AS FLOAT)", "NULL",
            ]),
            one([
                "CAST('NaN' AS DOUBLE)", "CAST('Infinity' AS DOUBLE)", "1.7976931348623157E308D", "4.9E-324D", "0.1D",
                "-0.5D",
                "NULL",
            ]),
            one([
                "CAST('99999999999999999999.123456789012345678' AS DECIMAL(38,18))", "CAST(-0.5 AS DECIMAL(38,18))",
                "NULL",
            ]),
            one(["true", "false", "NULL"]), one([text(), text(), text(), "''", "NULL"]),
            one(["X'00FF0A'", "X''", "X'22'", "NULL"]),
            one(["DATE'0001-01-01'", "DATE'9999-12-31'", "DATE'2024-02-29'", "NULL"]),
            one([
                "TIMESTAMP'0001-01-01 00:00:00Z'", "TIMESTAMP'9999-12-31 23:59:59.999Z'",
                "TIMESTAMP'1970-01-01 00:00:00.001Z'", "TIMESTAMP'2024-05-17 12:34:56.789+02:00'", "NULL",
            ]),
            one(["TIMESTAMP_NTZ'2024-05-17 12:34:56.789'", "TIMESTAMP_NTZ'1900-01-01 00:00:00'", "NULL"]),
            one(["array(1, NULL, -3)", "CAST(array() AS ARRAY<INT>)", "NULL"]),
            one(["map('k', 1.50BD, \(text()), NULL)", "CAST(map() AS MAP<STRING, DECIMAL(10,2)>)", "NULL"]),
            one(["map(1, \(text()), -2, NULL)", "NULL"]),
            one([
                "named_struct('x', 1, 'y', \(text()), 'z', array(1.5D, NULL))",
                "named_struct('x', NULL, 'y', NULL, 'z', NULL)", "NULL",
            ]),
            one([String(repeating: "9", count: 38) + "BD", "-1BD", "NULL"]), one([text(), "''", "NULL"]),
            one([
                "INTERVAL '1 02:03:04.567891' DAY TO SECOND", "INTERVAL '-106751990 04:00:54.775807' DAY TO SECOND",
                "INTERVAL '0' DAY", "NULL",
            ]),
            one(["INTERVAL '178956970-7' YEAR TO MONTH", "INTERVAL '-0-1' YEAR TO MONTH", "NULL"]),
            one([
                "parse_json('{\"a\":[1,2.5,null,\"x\"],\"b\":{\"c\":true}}')", "parse_json('[]')",
                "parse_json('\"t\"')",
                "NULL",
            ]),
            one([
                "array(map('k', named_struct('x', DATE'2024-02-29', 'y', array(X'00FF', NULL))), NULL)",
                "CAST(array() AS ARRAY<MAP<STRING, STRUCT<x: DATE, y: ARRAY<BINARY>>>>)", "NULL",
            ]),
        ]
        return "(" + values.joined(separator: ", ") + ")"
    }

    /// Every type in every format, through a volume and as parameters.
    @Test func whatWasExportedComesBack() async throws {
        let seed = UInt64.random(in: 0 ... .max)
        var random = SplitMix(seed: seed)
        let scratch = try ScratchDirectory()
        let rows = (0..<60).map { _ in Self.row(&random) }
        let list = Self.columns.joined(separator: ", ")
        let json = "to_json(struct(*), map('ignoreNullFields', 'false'))"
        var script = """
            CREATE SCHEMA IF NOT EXISTS import_test;
            CREATE VOLUME IF NOT EXISTS import_test.staging;
            CREATE OR REPLACE TABLE import_test.source (\(list));
            INSERT INTO import_test.source VALUES
            \(rows.joined(separator: ",\n"));

            """
        for format in ["csv", "tsv", "json", "jsonl", "csv.gz", "jsonl.zst", "parquet"] {
            for volume in ["--volume /Volumes/main/import_test/staging", ""]
            where format != "parquet" || !volume.isEmpty {
                script += """
                    SELECT * FROM import_test.source;
                    .export data.\(format)
                    CREATE OR REPLACE TABLE import_test.back (\(list));
                    .import data.\(format) import_test.back --append \(volume)
                    SELECT '\(format) \(volume.isEmpty ? "parameters" : "volume")' AS way, count(*) AS differences FROM (
                      (SELECT \(json) j FROM import_test.source EXCEPT ALL SELECT \(json) j FROM import_test.back) UNION ALL
                      (SELECT \(json) j FROM import_test.back EXCEPT ALL SELECT \(json) j FROM import_test.source));

                    """
            }
        }
        script += ".ls /Volumes/main/import_test/staging\nDROP SCHEMA import_test CASCADE;\n"
        try scratch.write(script, to: "all.dbsh")
        let result = try await run("dbsh -q -m jsonl all.dbsh | grep -E 'differences|name'", in: scratch)
        let ways = result.output.split(separator: "\n")
        #expect(
            ways.count == 13 && ways.allSatisfy { $0.hasSuffix(#""differences":0}"#) },
            "seed \(seed): \(result.output) \(result.errors)")
        #expect(!result.errors.contains("rejected"), "seed \(seed): \(result.errors)")
    }

    /// A column of NULL (VOID, which the local workspace's tables do not have) is one of NULL again.
    @Test func aColumnOfNothingComesBack() async throws {
        let scratch = try ScratchDirectory()
        var script = "CREATE VOLUME IF NOT EXISTS main.default.nothing;\n"
        for format in ["csv", "tsv", "json", "jsonl", "parquet"] {
            for volume in ["--volume /Volumes/main/default/nothing", ""]
            where format != "parquet" || !volume.isEmpty {
                script += """
                    SELECT 1 AS i, NULL AS v, array(NULL) AS a UNION ALL SELECT 2, NULL, NULL;
                    .export nothing.\(format)
                    .import nothing.\(format) main.default.void --replace \(volume)
                    SELECT count(*) AS n, sum(i) AS s, count(v) AS none FROM main.default.void;

                    """
            }
        }
        try scratch.write(script + "DROP TABLE main.default.void; DROP VOLUME main.default.nothing;", to: "all.dbsh")
        let result = try await run("dbsh -q -m jsonl all.dbsh | grep none", in: scratch)
        let expected = Array(repeating: #"{"n":2,"s":3,"none":0}"#, count: 9)
        #expect(result.output.split(separator: "\n").map(String.init) == expected, "\(result.errors)")
    }

    /// Lines that end in CR alone, with one within quotes; and what can be read only once.
    @Test func oldLineEndsAndPipesAreRead() async throws {
        let scratch = try ScratchDirectory()
        let result = try await run(
            #"""
            import() { dbsh -q -m jsonl -c ".import $*" -c 'select * from main.default.ended order by 1'; }
            printf 'id,said\r1,"a\rb"\r2,"5"" disc"\r3,5" disc\r' >mac.csv; import mac.csv main.default.ended
            printf 'id;said\r1;"a\rb"\r2;c\r' >mac2.csv; import mac2.csv main.default.ended --replace
            printf 'id\tsaid\r1\tx\r' >mac.tsv; import mac.tsv main.default.ended --replace
            printf '{"id":1,"said":"x"}\r{"id":2,"said":null}\r' >mac.jsonl; import mac.jsonl main.default.ended --replace
            printf 'id\n7\n' | gzip | import --format csv /dev/stdin main.default.ended --replace
            mkfifo pipe; printf 'id\n8\n' >pipe & import --format csv pipe main.default.ended --replace
            printf 'id\n9\n' | import --format csv /dev/stdin main.default.ended --replace
            dbsh -q -c 'drop table main.default.ended'
            """#, in: scratch)
        #expect(
            result.output == #"""
                {"id":1,"said":"a\rb"}
                {"id":2,"said":"5\" disc"}
                {"id":3,"said":"5\" disc"}
                {"id":1,"said":"a\rb"}
                {"id":2,"said":"c"}
                {"id":1,"said":"x"}
                {"id":1,"said":"x"}
                {"id":2,"said":null}
                {"id":7}
                {"id":8}
                {"id":9}

                """#, "\(result.errors)")
    }

    @Test func typesAreInferredAndBadLinesNamed() async throws {
        let scratch = try ScratchDirectory()
        try scratch.write(
            "id,day,price,code,said\n1,2024-05-17,1.5,007,\"a\nb\"\n2,2024-05-18,,008,\"\"\n", to: "a.csv")
        try scratch.write(
            "id,day,price,code,said\n3,2024-05-19,2,9,c\nx,2024-05-20,1,1,d\n5,2024-05-21,1,1\n6,yesterday,1,1,e\n",
            to: "b.csv")
        let result = try await run(
            """
            dbsh -q -c 'create volume if not exists main.default.landing' -c '.import a.csv main.default.imported' \\
                -m csv -c 'describe main.default.imported' -c 'select * from main.default.imported'
            dbsh -c '.import b.csv main.default.imported'; echo $?
            for v in '' '--volume /Volumes/main/default/landing'; do
                dbsh -q -c ".import b.csv main.default.imported --append $v"; echo $?
            done
            dbsh -q --strict -c '.import --append b.csv main.default.imported'; echo $?
            dbsh -q -m csv -c 'select count(*) n from main.default.imported' -c '.ls /Volumes/main/default/landing'
            dbsh --read-only -c '.import a.csv main.default.other'; echo $?
            dbsh -q -c 'drop table main.default.imported' -c 'drop volume main.default.landing'
            """, in: scratch)
        let described = "col_name,data_type,comment\nid,bigint,\nday,date,\nprice,double,\ncode,string,\nsaid,string,\n"
        let rows = "id,day,price,code,said\n1,2024-05-17,1.5,007,\"a\nb\"\n2,2024-05-18,,008,\"\"\n"
        #expect(result.output == described + rows + "2\n0\n0\n1\nn\n5\nname\n1\n", "\(result.errors)")
        #expect(result.errors.contains("--append adds the rows, --replace replaces it"))
        let bad =
            "3 of 4 rows were rejected:\n  line 3: “x” is no bigint (id)\n  line 4: 4 fields instead of 5\n  line 5: “yesterday” is no date (day)"
        #expect(result.errors.components(bad) == 2, "\(result.errors)")
    }
}

extension String {
    /// How often a text is in it.
    fileprivate func components(_ text: String) -> Int { ranges(of: text).count }
}
