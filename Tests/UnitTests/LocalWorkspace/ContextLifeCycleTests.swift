import Testing

@testable import LocalWorkspace

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

    /// Nobody but the process knows when Spark elsewhere has been told.
    @Test func aCancelIsConfirmedByTheProcess() {
        var context = ContextLifeCycle(id: "c", language: .python)
        _ = context.submit(command("1"))
        context.started("1")
        _ = context.submit(command("2"))
        #expect(context.cancel("2", isConfirmed: true) == .nothing)
        #expect(context.commands["2"]?.state == .cancelled)
        #expect(context.cancel("1", isConfirmed: true) == .interrupt)
        #expect(context.commands["1"]?.state == .running)
        #expect(context.finished("1", canceled: true, results: text) == nil)
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
