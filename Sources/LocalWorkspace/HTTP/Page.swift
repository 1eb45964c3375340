/// One page of a list, with the token that leads to the next.
struct Page<Element> {
    let elements: [Element]
    /// Nil on the last page.
    let next: String?
    /// Nil on the first page.
    let previous: String?

    /// Cuts a page out of `all`.
    /// - Parameters:
    ///   - size: elements per page.
    ///   - token: from an earlier page, nil for the first.
    /// - Throws: `APIError` for a token that no page gave out.
    init(of all: [Element], size: Int, token: String?) throws {
        var start = 0
        if let token, !token.isEmpty {
            guard token.hasPrefix(Self.prefix), let offset = Int(token.dropFirst(Self.prefix.count)),
                (0...all.count).contains(offset)
            else { throw APIError.invalidParameter("The page token '\(token)' is not valid.") }
            start = offset
        }
        let end = min(all.count, start + max(1, size))
        elements = Array(all[start..<end])
        next = end < all.count ? Self.prefix + String(end) : nil
        previous = start > 0 ? Self.prefix + String(max(0, start - size)) : nil
    }

    private static var prefix: String { "from=" }
}
