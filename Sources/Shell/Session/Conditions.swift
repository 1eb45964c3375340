import Databricks

/// The `.if` blocks that are open: which cells are passed over. Blocks end where they began, in one script.
struct Conditions {
    /// What the branch that has been reached is.
    private enum Branch {
        case runs
        /// No condition has held yet.
        case seeks
        /// One has held, or none could be judged: what is left is passed over.
        case isOver
    }

    private struct Block {
        var branch: Branch
        let place: SourcePosition
        /// It stands in what is passed over: nothing of it is looked at.
        var isInside = false
        var hasElse = false
        /// What `.lang` said in what is passed over: the text there is read so.
        var language: Language?
    }

    private var blocks: [Block] = []
    /// Blocks that belong to the scripts around the one that runs.
    private var outer = 0

    /// Cells are passed over.
    var isSkipping: Bool { blocks.last.map { $0.branch != .runs } ?? false }

    /// The language of plain cells in what is passed over; nil where that is the session's.
    var language: Language? { isSkipping ? blocks.last?.language : nil }

    // MARK: Scripts

    /// A script begins.
    /// - Returns: what `leave` needs.
    mutating func enter() -> Int {
        defer { outer = blocks.count }
        return outer
    }

    /// The script has ended.
    /// - Returns: where an `.if` stands that has no `.endif`.
    mutating func leave(_ before: Int) -> SourcePosition? {
        defer {
            blocks.removeSubrange(min(outer, blocks.count)...)
            outer = min(before, blocks.count)
        }
        return blocks.count > outer ? blocks[outer].place : nil
    }

    // MARK: Cells

    /// Whether the cell is passed over.
    /// - Parameter branches: it is one of the commands below, and may end that.
    mutating func passesOver(_ cell: Cell, branches: Bool) -> Bool {
        guard let last = blocks.indices.last else { return false }
        if branches, cell.metaName == "elif", blocks[last].branch == .runs, blocks.count > outer, !blocks[last].hasElse
        {
            // A condition has held: this one is not looked at any more.
            blocks[last].branch = .isOver
            return true
        }
        guard blocks[last].branch != .runs else { return false }
        guard branches else {
            noteLanguage(cell)
            return true
        }
        switch cell.metaName {
        case "if":
            blocks.append(Block(branch: .isOver, place: cell.start, isInside: true, language: blocks[last].language))
            return true
        case "elif": return blocks[last].isInside || blocks[last].branch == .isOver
        case "endif" where blocks[last].isInside:
            let language = blocks.removeLast().language
            blocks[blocks.count - 1].language = language
            return true
        default: return blocks[last].isInside
        }
    }

    private mutating func noteLanguage(_ cell: Cell) {
        guard cell.metaName == "lang", let word = cell.text.split(whereSeparator: \.isWhitespace).dropFirst().first,
            let language = Language(name: word)
        else { return }
        blocks[blocks.count - 1].language = language
    }

    /// `.if`.
    mutating func begin(_ holds: Bool, at place: SourcePosition) {
        blocks.append(Block(branch: holds ? .runs : .seeks, place: place))
    }

    /// `.elif`, which is judged only when no condition before it held.
    mutating func otherwise(if holds: () throws -> Bool) throws {
        let last = try current(".elif")
        if blocks[last].hasElse { throw UsageError(".elif stands behind .else") }
        blocks[last].language = nil
        guard blocks[last].branch == .seeks else { return blocks[last].branch = .isOver }
        if try holds() { blocks[last].branch = .runs }
    }

    /// `.else`.
    mutating func otherwise() throws {
        let last = try current(".else")
        if blocks[last].hasElse { throw UsageError("there is a second .else") }
        blocks[last].language = nil
        blocks[last].hasElse = true
        blocks[last].branch = blocks[last].branch == .seeks ? .runs : .isOver
    }

    /// `.endif`.
    mutating func end() throws {
        _ = try current(".endif")
        blocks.removeLast()
    }

    /// A condition could not be judged: nothing of its block runs.
    mutating func failed(_ name: String, at place: SourcePosition) {
        if name == "if" {
            blocks.append(Block(branch: .isOver, place: place))
        } else if name == "elif", blocks.count > outer {
            blocks[blocks.count - 1].branch = .isOver
        }
    }

    private func current(_ command: String) throws -> Int {
        guard blocks.count > outer else { throw UsageError("\(command) stands behind no .if") }
        return blocks.count - 1
    }
}
