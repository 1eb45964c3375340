import FoundationEssentials
import Glibc
import Testing

@testable import LocalWorkspace

/// Reading files of the DBFS folder.
@Suite(.timeLimit(.minutes(10)))
struct DBFSServerTests {
    private func write(_ text: String, _ path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        _ = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        close(descriptor)
    }

    @Test func partsOfAFileAreRead() async throws {
        try await withReplayWorkspace { workspace, client in
            let root = workspace.dataRoot + "/dbfs"
            mkdir(root, 0o700)
            mkdir(root + "/FileStore", 0o700)
            write("0123456789", root + "/FileStore/digits.txt")
            let path = "/api/2.0/dbfs/read?path=/FileStore/digits.txt"
            let whole = try await client.send("GET", path)
            #expect(whole.json["bytes_read"] == 10)
            #expect(whole.json["data"]?.string == Data("0123456789".utf8).base64EncodedString())
            let part = try await client.send("GET", path + "&offset=8&length=5")
            #expect(part.json["data"]?.string == Data("89".utf8).base64EncodedString())
            let beyond = try await client.send("GET", path + "&offset=99&length=5")
            #expect(beyond.json["bytes_read"] == 0)
        }
    }

    @Test(arguments: [
        ("path=/nosuch", 404), ("path=/../logs/processes.log", 404), ("path=relative", 400), ("", 400),
        ("path=/nosuch&length=2000000", 400), ("path=/link", 404),
    ])
    func whatIsNotAFileOfDBFSIsRefused(_ query: String, _ status: Int) async throws {
        try await withReplayWorkspace { workspace, client in
            let root = workspace.dataRoot + "/dbfs"
            mkdir(root, 0o700)
            symlink("/etc/passwd", root + "/link")
            let answer = try await client.send("GET", "/api/2.0/dbfs/read?\(query)")
            #expect(answer.status == status)
        }
    }
}
