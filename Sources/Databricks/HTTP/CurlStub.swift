package final class CurlTransport: Transport {
    package struct Options { package init(environment: [String: String]) {} }
    package init(_ o: Options) {}
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse { throw CancellationError() }
    package func stream(_ request: HTTPRequest) async throws -> HTTPStream { throw CancellationError() }
    package func shutdown() async {}
}
