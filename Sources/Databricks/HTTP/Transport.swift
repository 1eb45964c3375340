/// Carries requests to a server. The one seam between the client and the wire: libcurl in the product, a script in
/// tests, and wrappers that add tracing.
package protocol Transport: Sendable {
    /// The whole reply, in memory.
    /// - Throws: `TransportError` when no complete reply came; `PlainHTTPRefused`; `CancellationError`. Any status is a reply, not an
    ///   error.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse

    /// The head at once, the body as it comes, with back-pressure.
    /// - Throws: as `send`; what goes wrong after the head is thrown while the body is read.
    func stream(_ request: HTTPRequest) async throws -> HTTPStream

    /// Opens a connection to the host of `url` (`https://…`), unless one is open, so that the next request need not wait for
    /// it. Sends no request, and says nothing when it fails.
    func connect(to url: String)

    /// Ends every transfer and waits until nothing runs any more. To be awaited before the process exits.
    func shutdown() async
}
