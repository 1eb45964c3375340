import Testing

@testable import LocalWorkspace

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
