extension String {
    /// Where `text` first occurs. (`StringProtocol.range(of:)` is Foundation's and brings ICU along.)
    func firstRange(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            formIndex(after: &start)
        }
        return nil
    }

    /// With the first `text` in it replaced.
    func replacingFirst(_ text: String, with other: String) -> String {
        firstRange(of: text).map { self[..<$0.lowerBound] + other + self[$0.upperBound...] } ?? self
    }
}

extension StringProtocol {
    /// Without spaces, tabs and line ends on either side.
    func trimmingSpaces() -> String {
        let tail = drop { $0.isWhitespace }
        guard let last = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(tail[...last])
    }
}
