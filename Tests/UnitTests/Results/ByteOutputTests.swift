import Glibc
import Testing

@testable import Results

@Suite("Buffered output", .serialized)
struct ByteOutputTests {
    /// Reads a descriptor to its end on a thread of its own.
    private func collect(_ descriptor: Int32) -> Task<[UInt8], Never> {
        Task.detached {
            var bytes: [UInt8] = []
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
                let count = read(descriptor, &buffer, buffer.count)
                if count <= 0 { return bytes }
                bytes.append(contentsOf: buffer[..<count])
            }
        }
    }

    private func makePipe() throws -> (read: Int32, write: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    @Test("writes everything through a slow, non-blocking pipe", arguments: [1, 100, 1 << 16])
    func nonBlocking(_ capacity: Int) async throws {
        let ends = try makePipe()
        #expect(fcntl(ends.write, F_SETFL, O_NONBLOCK) == 0)
        let reader = collect(ends.read)
        let output = BufferedOutput(fileDescriptor: ends.write, capacity: capacity)
        var expected: [UInt8] = []
        for size in [0, 1, 99, 100, 101, 70_000, 300_000, 5] {
            let piece = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ size) }
            try piece.withUnsafeBytes { try output.write($0) }
            expected += piece
        }
        try output.flush()
        close(ends.write)
        #expect(await reader.value == expected)
        close(ends.read)
    }

    @Test("a reader that is gone is told apart from a full disk")
    func errors() throws {
        signal(SIGPIPE, SIG_IGN)
        let ends = try makePipe()
        close(ends.read)
        let output = BufferedOutput(fileDescriptor: ends.write)
        try [UInt8]("text".utf8).withUnsafeBytes { try output.write($0) }
        let gone = #expect(throws: OutputError.self) { try output.flush() }
        #expect(gone?.isBrokenPipe == true)
        // What could not be written is not tried again.
        try output.flush()
        close(ends.write)
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        let error = #expect(throws: OutputError(ENOSPC)) {
            let output = BufferedOutput(fileDescriptor: full)
            try [UInt8]("text".utf8).withUnsafeBytes { try output.write($0) }
            try output.flush()
        }
        #expect(error?.isBrokenPipe == false)
        #expect(error?.description == "cannot write: No space left on device")
        close(full)
    }

    @Test("an error of the output ends every format", arguments: Format.allCases)
    func propagation(_ format: Format) throws {
        final class Failing: ByteOutput {
            func write(_ bytes: UnsafeRawBufferPointer) throws { throw OutputError(EIO) }
        }
        let writer = format.writer(options: FormatOptions(), output: Failing())
        #expect(throws: OutputError(EIO)) {
            try writer.begin([Column(name: "a", typeText: "INT")])
            try writer.write(ResultStore(columnCount: 1, rows: [["1"]]))
            try writer.end()
        }
    }

    @Test(
        "streaming formats hand on each batch", arguments: [Format.csv, .tsv, .json, .jsonl, .html, .insert, .vertical])
    func streaming(_ format: Format) throws {
        let output = CollectedOutput()
        let writer = format.writer(options: FormatOptions(), output: output)
        try writer.begin([Column(name: "a", typeText: "INT")])
        try writer.write(ResultStore(columnCount: 1, rows: [["12345"]]))
        #expect(output.text.contains("12345"))
    }
}
