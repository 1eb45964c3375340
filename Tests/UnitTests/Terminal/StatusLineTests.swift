import Glibc
import Support
import Testing

@testable import Terminal

@Suite struct StatusLineTests {
    /// Shows a line that counts milliseconds, on a manual clock.
    static func withStatus(
        columns: Int = 40, _ body: (PtySession, StatusLine, ManualClock) async throws -> Void
    ) async throws {
        let session = try PtySession(columns: columns, rows: 4)
        let clock = ManualClock()
        let line = StatusLine(descriptor: session.terminal, isEnabled: true, clock: clock)
        writeAll(session.terminal, "before\n")
        try await line.showing({ "running \($0 / .milliseconds(1)) ms, 漢字 \u{1B}[31m" }) {
            try await body(session, line, clock)
        }
        writeAll(session.terminal, "after")
        try await session.wait(for: "the line to be gone") { $0.lines.dropFirst().first == "after" }
    }

    @Test func comesLateAndGoesWithoutATrace() async throws {
        try await Self.withStatus { session, _, clock in
            #expect(await clock.passNextSleep() == StatusLine.delay)
            try await session.wait(forScreen: "before\nrunning 300.0 ms, 漢字 \\x1b[31m")
            #expect(await clock.passNextSleep() == StatusLine.interval)
            try await session.wait(forScreen: "before\nrunning 400.0 ms, 漢字 \\x1b[31m")
        }
    }

    @Test func isCutToTheWindow() async throws {
        try await Self.withStatus(columns: 21) { session, _, clock in
            await clock.passNextSleep()
            try await session.wait(forScreen: "before\nrunning 300.0 ms, …")
        }
    }

    @Test func isAwayWhileAQuestionIsAsked() async throws {
        try await Self.withStatus { session, line, clock in
            await clock.passNextSleep()
            try await session.wait(forScreen: "before\nrunning 300.0 ms, 漢字 \\x1b[31m")
            try await line.hidden {
                writeAll(session.terminal, "Sure? ")
                await clock.passNextSleep()
                // The ticker sleeps again once it has, or has not, drawn.
                await clock.passNextSleep()
                try await session.wait(forScreen: "before\nSure?")
            }
            await clock.passNextSleep()
            try await session.wait(forScreen: "before\nrunning 600.0 ms, 漢字 \\x1b[31m")
        }
    }

    @Test func makesWayForOutput() async throws {
        let session = try PtySession(columns: 40, rows: 4)
        let clock = ManualClock()
        let line = StatusLine(descriptor: session.terminal, isEnabled: true, clock: clock)
        try await line.showing({ _ in "outer" }) {
            await clock.passNextSleep()
            try await session.wait(forScreen: "outer")
            line.outOfTheWay { writeAll(session.terminal, "output\n") }
            try await session.wait(forScreen: "output")
            await clock.passNextSleep()
            try await session.wait(forScreen: "output\nouter")
            line.update { _ in "changed" }
            await clock.passNextSleep()
            try await session.wait(forScreen: "output\nchanged")
        }
        try await session.wait(forScreen: "output")
    }

    @Test func doesNotExistWhereThereIsNoTerminal() async throws {
        var ends: [Int32] = [0, 0]
        pipe(&ends)
        let line = StatusLine(descriptor: ends[1])
        await line.showing({ _ in "text" }) { line.outOfTheWay {} }
        close(ends[1])
        var byte: UInt8 = 0
        #expect(read(ends[0], &byte, 1) == 0)
        close(ends[0])
    }
}
