/// An object as cloud storage serves it: with range requests (RFC 9110 §14), well or badly done, and with connections that
/// break off.
package struct StoredObject: Sendable {
    /// What the server makes of `Range`.
    package enum Ranges: Sendable, CaseIterable {
        /// As it should.
        case honoured
        /// Not known: every reply is the whole object.
        case ignored
        /// What comes begins one byte too early, as its `Content-Range` says.
        case misplaced
        /// The status says 206, and nothing says where the bytes belong.
        case unplaced
        /// Refused, as if it were no request that the link is good for.
        case refused
    }

    package var bytes: [UInt8]
    package var ranges = Ranges.honoured
    /// `ETag` or `Last-Modified` and the like.
    package var headers: [(String, String)] = [("ETag", "\"1\"")]
    /// `If-Range` is minded. Some servers do not.
    package var mindsCondition = true

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The reply to `request`.
    /// - Parameter cut: the connection is reset after so many bytes of the body; nil sends all.
    package func reply(to request: FaultServer.Request, cut: Int? = nil) -> FaultServer.Reply {
        guard let first = first(request), ranges != .ignored else { return whole(cut) }
        if ranges == .refused { return .status(403, body: "<Error><Message>SignatureDoesNotMatch</Message></Error>") }
        guard first < bytes.count else {
            return .partial([], length: 0, range: "bytes */\(bytes.count)", headers: headers, status: 416)
        }
        let start = ranges == .misplaced ? first - 1 : first
        let body = bytes[start...]
        if ranges == .unplaced {
            return .raw([.text("HTTP/1.1 206 Partial\r\nContent-Length: \(body.count)\r\n\r\n")] + steps(body, cut))
        }
        return .partial(
            steps(body, cut), length: body.count, range: "bytes \(start)-\(bytes.count - 1)/\(bytes.count)",
            headers: headers)
    }

    private func whole(_ cut: Int?) -> FaultServer.Reply {
        .steps(steps(bytes[...], cut), length: bytes.count, headers: headers)
    }

    private func steps(_ body: ArraySlice<UInt8>, _ cut: Int?) -> [FaultServer.Step] {
        guard let cut, cut < body.count else { return [.bytes(Array(body))] }
        // In order, and not by a reset, which could overtake what was sent.
        return [.bytes(Array(body.prefix(cut))), .drop]
    }

    /// First byte of the range asked for; nil when the whole object has to be sent.
    private func first(_ request: FaultServer.Request) -> Int? {
        guard let range = request["range"], range.hasPrefix("bytes="), range.hasSuffix("-") else { return nil }
        if mindsCondition, let condition = request["if-range"], !headers.contains(where: { $0.1 == condition }) {
            return nil
        }
        return Int(range.dropFirst(6).dropLast())
    }
}

extension FaultServer.Reply {
    /// A part of an object (RFC 9110 §15.3.7), whole or not.
    package static func partial(
        _ steps: [FaultServer.Step], length: Int, range: String, headers: [(String, String)] = [], status: Int = 206
    ) -> FaultServer.Reply {
        let head = head(status, headers + [("Content-Length", String(length)), ("Content-Range", range)])
        return FaultServer.Reply(steps: [.text(head)] + steps, keepsConnection: false)
    }
}
