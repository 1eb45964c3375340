/// A language of commands, as API 1.2 spells it.
package enum Language: String, Sendable, CaseIterable {
    case sql, python, scala, r
}
