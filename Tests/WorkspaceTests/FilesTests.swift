import Glibc
import Support
import System
import Testing

@testable import LocalWorkspace

/// `.ls`, `.put`, `.get`, `.rm`, `.mkdir`, `.cat`, and PUT, GET, REMOVE in SQL.
@Suite(.timeLimit(.minutes(10)))
struct FilesTests: ConnectorSuite {
    private static let volume = "/Volumes/main/default/files"

    /// A local workspace without Spark, with one volume.
    private func run(_ lines: String) async throws -> (ShellCommand.Result, ScratchDirectory) {
        try await withReplayWorkspace { workspace, _ in
            try Files.makeDirectory(workspace.dataRoot + "/dbfs" + Self.volume)
            let scratch = try ScratchDirectory()
            let result = try await ShellCommand(
                "dbsh() { '\(ServedWorkspace.binary)' -X -q \"$@\"; }; V=\(Self.volume); \(lines)", in: scratch.path,
                environment: [
                    "DATABRICKS_HOST": workspace.url, "DATABRICKS_TOKEN": workspace.token,
                    "DATABRICKS_WAREHOUSE_ID": workspace.warehouseID, "HOME": scratch.path,
                ]
            ).run()
            #expect(!result.errors.contains("external-results"), "a presigned link is shown: \(result.errors)")
            return (result, scratch)
        }
    }

    /// What goes up in a tree comes down again, in each place, byte for byte.
    @Test(arguments: ["\(volume)", "/Workspace/Users/me@local", "dbfs:/up"])
    func treesGoUpAndDown(_ place: String) async throws {
        let (result, _) = try await run(
            """
            mkdir -p 't/a b/é' && for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i > "t/a b/é/$i.txt"; done
            head -c 2500000 /dev/urandom > 't/a b/big.bin'; : > t/empty
            dbsh -c '.mkdir \(place)' -c '.put -r t \(place)/' -c '.get -r \(place)/t back' && diff -r t back && echo same
            dbsh -m csv -c '.ls "\(place)/t/a b"'; dbsh -c '.cat "\(place)/t/a b/é/7.txt"'
            dbsh -c '.rm \(place)/t'; echo $?; dbsh -c '.rm -r \(place)/t' -c '.ls \(place)'
            """)
        #expect(result.output == "same\nname\nbig.bin\né/\n7\n2\nname\n", "\(result.errors)")
        #expect(result.errors.contains("is a folder that is not empty") && result.errors.contains("-r removes it"))
    }

    /// A large file goes in parts, and is whole there.
    @Test func largeFilesGoInParts() async throws {
        let (result, _) = try await run(
            """
            head -c 1000000 /dev/urandom > piece; for i in $(seq 55); do cat piece; done > big
            dbsh --debug -c ".put big $V/big" 2>trace; grep -c 'create-upload-part-urls' trace; grep -c 'action=complete' trace
            dbsh -c ".get $V/big back" && cmp big back && echo same
            """)
        #expect(result.output == "6\n1\nsame\n", "\(result.errors)")
    }

    @Test func whatIsThereIsNotReplaced() async throws {
        let (result, _) = try await run(
            """
            echo one > a; echo two > b; dbsh -c ".put a $V/x" || exit
            dbsh -c ".put b $V/x"; echo $?; dbsh -c ".get $V/x b"; echo $?; cat b
            dbsh -c ".put --overwrite b $V/x" -c ".cat $V/x" -c ".get --overwrite $V/x a"; cat a
            """)
        #expect(result.output == "2\n2\ntwo\ntwo\ntwo\n", "\(result.errors)")
        #expect(result.errors.contains("\(Self.volume)/x is there already") && result.errors.contains("--overwrite"))
    }

    @Test func readOnlySessionsOnlyRead() async throws {
        let (result, _) = try await run(
            """
            echo one > a; dbsh -c ".put a $V/x"
            for c in ".put a $V/y" ".rm $V/x" ".mkdir $V/d" "PUT 'a' INTO '$V/z'" "REMOVE '$V/x'"; do
                dbsh --read-only -c "$c"; echo $?
            done
            dbsh --read-only -c ".cat $V/x" -c ".ls $V" -c "GET '$V/x' TO 'b'"; cat b
            """)
        #expect(result.output == "1\n1\n1\n1\n1\none\nname\nx\none\n", "\(result.errors)")
    }

