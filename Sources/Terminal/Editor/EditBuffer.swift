/// A copy of the text being edited. Positions are indices of scalars, as in libedit.
struct EditBuffer: Equatable {
    var scalars: [Unicode.Scalar] = []
    var cursor = 0

    var isEmpty: Bool { scalars.isEmpty }
    var count: Int { scalars.count }
    var text: String { Self.string(scalars[...]) }
    var textBeforeCursor: String { Self.string(scalars[..<cursor]) }

    static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    // MARK: - Clusters

    /// Where the cluster that ends at `position` begins. Clusters are `Character`s; a cluster longer than 64 scalars is taken apart.
    func clusterStart(before position: Int) -> Int {
        var low = max(0, position - 64)
        // A window that begins within a cluster would be cut wrongly, so begin after a blank when there is one.
        if low > 0 { low = scalars[low..<position].firstIndex { $0 == " " || $0 == "\n" } ?? low }
        guard let last = Self.string(scalars[low..<position]).last else { return position }
        return position - last.unicodeScalars.count
    }

    /// Where the cluster that begins at `position` ends.
    func clusterEnd(after position: Int) -> Int {
        guard let first = Self.string(scalars[position..<min(count, position + 64)]).first else { return position }
        return position + first.unicodeScalars.count
    }

    // MARK: - Lines

    func lineStart(of position: Int) -> Int {
        (scalars[..<position].lastIndex(of: "\n") ?? -1) + 1
    }

    func lineEnd(of position: Int) -> Int {
        scalars[position...].firstIndex(of: "\n") ?? count
    }

    /// The spaces at the start of the cursor's line, up to the cursor.
    var indentation: Int { scalars[lineStart(of: cursor)..<cursor].prefix { $0 == " " }.count }

    // MARK: - Brackets

    /// In longer texts looking for them would slow down typing.
    private static let longestForBrackets = 10_000

    /// The bracket at the cursor, else the one before it, and the one that belongs to it; none in quotes and comments.
    var brackets: [Int] {
        guard count <= Self.longestForBrackets else { return [] }
        var open: [Int] = []
        var found: [[Int]] = []
        var index = 0
        while index < count {
            let scalar = scalars[index]
            switch scalar {
            case "'", "\"", "`": index = scalars[(index + 1)...].firstIndex(of: scalar) ?? count
            case "#": index = lineEnd(of: index)
            case "-" where index + 1 < count && scalars[index + 1] == "-": index = lineEnd(of: index)
            case "(", "[", "{": open.append(index)
            case ")", "]", "}":
                if let start = open.last, Self.closing[scalars[start]] == scalar {
                    open.removeLast()
                    found.append([start, index])
                }
            default: break
            }
            index += 1
        }
        return found.first { $0.contains(cursor) } ?? found.first { $0.contains(cursor - 1) } ?? []
    }

    private static let closing: [Unicode.Scalar: Unicode.Scalar] = ["(": ")", "[": "]", "{": "}"]

    // MARK: - Words

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
            || scalar.properties.generalCategory == .nonspacingMark
    }

    static func isNoBlank(_ scalar: Unicode.Scalar) -> Bool { scalar != " " && scalar != "\n" && scalar != "\t" }

    func wordStart(before position: Int, isWord: (Unicode.Scalar) -> Bool = isWord) -> Int {
        var start = position
        while start > 0, !isWord(scalars[start - 1]) { start -= 1 }
        while start > 0, isWord(scalars[start - 1]) { start -= 1 }
        return start
    }

    func wordEnd(after position: Int) -> Int {
        var end = position
        while end < count, !Self.isWord(scalars[end]) { end += 1 }
        while end < count, Self.isWord(scalars[end]) { end += 1 }
        return end
    }

    // MARK: - UTF-8 offsets

    var cursorOffset: Int { scalars[..<cursor].reduce(0) { $0 + UTF8.width($1) } }

    /// The positions that a range of UTF-8 offsets stands for; nil when it does not fit or cuts a scalar.
    func positions(of range: Range<Int>) -> Range<Int>? {
        guard let lower = position(ofOffset: range.lowerBound), let upper = position(ofOffset: range.upperBound) else {
            return nil
        }
        return lower..<upper
    }

    private func position(ofOffset offset: Int) -> Int? {
        var rest = offset
        for (position, scalar) in scalars.enumerated() {
            if rest <= 0 { return rest == 0 ? position : nil }
            rest -= UTF8.width(scalar)
        }
        return rest == 0 ? count : nil
    }
}
