import System

/// The way to a server that is a process of this machine. When nobody listens there it has ended, and does not come back: that
/// is no fault of a network, which would be waited for.
package final class LocalProcessTransport: Transport {
    private let base: any Transport
    private let ending: String
    private let gone = Locked(false)

    /// - Parameter ending: says that it has ended, and why that may be.
    package init(_ base: any Transport, ending: String) {
        self.base = base
        self.ending = ending
    }

    /// The process was found to have ended.
    package var isGone: Bool { gone.withLock { $0 } }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try await watched(request) { try await self.base.send(request) }
    }

    package func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        try await watched(request) { try await self.base.stream(request) }
    }

    package func connect(to url: String) { base.connect(to: url) }

    package func shutdown() async { await base.shutdown() }

    private func watched<T>(_ request: HTTPRequest, _ exchange: () async throws -> T) async throws -> T {
        do { return try await exchange() } catch let error as TransportError where error.kind == .connect {
            gone.withLock { $0 = true }
            throw TransportError(.gone, request, ending, mayHaveArrived: false)
        }
    }
}
