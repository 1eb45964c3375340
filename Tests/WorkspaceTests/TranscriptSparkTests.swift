import Glibc
import Support
import Testing

/// Transcripts against the local workspace, which really runs SQL and Python: what is typed, and what must come back.
/// `UPDATE=1 scripts/test workspace Transcript` writes down what comes back now.
@Suite struct TranscriptSparkTests {
    static let directory = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/")!)) + "/Transcripts"

    static var names: [String] {
        guard let listing = opendir(directory) else { return [] }
        defer { closedir(listing) }
        var names: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name.hasSuffix(".transcript") { names.append(name) }
        }
        return names.sorted()
    }

    @Test(arguments: names) func replays(_ name: String) async throws {
        let workspace = try await ServedWorkspace.shared()
        let scratch = try ScratchDirectory()
        let path = Self.directory + "/" + name
        let text = try #require(readFile(path))
        let transcript = Transcript(text)
        var printed: [[String]] = []
        for entry in transcript.entries {
            let command = ShellCommand(entry.command, in: scratch.path, environment: workspace.environment)
            let result = try await command.run()
            workspace.expectNoSecret(in: result, of: entry.command)
            var lines = Self.lines(result.output)
            lines += Self.lines(result.errors).map { "! " + $0 }
            if result.status != 0 { lines.append("[exit \(result.status)]") }
            printed.append(
                lines.map { Normalization.normalize($0, directory: scratch.path, host: workspace.address) })
        }
        if getenv("UPDATE") != nil {
            try writeFile(path, transcript.text(printed: printed))
            return
        }
        for (entry, lines) in zip(transcript.entries, printed) {
            #expect(lines == entry.expected, "\(name): $ \(entry.command)")
        }
    }

    private static func lines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}

func readFile(_ path: String) -> String? {
    guard let file = fopen(path, "r") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
        let count = fread(&chunk, 1, chunk.count, file)
        if count == 0 { return String(decoding: bytes, as: UTF8.self) }
        bytes += chunk[..<count]
    }
}

struct CannotWrite: Error { var path: String }

func writeFile(_ path: String, _ text: String) throws {
    guard let file = fopen(path, "w") else { throw CannotWrite(path: path) }
    defer { fclose(file) }
    fputs(text, file)
}
