/// Range requests for things that do not change (RFC 9110 §14): one range of bytes, `If-Range` with a strong entity tag.
enum RangeRequest {
    /// What the request gets of a whole.
    /// - Parameters:
    ///   - entityTag: of the whole, without quotes.
    ///   - headers: of a success, such as its media type.
    static func response(
        to request: HTTPRequest, body: HTTPResponse.Body, entityTag: String, headers: [(name: String, value: String)]
    ) -> HTTPResponse {
        let headers = headers + [("ETag", "\"\(entityTag)\""), ("Accept-Ranges", "bytes")]
        let isSame = request.header("if-range").map { $0 == "\"\(entityTag)\"" } ?? true
        guard isSame, let asked = request.header("range").flatMap(ByteRange.init) else {
            return HTTPResponse(headers: headers, body: body)
        }
        guard let range = asked.range(in: body.count) else {
            return HTTPResponse(
                status: 416, headers: headers + [("Content-Range", "bytes */\(body.count)")], body: .bytes([]))
        }
        let place = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(body.count)"
        return HTTPResponse(status: 206, headers: headers + [("Content-Range", place)], body: body.part(range))
    }
}

/// The one range of a `Range` header.
enum ByteRange: Equatable {
    /// `bytes=5-` or `bytes=5-9`.
    case from(Int, to: Int?)
    /// `bytes=-5`
    case last(Int)

    /// Nil for what a server may ignore: other units, several ranges, and what makes no sense.
    init?(_ text: String) {
        guard text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        let ends = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.allSatisfy(\.isNumber) }) else { return nil }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?) where first <= last: self = .from(first, to: last)
        case (let first?, nil) where ends[1].isEmpty: self = .from(first, to: nil)
        case (nil, let count?) where ends[0].isEmpty: self = .last(count)
        default: return nil
        }
    }

    /// The bytes it means of so many; nil when there are none of them.
    func range(in count: Int) -> Range<Int>? {
        let range =
            switch self {
            case .from(let first, let last): min(first, count)..<min(last.map { $0 + 1 } ?? count, count)
            case .last(let number): max(count - number, 0)..<count
            }
        return range.isEmpty ? nil : range
    }
}
