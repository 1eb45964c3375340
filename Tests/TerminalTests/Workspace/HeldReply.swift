import Dispatch
import Support

/// The reply to one kind of request is held back until the test lets it go. What was asked has been done by then.
final class HeldReply: Trouble {
    private let path: String
    private let arrivals = Journal<Void>()
    private let gate = DispatchSemaphore(value: 0)

    init(_ path: String) { self.path = path }

    /// Waits until the request is there.
    func arrived() async -> Bool { await arrivals.wait { !$0.isEmpty } }

    /// Lets the reply go, and those after it.
    func letGo() { gate.signal() }

    func reply(
        to request: FaultServer.Request, from answer: (FaultServer.Request) -> FaultServer.Reply
    ) -> FaultServer.Reply {
        let reply = answer(request)
        guard request.path == path else { return reply }
        arrivals.append(())
        // Every connection has a thread of its own, which may wait; and nobody waits for ever.
        _ = gate.wait(timeout: .now() + .seconds(400))
        gate.signal()
        return reply
    }
}
