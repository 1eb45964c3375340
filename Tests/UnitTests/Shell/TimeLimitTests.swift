import Databricks
import Testing

@testable import Shell

/// `--timeout`, `--deadline` and `--retry-cell`: what is read, what is cancelled, what is sent again.
@MainActor @Suite struct TimeLimitTests {
    @Test(arguments: [
        ("30s", 30.0), ("10m", 600), ("1h30m", 5400), ("1h", 3600), ("2m05s", 125), ("1.5s", 1.5), ("45", 45),
        ("0.25", 0.25), ("1H2M3S", 3723),
    ])
    func timesAreReadAsPeopleWriteThem(_ text: String, _ seconds: Double) throws {
        #expect(try Duration.read(word: text, "--timeout") == .seconds(seconds))
    }

    @Test(arguments: ["", "0", "0s", "-1", "10x", "m", "1m1h", "1..5s", "1h 30m", "99999999", "nan"])
    func whatIsNoTimeIsRefused(_ text: String) {
        #expect(throws: ArgumentFailure.self) { try Duration.read(word: text, "--timeout") }
    }

    @Test(arguments: [(5400.0, "1h30m"), (30, "30s"), (1.5, "1.5s"), (600, "10m"), (3723, "1h2m3s")])
    func timesAreSaidAsTheyAreTyped(_ seconds: Double, _ text: String) {
        #expect(Duration.seconds(seconds).shortText == text)
    }

    /// Never ends by itself, and says what came of its cancelling.
    private func hang(_ id: String?, isConfirmed: Bool) async throws {
        do { try await Task.sleep(for: .seconds(600)) } catch { throw RunCancelled(id: id, isConfirmed: isConfirmed) }
    }

    @Test(arguments: [true, false]) func workIsCancelledWhenItsTimeIsOver(_ isConfirmed: Bool) async throws {
        var limits = TimeLimits()
        limits.cell = .milliseconds(1)
        let error = await #expect(throws: TimeLimitPassed.self) {
            try await limits.enforced { try await hang("01ef", isConfirmed: isConfirmed) }
        }
        let report = Report(try #require(error))
        #expect(report.exitCode == .timedOut && report.codes == ["TIMEOUT"])
        #expect(report.text(color: false).contains(isConfirmed ? "cancelled 01ef" : "01ef may still be running"))
    }

    /// The script's limit beats the cell's when it comes first, and holds for what is no cell.
    @Test func theNearerLimitCounts() async throws {
        var limits = TimeLimits()
        limits.cell = .seconds(600)
        limits.begin(script: .milliseconds(1))
        let error = await #expect(throws: TimeLimitPassed.self) {
            try await limits.enforced(isCell: false) { try await hang(nil, isConfirmed: true) }
        }
        #expect(error?.limit == .script(.milliseconds(1)))
        #expect(limits.scriptIsOver)
        #expect(throws: TimeLimitPassed.self) { try limits.checkScript() }
    }

    @Test func whatEndsInTimeIsLeftAlone() async throws {
        var limits = TimeLimits()
        limits.cell = .seconds(600)
        #expect(try await limits.enforced { 7 } == 7)
        await #expect(throws: UsageError.self) { try await limits.enforced { throw UsageError("no") } }
    }

    private nonisolated static func failure(_ state: String?, _ code: String?) -> StatementError {
        StatementError(statementID: "1", state: .failed, message: "m", sqlState: state, errorCode: code)
    }

    /// Only what may pass by itself is tried again: not what is wrong in the statement or its data.
    @Test func onlyWhatMayPassIsTriedAgain() {
        for (state, code) in [("58030", "BAD_REQUEST"), (nil, "TEMPORARILY_UNAVAILABLE"), ("XX000", nil)] {
            #expect(StatementRetry.mayPass(Self.failure(state, code)))
        }
        for (state, code) in [("42601", "BAD_REQUEST"), ("22012", nil), (nil, "BAD_REQUEST"), (nil, nil)] {
            #expect(!StatementRetry.mayPass(Self.failure(state, code)))
        }
        #expect(!StatementRetry.mayPass(CancellationError()))
        #expect(!StatementRetry.mayPass(TimeLimitPassed(limit: .cell(.seconds(1)), cancelled: nil)))
    }
}
