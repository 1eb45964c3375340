import Testing

@testable import LocalWorkspace

private let now = Timestamp(milliseconds: 1_000_000)

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

/// The cluster.
@Suite struct ClusterLifeCycleTests {
    private func cluster(_ state: ClusterLifeCycle.State) throws -> ClusterLifeCycle {
        var cluster = ClusterLifeCycle(id: "c")
        guard state != .terminated else { return cluster }
        try cluster.start(by: "me", at: now)
        switch state {
        case .pending, .terminated: break
        case .running: cluster.running(at: now)
        case .restarting:
            cluster.running(at: now)
            try cluster.restart(by: "me", at: now)
        case .terminating: _ = cluster.terminate(by: "me", at: now)
        case .error: cluster.failed("broken", at: now)
        }
        #expect(cluster.state == state)
        return cluster
    }

    @Test(arguments: [
        (ClusterLifeCycle.State.terminated, ClusterLifeCycle.State?.some(.pending)), (.error, .pending),
        (.pending, nil), (.running, nil), (.restarting, nil), (.terminating, nil),
    ])
    func starting(from state: ClusterLifeCycle.State, to next: ClusterLifeCycle.State?) throws {
        var cluster = try cluster(state)
        if let next {
            try cluster.start(by: "me", at: now)
            #expect(cluster.state == next)
        } else {
            let error = #expect(throws: APIError.self) { try cluster.start(by: "me", at: now) }
            #expect(error?.body["error_code"] == "INVALID_STATE")
            #expect(cluster.state == state)
        }
    }

    @Test(arguments: [ClusterLifeCycle.State.terminated, .pending, .restarting, .terminating, .error])
    func onlyARunningClusterRestarts(state: ClusterLifeCycle.State) throws {
        var cluster = try cluster(state)
        #expect(throws: APIError.self) { try cluster.restart(by: "me", at: now) }
    }

    @Test(arguments: [
        (ClusterLifeCycle.State.pending, true), (.running, true), (.restarting, true), (.error, true),
        (.terminating, false), (.terminated, false),
    ])
    func terminating(from state: ClusterLifeCycle.State, doesSomething: Bool) throws {
        var cluster = try cluster(state)
        #expect(cluster.terminate(by: "me", at: now) == doesSomething)
        cluster.terminated(at: now)
        #expect(cluster.state == .terminated)
    }

    @Test func aCrashIsARestartWithAStory() throws {
        var cluster = try cluster(.running)
        cluster.crashed("out of memory", at: now)
        #expect(cluster.state == .restarting)
        #expect(cluster.message == "out of memory")
        cluster.running(at: now)
        #expect(cluster.state == .running)
        #expect(cluster.message.isEmpty)
        #expect(
            cluster.events.map(\.type).suffix(4) == ["DRIVER_UNAVAILABLE", "RESTARTING", "DRIVER_HEALTHY", "RUNNING"])
    }

    @Test func aTerminatedClusterHearsNothingOfTheEngine() throws {
        var cluster = try cluster(.terminated)
        cluster.booting("stage")
        cluster.running(at: now)
        cluster.failed("x", at: now)
        cluster.crashed("x", at: now)
        #expect(cluster.state == .terminated)
        #expect(cluster.events.isEmpty)
    }

    @Test func theLogIsBounded() throws {
        var cluster = try cluster(.running)
        for _ in 0..<ClusterLifeCycle.eventLimit { cluster.crashed("x", at: now) }
        #expect(cluster.events.count == ClusterLifeCycle.eventLimit)
    }
}

/// The warehouse.
@Suite struct WarehouseLifeCycleTests {
    @Test func aStartWhileStoppingIsRemembered() {
        var warehouse = WarehouseLifeCycle()
        #expect(warehouse.start() == true)
        #expect(warehouse.start() == false)
        warehouse.running()
        #expect(warehouse.stop() == true)
        #expect(warehouse.stop() == false)
        #expect(warehouse.start() == false)
        #expect(warehouse.stopped() == true)
        #expect(warehouse.state == .stopped)
        #expect(!warehouse.startWanted)
    }

