import Glibc
import Support
import Testing

@testable import Terminal

@Suite @MainActor struct InterruptsTests {
    /// Lets one side wait until the other has got somewhere.
    struct Signal {
        private let journal = Journal<Void>()

        func send() { journal.append(()) }
        func wait() async { await journal.waitFor(1) }
    }

    static func untilCancelled() async throws {
        try await Task.sleep(for: .seconds(3600))
    }

    @Test func firstInterruptCancelsAndWaits() async {
        let interrupts = Interrupts(isProcessWide: false)
        let (started, said) = (Signal(), Signal())
        var hasCleanedUp = false
        let task = Task {
            try await interrupts.cancelling(onCancel: { said.send() }) {
                started.send()
                do { try await Self.untilCancelled() } catch {
                    await said.wait()
                    hasCleanedUp = true
                    throw error
                }
            }
        }
        await started.wait()
        interrupts.deliver(SIGINT)
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(hasCleanedUp)
    }

    @Test func secondInterruptDetaches() async {
        let interrupts = Interrupts(isProcessWide: false)
        let (started, cancelled, mayEnd) = (Signal(), Signal(), Signal())
        let task = Task {
            try await interrupts.cancelling {
                started.send()
                try? await Self.untilCancelled()
                cancelled.send()
                await Task { await mayEnd.wait() }.value
            }
        }
        await started.wait()
        interrupts.deliver(SIGINT)
        await cancelled.wait()
        interrupts.deliver(SIGINT)
        await #expect(throws: Detached.self) { try await task.value }
        mayEnd.send()
    }

    @Test func bodysResultIsKept() async throws {
        let interrupts = Interrupts(isProcessWide: false)
        #expect(try await interrupts.cancelling { 42 } == 42)
        // An interrupt that comes when the body is done with its work changes nothing for it, and stops the next.
        let value = try await interrupts.cancelling {
            interrupts.deliver(SIGINT)
            return 43
        }
        #expect(value == 43)
        await #expect(throws: CancellationError.self) {
            try await interrupts.cancelling { try Task.checkCancellation() }
        }
        try await interrupts.cancelling { try Task.checkCancellation() }
    }

    /// Code that was left to itself knows it, also in the tasks it starts; others do not.
    @Test func detachedBodyKnowsIt() async {
        let interrupts = Interrupts(isProcessWide: false)
        let (started, mayLook, hasLooked) = (Signal(), Signal(), Signal())
        var seen: [Bool] = []
        let task = Task {
            try await interrupts.cancelling {
                seen.append(Attachment.isDetached)
                started.send()
                await Task { await mayLook.wait() }.value
                seen.append(await Task { Attachment.isDetached }.value)
                seen.append(Attachment.isDetached)
                hasLooked.send()
            }
        }
        await started.wait()
        interrupts.deliver(SIGINT)
        interrupts.deliver(SIGINT)
        await #expect(throws: Detached.self) { try await task.value }
        #expect(!Attachment.isDetached)
        mayLook.send()
        await hasLooked.wait()
        #expect(seen == [false, true, true])
    }

    @Test func interruptBetweenBodiesIsNotLost() async throws {
        let interrupts = Interrupts(isProcessWide: false)
        interrupts.deliver(SIGINT)
        await #expect(throws: CancellationError.self) {
            try await interrupts.cancelling { try await Self.untilCancelled() }
        }
        try await interrupts.cancelling { try Task.checkCancellation() }
        interrupts.deliver(SIGINT)
        #expect(interrupts.takePendingInterrupt())
        #expect(!interrupts.takePendingInterrupt())
    }

    @Test func innermostHearsIt() async throws {
        let interrupts = Interrupts(isProcessWide: false)
        try await interrupts.cancelling {
            await #expect(throws: CancellationError.self) {
                try await interrupts.cancelling {
                    interrupts.deliver(SIGINT)
                    try await Self.untilCancelled()
                }
            }
            await interrupts.ignoring { interrupts.deliver(SIGINT) }
            try Task.checkCancellation()
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP]) func terminationCancelsAndIsAwaited(signal: Int32) async {
        let interrupts = Interrupts(isProcessWide: false)
        let started = Signal()
        let task = Task {
            try await interrupts.cancelling {
                started.send()
                try await Self.untilCancelled()
            }
        }
        await started.wait()
        interrupts.deliver(signal)
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(interrupts.termination == Termination(signal: signal))
        #expect(interrupts.termination?.exitStatus == 128 + signal)
        // And whatever is begun after it.
        await #expect(throws: CancellationError.self) {
            try await interrupts.cancelling { try await Self.untilCancelled() }
        }
        #expect(interrupts.termination?.signal == signal)
    }

    @Test func callersCancellationReachesTheBody() async {
        let interrupts = Interrupts(isProcessWide: false)
        let started = Signal()
        let task = Task {
            try await interrupts.cancelling {
                started.send()
                try await Self.untilCancelled()
            }
        }
        await started.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
