import Text

/// A token as the judges of a statement look at it: what it says, not where it stands.
enum Piece: Equatable {
    /// In upper case.
    case word(String)
    /// What stands in backticks.
    case name(String)
    case string
    /// As it is written; a name may begin with a digit.
    case number(String)
    case symbol(UInt8)

    static let open = Piece.symbol(.leftParenthesis)
    static let close = Piece.symbol(.rightParenthesis)
    static let dot = Piece.symbol(.dot)
    static let comma = Piece.symbol(.comma)

    /// The word, in upper case; nil for anything else.
    var word: String? { if case .word(let word) = self { word } else { nil } }

    /// What it could name.
    var isName: Bool {
        switch self {
        case .word, .name, .number: true
        case .string, .symbol: false
        }
    }
}

extension SQLText {
    /// The statements of the text, without comments, hints and semicolons. A block's are taken apart too.
    var statements: [ArraySlice<Piece>] {
        var pieces: [Piece] = []
        var hint: Int?
        for token in code {
            switch token.kind {
            case .symbol(.slash) where token.range.count == 3: hint = pieces.count
            case .symbol(.semicolon): hint = nil  // it was none
            case .symbol(.star) where token.range.count == 2:
                guard let start = hint else { break }
                pieces.removeSubrange(start...)
                hint = nil
                continue
            default: break
            }
            pieces.append(piece(token))
        }
        return pieces.split(separator: .symbol(.semicolon))
    }

    private func piece(_ token: Token) -> Piece {
        switch token.kind {
        case .word: .word(text(of: token).uppercased())
        case .name: .name(name(token) ?? "")
        case .string: .string
        case .number: .number(text(of: token))
        case .symbol(let byte): .symbol(byte)
        case .comment: preconditionFailure("comments are no code")
        }
    }
}

extension ArraySlice<Piece> {
    /// Just behind the parenthesis that closes the one at `index`; the end when none does.
    func end(ofGroupAt index: Int) -> Int {
        var depth = 0
        for at in index..<endIndex {
            if self[at] == .open { depth += 1 }
            if self[at] == .close {
                depth -= 1
                if depth == 0 { return at + 1 }
            }
        }
        return endIndex
    }

    /// What stands at an index; nil outside.
    func at(_ index: Int) -> Piece? { indices.contains(index) ? self[index] : nil }

    /// The definitions of the `WITH` at `index`: where they end, and the indices of the names with a parenthesis behind them
    /// (`WITH a (x, y) AS …`), which call nothing. Nil when it is another WITH.
    func definitions(at index: Int) -> (end: Int, listed: [Int])? {
        var at = index + 1
        var listed: [Int] = []
        if self.at(at) == .word("RECURSIVE"), let next = self.at(at + 1), next.isName, next != .word("AS") { at += 1 }
        while let name = self.at(at), name.isName {
            if self.at(at + 1) == .open { listed.append(at) }
            at += 1
            guard skipDefinition(&at) else { return nil }
            guard self.at(at) == .comma else { return (at, listed) }
            at += 1
        }
        return nil
    }

    /// Reads `[(columns)] [MAX RECURSION LEVEL n] [AS] (query)`; false when it is not that.
    private func skipDefinition(_ at: inout Int) -> Bool {
        var groups = 0
        while true {
            switch self.at(at) {
            case .open? where groups < 2:
                at = end(ofGroupAt: at)
                groups += 1
            case .word("MAX")? where self.at(at + 1) == .word("RECURSION"): at += 4
            case .word("AS")? where self.at(at + 1) == .open && groups < 2:
                at = end(ofGroupAt: at + 1)
                return true
            default: return groups > 0
            }
        }
    }
}
