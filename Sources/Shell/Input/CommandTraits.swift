/// What the shell must know of a meta command without knowing the command: its spec says it.
nonisolated struct CommandTraits: OptionSet, Sendable {
    let rawValue: Int

    /// It runs other cells, which have entries of their own: it takes no part in lists and replays.
    static let runsCells = CommandTraits(rawValue: 1 << 0)
    /// What it shows is not held back for the pager, for it talks with the user or draws.
    static let isUnpaged = CommandTraits(rawValue: 1 << 1)
    /// It is about the record of the session, or ends it: it is neither recorded nor saved.
    static let isUnrecorded = CommandTraits(rawValue: 1 << 2)
    /// It judges the result of the cell before it, and may have wanted its failure.
    static let judges = CommandTraits(rawValue: 1 << 3)
}