    @Test func aStopTakesTheRememberedStartBack() {
        var warehouse = WarehouseLifeCycle()
        _ = warehouse.start()
        _ = warehouse.stop()
        _ = warehouse.start()
        _ = warehouse.stop()
        #expect(warehouse.stopped() == false)
    }

    @Test func aFailureIsToldUntilTheNextStart() {
        var warehouse = WarehouseLifeCycle()
        _ = warehouse.start()
        warehouse.failed("no memory")
        #expect(warehouse.state == .stopped)
        #expect(warehouse.failure == "no memory")
        _ = warehouse.start()
        #expect(warehouse.failure == nil)
    }
}

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

/// One execution context.
@Suite struct ContextLifeCycleTests {
    private func command(_ id: String) -> Command { Command(id: id, language: .python, code: "x") }
    private let text: JSON = ["resultType": "text", "data": ""]

    @Test func commandsTakeTurns() {
        var context = ContextLifeCycle(id: "c", language: .python)
        #expect(context.submit(command("1"))?.id == "1")
        #expect(context.submit(command("2")) == nil)
        #expect(context.submit(command("3")) == nil)
        #expect(context.cancel("2") == .nothing)
        #expect(context.finished("1", canceled: false, results: text)?.id == "3")
        #expect(context.commands["1"]?.state == .finished(results: text))
        #expect(context.commands["2"]?.state == .cancelled)
    }

    @Test func theNextOneWaitsForACancelledOneToEnd() {
        var context = ContextLifeCycle(id: "c", language: .python)
        _ = context.submit(command("1"))
        context.started("1")
        _ = context.submit(command("2"))
        #expect(context.cancel("1") == .interrupt)
        #expect(context.commands["1"]?.state == .cancelled)
        #expect(context.cancel("1") == .nothing)
        #expect(context.commands["2"]?.state == .queued)
        #expect(context.finished("1", canceled: false, results: text)?.id == "2")
        // The late result changed nothing.
        #expect(context.commands["1"]?.state == .cancelled)
    }

    @Test func aLostContextFailsWhatWasOpen() {
        var context = ContextLifeCycle(id: "c", language: .python)
        _ = context.submit(command("1"))
        _ = context.submit(command("2"))
        context.lost("it died")
        context.lost("again")
        context.ready()
        #expect(context.state == .lost("it died"))
        let summaries = ["1", "2"].map { id -> JSON? in
            if case .finished(let results) = context.commands[id]?.state { results["summary"] } else { nil }
        }
        #expect(summaries == ["it died", "Not run: it died"])
    }

    @Test func oldResultsAreForgotten() {
        var context = ContextLifeCycle(id: "c", language: .python)
        for number in 0...ContextLifeCycle.historyLimit {
            _ = context.submit(command("\(number)"))
            _ = context.finished("\(number)", canceled: false, results: text)
        }
        #expect(context.commands["0"] == nil)
        #expect(context.commands["1"] != nil)
    }
}

/// SQL sessions.
@Suite struct SessionLifeCycleTests {
    @Test func setUpIsWrittenAsStatements() throws {
        let session = try SessionLifeCycle(
            catalog: "main", schema: "a`b",
            settings: [("TIMEZONE", "Europe/Berlin"), ("ansi_mode", "true"), ("ENABLE_PHOTON", "true"), ("k", "v")])
        #expect(
            session.setUp == [
                "USE CATALOG `main`", "USE SCHEMA `a``b`", "SET TIME ZONE 'Europe/Berlin'",
                "SET spark.sql.ansi.enabled = true", "SET k = v",
            ])
    }

    @Test func itOpensOnceEverythingIsAnswered() throws {
        var session = try SessionLifeCycle(catalog: "c", schema: "s", settings: [])
        #expect(session.begin().count == 2)
        #expect(session.begin().isEmpty)
        #expect(session.answered(nil) == false)
        #expect(session.answered(nil) == true)
        #expect(session.state == .open)
    }

    @Test func oneWithoutSetUpIsOpenAtOnce() throws {
        var session = try SessionLifeCycle(catalog: nil, schema: nil, settings: [])
        #expect(session.begin().isEmpty)
        #expect(session.state == .open)
    }
}
