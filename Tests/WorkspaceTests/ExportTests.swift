import Glibc
import Support
import Testing

/// Results on their way into files: what a disk, a link and a terminal can do to them.
@Suite(.timeLimit(.minutes(10)))
struct ExportTests {
    /// A server with one statement whose rows lie behind links, in parts of a megabyte and a half.
    private struct Fixture {
        static let parts = 3
        static let rows = 20_000
        let server: FaultServer
        let scratch: ScratchDirectory

        init() throws {
            server = try FaultServer()
            scratch = try ScratchDirectory()
            let extents = (0..<Self.parts).map {
                #"{"chunk_index":\#($0),"row_offset":\#($0 * Self.rows),"row_count":\#(Self.rows),"byte_count":9000000}"#
            }
            let manifest =
                #""manifest":{"format":"JSON_ARRAY","total_chunk_count":\#(Self.parts),"total_byte_count":27000000,"#
                + #""total_row_count":\#(Self.parts * Self.rows),"chunks":[\#(extents.joined(separator: ","))],"#
                + #""schema":{"columns":[{"name":"n","type_text":"INT"},{"name":"t","type_text":"STRING"}]}}"#
            let links = (0..<Self.parts).map { part in
                #"{"external_links":[{"chunk_index":\#(part),"row_count":\#(Self.rows),"#
                    + #""external_link":"\#(server.url)/file/\#(part)"}]}"#
            }
            server.on(
                "GET", "/api/2.0/sql/warehouses", .json(#"{"warehouses":[{"id":"w","name":"w","state":"RUNNING"}]}"#))
            server.on(
                "POST", "/api/2.0/sql/statements",
                .json(#"{"statement_id":"s","status":{"state":"SUCCEEDED"},\#(manifest),"result":\#(links[0])}"#))
            for part in 0..<Self.parts {
                server.on("GET", "/api/2.0/sql/statements/s/result/chunks/\(part)", .json(links[part]))
                server.on("GET", "/file/\(part)", .json(Self.json(part)))
            }
        }

        static func json(_ part: Int) -> String {
            let rows = (part * rows..<(part + 1) * rows).map { #"["\#($0)","\#(text($0))"]"# }
            return "[" + rows.joined(separator: ",") + "]"
        }

        static func text(_ row: Int) -> String {
            row % 7 == 0 ? "é, with a comma" : "some text of about sixty bytes so that rows are like rows"
        }

        static var csv: String {
            "n,t\n"
                + (0..<parts * rows).map { $0 % 7 == 0 ? "\($0),\"\(text($0))\"\n" : "\($0),\(text($0))\n" }.joined()
        }

        var environment: [String: String] {
            [
                "DATABRICKS_HOST": server.url, "DATABRICKS_TOKEN": "t", "DATABRICKS_WAREHOUSE_ID": "w",
                "HOME": scratch.path,
            ]
        }

        /// Runs a line in which `dbsh` is the shell.
        func run(_ line: String) async throws -> ShellCommand.Result {
            try await ShellCommand(
                "dbsh() { '\(ServedWorkspace.binary)' -X \"$@\"; }; \(line)", in: scratch.path, environment: environment
            ).run()
        }
    }

    /// /dev/stdout and the like are the descriptors that dbsh was given: what is in a file behind them stays.
    @Test func namedDescriptorsAreWrittenOn() async throws {
        let fixture = try Fixture()
        let cells = "-c '.once /dev/stdout' -c 'select 1' -c '.once /dev/fd/3' -c 'select 1' -c '.sh echo end'"
        let line = "{ echo begin; dbsh -m csv \(cells); } >out 3>three"
        #expect(try await fixture.run(line).status == 0)
        let out = try await fixture.run("cat out").output
        #expect(out == "begin\n" + Fixture.csv + "end\n")
        #expect(try await fixture.run("cat three").output == Fixture.csv)
    }

    @Test(arguments: ["-o out.csv -c 'select 1'", "-o other.csv -c 'select 1' -c '.output' -c '.export out.csv'"])
    func linksBecomeAFile(_ arguments: String) async throws {
        let fixture = try Fixture()
        let result = try await fixture.run("dbsh \(arguments)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(fixture.scratch.contents("out.csv") == Fixture.csv)
    }

    /// The link breaks off in the middle of a part: nothing is lost, nothing doubled.
    @Test func brokenLink() async throws {
        let fixture = try Fixture()
        let json = Fixture.json(1)
        fixture.server.on(
            "GET", "/file/1", .steps([.text(String(json.prefix(900_000))), .reset], length: json.utf8.count),
            .status(403, body: "<Error/>"), .json(json))
        let result = try await fixture.run("dbsh -o out.csv -c 'select 1'")
        #expect(result.status == 0, "\(result.errors)")
        #expect(fixture.scratch.contents("out.csv") == Fixture.csv)
    }

    /// Storage that knows ranges is asked for the rest only: in a file, and on the way to the screen.
    @Test(arguments: ["-o out.csv -c 'select 1'", "-c 'select 1' > out.csv"], [1, 900_000])
    func brokenLinkGoesOn(_ arguments: String, _ cut: Int) async throws {
        let fixture = try Fixture()
        let object = StoredObject(Array(Fixture.json(1).utf8))
        fixture.server.respond("GET", "/file/1") { request, count in
            object.reply(to: request, cut: count == 0 ? cut : nil)
        }
        let result = try await fixture.run("dbsh \(arguments)")
        #expect(result.status == 0, "\(result.errors)")
        #expect(fixture.scratch.contents("out.csv") == Fixture.csv)
        let requests = fixture.server.log.entries.filter { $0.path == "/file/1" }
        #expect(requests.map { $0["range"] } == [nil, "bytes=\(cut)-"])
        #expect(requests.allSatisfy { $0["authorization"] == nil })
    }

    /// A link that is refused for good leaves no file, and not a temporary one either.
    @Test func refusedLink() async throws {
        let fixture = try Fixture()
        fixture.server.on("GET", "/file/2", .status(403, body: "<Error><Message>expired</Message></Error>"))
        let result = try await fixture.run("dbsh -o out.csv -c 'select 1'; echo $?; ls")
        #expect(result.output == "1\n")
        #expect(result.errors.contains("part 3 of the result (status 403: expired)"), "\(result.errors)")
    }

    /// A file that must not grow (RLIMIT_FSIZE) stands in for a full disk, which takes no root to have.
    @Test(arguments: ["-o out.csv -c 'select 1'", "-o o.csv -c 'select 1' -c '.output' -c '.export out.jsonl'"])
    func fullDisk(_ arguments: String) async throws {
        let fixture = try Fixture()
        let limit = arguments.contains(".export") ? 8000 : 200
        let result = try await fixture.run("ulimit -f \(limit); dbsh \(arguments); echo $?; ls out*")
        #expect(result.output == "1\n")
        #expect(result.errors.contains("File too large"), "\(result.errors)")
        #expect(result.errors.contains("out."), "\(result.errors)")
    }

    /// The same behind a compressor, which is the one that writes: dbsh says it, once, and the compressor is not heard. A device
    /// that is always full stands in for a disk.
    @Test(
        arguments: ["gz", "zst"],
        [
            "ulimit -f 20; dbsh -o out.csv.X -c 'select 1'",
            "ulimit -f 20; dbsh -c 'select 1' -c '.export out.csv.X' >seen",
            "ln -s /dev/full out.csv.X; dbsh -o out.csv.X -c 'select 1'",
            "ln -s /dev/full out.csv.X; dbsh -c 'select 1' -c '.export out.csv.X' >seen",
        ])
    func fullDiskBehindACompressor(_ ending: String, _ line: String) async throws {
        let fixture = try Fixture()
        let isDevice = line.contains("/dev/full")
        // What was shown is no file of the export's.
        let limited = line.replacing("X", with: ending).replacing(">seen", with: "| wc -c")
        let result = try await fixture.run("(\(limited)); ls -A out*")
        let reason = isDevice ? "the disk is full (No space left on device)" : "File too large"
        let lines = result.errors.split(separator: "\n").map(String.init)
        #expect(lines.filter { $0.contains("error: ") }.count == 1, "\(result.errors)")
        #expect(lines.first?.contains("error: cannot write out.csv.\(ending): \(reason)") == true, "\(result.errors)")
        #expect(result.errors.contains("→ nothing is left under that name that is not whole; "), "\(result.errors)")
        for name in ["gzip", "zstd", "did not come"] { #expect(!result.errors.contains(name), "\(result.errors)") }
        let files = result.output.split(separator: "\n").filter { $0.hasPrefix("out") }
        #expect(files == (isDevice ? ["out.csv.\(ending)"] : []))
    }

    /// A compressor that fails for reasons of its own is quoted.
    @Test func compressorFails() async throws {
        let fixture = try Fixture()
        let result = try await fixture.run(
            "mkdir bin; printf '#!/bin/sh\\ncat >/dev/null; echo no luck today >&2; exit 3\\n' > bin/gzip; chmod +x bin/gzip; "
                + "PATH=$PWD/bin:$PATH; dbsh -o out.csv.gz -c 'select 1'; echo $?; ls -A out*")
        #expect(result.output == "1\n")
        #expect(
            result.errors.hasPrefix("error: cannot write out.csv.gz: gzip ended with exit status 3\n  no luck today\n"))
    }

    /// A shell at a terminal that was told to export the result.
    private func exporting(_ fixture: Fixture, columns: Int) async throws -> PtySession {
        let shell = try PtySession(
            program: ServedWorkspace.binary, arguments: ["-X"], environment: fixture.environment, columns: columns,
            rows: 24)
        try await shell.wait(for: "the prompt") { $0.cursorLine.contains(">") }
        shell.send(".rows 4\r")
        shell.send("select 1;\r")
        try await shell.wait(for: "the result") { $0.text.contains("60,000 rows") }
        shell.send(".export \(fixture.scratch.path("out.csv"))\r")
        return shell
    }

    /// At a terminal one line says how far an export is, and how long it will take; afterwards it is gone.
    @Test func progress() async throws {
        let fixture = try Fixture()
        let json = Fixture.json(2)
        // The last part is held back in its middle until the line was seen.
        fixture.server.respond("GET", "/file/2") { _, count in
            count == 1
                ? .steps([.text(String(json.prefix(1_200_000))), .hold], length: json.utf8.count) : .json(json)
        }
        let shell = try await exporting(fixture, columns: 110)
        try await shell.wait(for: "the progress") { screen in
            screen.lines.contains { line in
                ["exporting: ", " of 60,000 rows · ", " MB · ", "/s · ", " left"].allSatisfy(line.contains)
            }
        }
        #expect(fixture.scratch.contents("out.csv") == nil)
        fixture.server.stop()
        try await shell.wait(for: "the end, and no progress any more") { screen in
            screen.text.contains("error") && !screen.text.contains("exporting: ") && screen.cursorLine.contains(">")
        }
        #expect(fixture.scratch.contents("out.csv") == nil)
    }

    /// When an export has come to its end, what is left of its progress is one line that sums it up.
    @Test func progressIsGoneAfterSuccess() async throws {
        let fixture = try Fixture()
        let json = Array(Fixture.json(2).utf8)
        let gate = Gate()
        fixture.server.respond("GET", "/file/2") { _, count in
            count == 0
                ? .json(String(decoding: json, as: UTF8.self))
                : .steps(
                    [.bytes(Array(json[..<1_200_000])), .until(gate), .bytes(Array(json[1_200_000...]))],
                    length: json.count)
        }
        let shell = try await exporting(fixture, columns: 200)
        try await shell.wait(for: "the progress") { screen in
            screen.lines.contains { $0.contains("exporting: ") && $0.contains(" of 60,000 rows · ") }
        }
        #expect(fixture.scratch.contents("out.csv") == nil)
        gate.open()
        try await shell.wait(for: "the sum, and no progress any more") { screen in
            screen.lines.contains { $0.hasPrefix("60,000 rows · ") && $0.hasSuffix("/out.csv") }
                && !screen.text.contains("exporting: ") && screen.cursorLine.contains(">")
        }
        #expect(fixture.scratch.contents("out.csv") == Fixture.csv)
        // It does not come back while the next line is worked on.
        shell.send(".mode\r")
        try await shell.wait(for: "the next answer") { $0.lines.contains("box") && $0.cursorLine.hasSuffix(">") }
        let screen = shell.screen
        #expect(!(screen.scrollback.joined() + screen.text).contains("exporting: "), "\(screen.picture)")
    }
}
