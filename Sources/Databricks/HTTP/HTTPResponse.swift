import System

/// Status and headers of a reply.
package struct HTTPHead: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]

    package init(status: Int = 0, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.headers = headers
    }

    /// Value of the first header called `name`, in whatever case.
    package subscript(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }

    /// The id the service gave this exchange; support asks for it.
    package var requestID: String? { self["x-request-id"] ?? self["x-databricks-request-id"] }

    package var isSuccess: Bool { (200..<300).contains(status) }
}

/// A reply whose body is in memory.
package struct HTTPResponse: Sendable {
    package let head: HTTPHead
    package let body: [UInt8]

    package init(head: HTTPHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }
}

/// A reply whose body is still coming.
package struct HTTPStream: Sendable {
    package let head: HTTPHead
    package let body: HTTPBody

    package init(head: HTTPHead, body: HTTPBody) {
        self.head = head
        self.body = body
    }
}

/// The pieces of a body as they come, for one reader. Letting go of it, or cancelling the task that reads, ends the
/// transfer.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    package typealias Failure = any Error

    private let pull: @Sendable () async throws -> [UInt8]?

    /// A body whose pieces come from `pull`; nil ends it.
    package init(pull: @escaping @Sendable () async throws -> [UInt8]?) {
        self.pull = pull
    }

    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let pull: @Sendable () async throws -> [UInt8]?

        package mutating func next() async throws -> [UInt8]? {
            try await pull()
        }
    }

    package func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(pull: pull)
    }

    /// The first `limit` bytes of what is left; the rest is dropped.
    package func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in self {
            bytes += piece.prefix(limit - bytes.count)
            if bytes.count >= limit { break }
        }
        return bytes
    }
}