    /// The link that the service answers with is used and not shown, with `--debug` neither; the file is the typed one.
    @Test func statementsAboutFiles() async throws {
        let (result, _) = try await run(
            """
            echo one > 'a b'; dbsh -c "PUT 'a b' INTO '$V/x'" -c ".cat $V/x" -c "put 'a b' into '$V/x'"; echo $?
            dbsh --debug -c "PUT 'a b' INTO '$V/x' OVERWRITE" -c "GET '$V/x' TO 'c'" 2>trace; cat c
            grep -c 'external-results/volumes' trace; grep -q 'presignedUrl' trace && echo traced
            dbsh -c "GET '$V/none' TO 'd'"; echo $?; ls d; dbsh -c "PUT 'none' INTO '$V/y'"; echo $?
            dbsh -c "REMOVE '$V/x'" -c ".ls $V"
            dbsh -c "PUT 'a b' INTO '$V/x';&" -c '.wait' -c '.result 1' >/dev/null
            """)
        #expect(result.output == "one\n1\none\n0\ntraced\n1\n2\nname\n", "\(result.errors)")
        #expect(result.errors.contains("type PUT, GET or REMOVE as a statement of its own"))
    }

    /// `%run` of a script of the workspace asks whether it has changed, and fetches it only then.
    @Test func scriptsAreFetchedWhenTheyHaveChanged() async throws {
        let (result, _) = try await run(
            """
            W=/Workspace/Users/me@local; echo '.echo one' > a.dbsh; dbsh -c ".put a.dbsh $W/a.dbsh"
            count() { grep -c "workspace/$1" trace; }
            R="%run $W/a.dbsh"
            for i in 1 2; do dbsh --debug -c "$R" -c "$R" 2>trace; count get-status; count export; done
            echo '.echo two' > a.dbsh; dbsh -c ".put --overwrite a.dbsh $W/a.dbsh" -c "$R" -c "%run $W/a"
            """)
        #expect(result.output == "one\none\n2\n1\none\none\n2\n0\ntwo\ntwo\n", "\(result.errors)")
    }

    /// To open a pipe for writing waits until it is read.
    @Test func anImportThatWaitsForAPipeCanBeEnded() async throws {
        let (result, _) = try await run(
            """
            mkfifo pipe; '\(ServedWorkspace.binary)' -X -c '.import --format csv pipe t' & exec 3>pipe
            kill -TERM $!; wait $!; echo $?
            """)
        #expect(result.output == "143\n", "\(result.errors)")
    }

    /// A download that breaks off goes on where it was, and one that stays broken leaves no file.
    @Test func downloadsGoOn() async throws {
        let server = try FaultServer()
        let scratch = try ScratchDirectory()
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let object = StoredObject(bytes)
        let path = "/api/2.0/fs/files\(Self.volume)/big"
        server.on("HEAD", path, .status(200, headers: [("Content-Length", "0")]))
        server.respond("GET", path) { request, count in object.reply(to: request, cut: count < 2 ? 1_000_000 : nil) }
        let line = "-q -c '.get \(Self.volume)/big'"
        let result = try await dbsh(line, server.url, in: scratch)
        #expect(result.status == 0, "\(result.errors)")
        #expect(scratch.bytes("big") == bytes)
        let gets = server.log.entries.filter { $0.method == "GET" && $0.path == path }
        #expect(gets.map { $0["range"] } == [nil, "bytes=1000000-", "bytes=2000000-"])
        server.on("GET", path, .steps([.text("half"), .reset], length: 3_000_000))
        let broken = try await dbsh(line + " --overwrite", server.url, in: scratch)
        #expect(broken.status != 0)
        let fresh = try await dbsh("-q -c '.get \(Self.volume)/big other'; ls", server.url, in: scratch)
        #expect(fresh.output == "big\n", "\(fresh.errors)")
    }
}
