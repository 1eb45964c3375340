import System
import Testing

@testable import LocalWorkspace

private let now = WallTime(milliseconds: 1_000_000)

/// One statement.
@Suite struct StatementLifeCycleTests {
    private static let output = StatementOutput(columns: [], rowCount: 0, truncated: false, chunks: [])
    private static let failure = StatementFailure(code: "BAD_REQUEST", message: "m", sqlState: nil)

    private func statement(_ disposition: StatementRequest.Disposition = .inline) -> StatementLifeCycle {
        var request = StatementRequest(sql: "select 1")
        request.disposition = disposition
        return StatementLifeCycle(id: "s", request: request, submitted: now)
    }

    @Test func whatIsOverStaysAsItIs() {
        for end in 0..<3 {
            var statement = statement()
            statement.running(at: now)
            switch end {
            case 0: #expect(statement.succeeded(Self.output, at: now) == true)
            case 1: statement.failed(Self.failure, at: now)
            default: #expect(statement.cancel(at: now) == true)
            }
            let state = statement.state
            #expect(statement.cancel(at: now) == false)
            #expect(statement.succeeded(Self.output, at: now) == false)
            statement.failed(Self.failure, at: now)
            statement.running(at: now)
            #expect(statement.state == state)
            statement.close(at: now)
            #expect(statement.state == .closed)
        }
    }

    @Test(arguments: [(0, true), (1, false)])
    func theInlineLimitIsExact(excess: Int, fits: Bool) {
        var big = Self.output
        let size = StatementLifeCycle.inlineLimit + excess
        big.chunks = [.init(index: 0, rowOffset: 0, rowCount: 1, byteCount: size, source: .file("f"))]
        var inline = statement()
        #expect(inline.succeeded(big, at: now) == fits)
        #expect(inline.state.name == (fits ? "SUCCEEDED" : "FAILED"))
        var linked = statement(.externalLinks)
        #expect(linked.succeeded(big, at: now) == true)
    }
}
