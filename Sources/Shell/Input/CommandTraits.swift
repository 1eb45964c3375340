/// What the shell needs to know about a meta command without depending on it. Each command's spec declares it.
nonisolated struct CommandTraits: OptionSet, Sendable {
    let rawValue: Int

    /// It runs other cells, which have entries of their own: it takes no part in lists and replays.
    static let runsCells = CommandTraits(rawValue: 1 << 0)
    /// Its output is not buffered for the pager, because it talks with the user or draws.
    static let isUnpaged = CommandTraits(rawValue: 1 << 1)
    /// It is about the record of the session, or ends it: it is neither recorded nor saved.
    static let isUnrecorded = CommandTraits(rawValue: 1 << 2)
    /// It checks the result of the cell before it, and may expect its failure.
    static let judges = CommandTraits(rawValue: 1 << 3)
    /// Its output is a text to read.
    static let isHelp = CommandTraits(rawValue: 1 << 4)
    /// It says which cells behind it are run (`.if`), so it is looked at where others are passed over.
    static let branches = CommandTraits(rawValue: 1 << 5)
}
