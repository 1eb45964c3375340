import Glibc
import Support
import Testing

/// The harness itself: what it says about a program on its terminal must be true.
@Suite struct PtySessionTests {
    static func shell(_ script: String) throws -> PtySession {
        try PtySession(program: "/bin/sh", arguments: ["-c", script], columns: 40, rows: 5)
    }

    @Test func typesReadsAndWaitsForTheEnd() async throws {
        let session = try Self.shell("printf 'name? '; read name; echo \"hello $name\"; exit 3")
        try await session.wait(forScreen: "name?")
        #expect(!session.isRaw)
        session.send("é漢\r")
        try await session.wait(forScreen: "name? é漢\nhello é漢")
        #expect(try await session.exitStatus() == 3)
    }

    @Test func environmentIsPinned() async throws {
        let session = try PtySession(
            program: "/usr/bin/env", environment: ["EXTRA": "1"], columns: 200, rows: 20)
        #expect(try await session.exitStatus() == 0)
        try await session.wait(for: "the variables") { $0.text.contains("EXTRA=1") && $0.text.contains("TZ=UTC") }
        let names = session.screen.lines.compactMap { $0.split(separator: "=").first }.sorted()
        #expect(names == ["EXTRA", "HOME", "LANG", "PATH", "SWIFT_BACKTRACE", "TERM", "TZ"])
        #expect(session.screen.text.contains("HOME=\(session.home.path)"))
    }

    @Test func resizingAndSignalsReachTheProgram() async throws {
        let session = try Self.shell("trap 'stty size' WINCH; echo ready; while :; do read line; done")
        try await session.wait(forScreen: "ready")
        session.resize(columns: 60, rows: 7)
        try await session.wait(forScreen: "ready\n7 60")
        session.signal(SIGTERM)
        #expect(try await session.exitStatus() == 128 + SIGTERM)
    }

    @Test func failureShowsTheScreen() async throws {
        let session = try Self.shell("echo what it said")
        await #expect {
            try await session.wait(for: "something else") { $0.text == "something else" }
        } throws: { error in
            "\(error)".contains("something else") && "\(error)".contains("what it said")
        }
    }

    @Test func cursorReportsAreAnswered() async throws {
        let script = "stty raw -echo; printf 'ab\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c; stty sane"
        let session = try Self.shell(script)
        #expect(try await session.exitStatus() == 0)
        try await session.wait(for: "the report") { $0.text.contains("033   [   1   ;   3   R") }
    }

    @Test func dbshIsBuiltBesideTheTests() {
        #expect(access(BuiltProduct.path("dbsh"), X_OK) == 0)
    }
}

@Suite struct ScreenEmulatorTests {
    /// What is sent to a terminal of 10 by 3, and what it shows.
    static let cases: [(bytes: String, text: String, cursor: [Int])] = [
        ("ab\r\ncd", "ab\ncd", [1, 2]),
        // The cursor stays on the last column until the next character.
        ("1234567890", "1234567890", [0, 9]), ("1234567890x", "1234567890\nx", [1, 1]),
        ("1234567890\r\nx", "1234567890\nx", [1, 1]), ("123456789漢", "123456789\n漢", [1, 2]),
        ("漢字\u{1B}[2Dx", "漢x", [0, 3]), ("漢\r x", " x", [0, 2]), ("ab\u{1B}[1K", "ab", [0, 2]),
        ("1\r\n2\r\n3\r\n4", "2\n3\n4", [2, 1]), ("abc\r\u{1B}[1C\u{1B}[K", "a", [0, 1]),
        ("a\r\nb\r\nc\u{1B}[1A\r\u{1B}[J", "a", [1, 0]), ("abc\u{1B}[H\u{1B}[2J", "", [0, 0]),
        ("\u{1B}[1;31mred\u{1B}[0m", "red", [0, 3]), ("e\u{301}👩‍🔬x", "e\u{301}👩‍🔬x", [0, 4]),
    ]

    @Test(arguments: [(5, "4\n5\n6", 2, ["1", "2", "3"]), (0, "1\n2\n3", 0, [])])
    func smallerWindowKeepsTheCursor(_ row: Int, _ text: String, _ newRow: Int, _ gone: [String]) {
        var screen = ScreenEmulator(columns: 10, rows: 6)
        screen.feed("1\r\n2\r\n3\r\n4\r\n5\r\n6\u{1B}[\(row + 1);1H")
        screen.resize(columns: 8, rows: 3)
        #expect(screen.text == text)
        #expect(screen.row == newRow && screen.scrollback == gone)
        screen.resize(columns: 8, rows: 1)
        #expect(screen.row == 0)
    }

    /// However the bytes are cut into chunks.
    @Test(arguments: cases.indices) func shows(index: Int) {
        let (bytes, text, cursor) = Self.cases[index]
        var screen = ScreenEmulator(columns: 10, rows: 3)
        screen.feed(bytes)
        #expect(screen.text == text)
        #expect([screen.row, screen.column] == cursor)
        var piecemeal = ScreenEmulator(columns: 10, rows: 3)
        for byte in bytes.utf8 { piecemeal.feed([byte]) }
        #expect(piecemeal.text == text)
        #expect([piecemeal.row, piecemeal.column] == cursor)
    }
}
