import Glibc
import Support
import Testing

@testable import Terminal

@Suite struct DescriptorTests {
    /// A pipe whose ends are closed when nobody refers to it any more.
    final class Pipe: Sendable {
        let output: Int32
        private let input: Guarded<Int32>

        init() {
            var ends: [Int32] = [0, 0]
            pipe(&ends)
            output = ends[0]
            input = Guarded(ends[1])
        }

        deinit {
            closeInput()
            close(output)
        }

        func write(_ text: String) { input.withLock { writeAll($0, text) } }

        func closeInput() {
            input.withLock { descriptor in
                if descriptor >= 0 { close(descriptor) }
                descriptor = -1
            }
        }
    }

    @Test func readsChunksToTheEnd() async throws {
        let pipe = Pipe()
        let reader = DescriptorReader(descriptor: pipe.output)
        async let first = reader.next()
        pipe.write("select 1")
        #expect(try await first == Array("select 1".utf8))
        pipe.write("é")
        pipe.closeInput()
        #expect(try await reader.next() == Array("é".utf8))
        #expect(try await reader.next() == nil)
        #expect(try await reader.next() == nil)
    }

    @Test func cancellingLosesNoInput() async throws {
        let pipe = Pipe()
        let reader = DescriptorReader(descriptor: pipe.output)
        let task = Task { try await reader.next() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        pipe.write("kept")
        #expect(try await reader.next() == Array("kept".utf8))
    }

    @Test func readsFilesAndReportsErrors() async throws {
        let home = try ScratchDirectory()
        try home.write("text", to: "file")
        let file = open(home.path("file"), O_RDONLY)
        let reader = DescriptorReader(descriptor: file)
        #expect(try await reader.next() == Array("text".utf8))
        #expect(try await reader.next() == nil)
        close(file)
        let directory = open(home.path, O_RDONLY)
        await #expect(throws: DescriptorReader.ReadError(code: EISDIR)) {
            try await DescriptorReader(descriptor: directory).next()
        }
        close(directory)
    }

    @Test(arguments: [
        (ColorChoice.always, [:], true), (.never, ["TERM": "xterm"], false), (.auto, ["TERM": "xterm"], true),
        (.auto, ["TERM": "xterm", "NO_COLOR": "1"], false), (.auto, ["TERM": "xterm", "NO_COLOR": ""], true),
        (.auto, ["TERM": "dumb"], false), (.auto, [:], false),
        (.always, ["NO_COLOR": "1"], true),
    ])
    func color(choice: ColorChoice, environment: [String: String], expected: Bool) throws {
        let session = try PtySession()
        #expect(choice.isEnabled(for: session.terminal, environment: environment) == expected)
        #expect(choice.isEnabled(for: Pipe().output, environment: environment) == (choice == .always))
    }

    @Test(arguments: [
        ([:], 60, 12), (["COLUMNS": "100"], 100, 12), (["COLUMNS": "100", "LINES": "5"], 100, 5),
        (["COLUMNS": "wide"], 60, 12), (["COLUMNS": "0"], 60, 12), (["COLUMNS": "-3"], 60, 12),
    ])
    func size(environment: [String: String], columns: Int, rows: Int) throws {
        let session = try PtySession(columns: 60, rows: 12)
        let size = TerminalSize.of(session.terminal, environment: environment)
        #expect(size == TerminalSize(rows: rows, columns: columns))
    }

    @Test func sizeOfWhatIsNoTerminal() {
        let pipe = Pipe()
        #expect(TerminalSize.of(pipe.output, environment: [:]) == nil)
        let size = TerminalSize.of(pipe.output, environment: ["COLUMNS": "40"])
        #expect(size == TerminalSize(rows: 24, columns: 40))
    }
}
