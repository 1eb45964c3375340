import Testing

@testable import LocalWorkspace

/// The engine: who needs it, and what its end means.
@Suite struct EngineLifeCycleTests {
    @Test func itRunsForTheFirstAndStopsAfterTheLast() {
        var engine = EngineLifeCycle()
        #expect(engine.acquire(.cluster) == .launch)
        #expect(engine.acquire(.warehouse) == .nothing)
        engine.ready()
        #expect(engine.state == .running)
        #expect(engine.release(.cluster) == .nothing)
        #expect(engine.isFree(of: .cluster))
        #expect(engine.release(.warehouse) == .stop)
        #expect(!engine.isFree(of: .warehouse))
        #expect(engine.ended() == .stopped)
        #expect(engine.isFree(of: .warehouse))
        #expect(engine.acquire(.warehouse) == .launch)
    }

    @Test func whoComesWhileItStopsGetsANewOne() {
        var engine = EngineLifeCycle()
        _ = engine.acquire(.cluster)
        engine.ready()
        _ = engine.release(.cluster)
        #expect(engine.acquire(.warehouse) == .nothing)
        #expect(engine.ended() == .relaunch)
        #expect(engine.state == .starting)
    }

    @Test func itIsRenewedOnlyForItsOnlyUser() {
        var engine = EngineLifeCycle()
        _ = engine.acquire(.cluster)
        engine.ready()
        _ = engine.acquire(.warehouse)
        #expect(engine.renew(for: .cluster) == .nothing)
        #expect(engine.state == .running)
        _ = engine.release(.warehouse)
        #expect(engine.renew(for: .cluster) == .stop)
        #expect(engine.ended() == .relaunch)
    }

    @Test func oneThatNeverBecameReadyIsNotTriedAgain() {
        var engine = EngineLifeCycle()
        _ = engine.acquire(.cluster)
        #expect(engine.ended() == .failed)
        #expect(engine.state == .stopped)
        #expect(engine.users.isEmpty)
    }

    @Test func crashesAreForgivenAsLongAsItWorks() {
        var engine = EngineLifeCycle()
        _ = engine.acquire(.cluster)
        for _ in 0..<10 {
            engine.ready()
            engine.worked()
            #expect(engine.ended() == .crashed(relaunch: true))
        }
        for crash in 2...EngineLifeCycle.crashLimit {
            engine.ready()
            #expect(engine.ended() == .crashed(relaunch: crash < EngineLifeCycle.crashLimit))
        }
        #expect(engine.state == .stopped)
    }
}
