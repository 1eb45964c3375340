/// A language of execution contexts.
enum Language: String, Sendable, CaseIterable {
    case python, scala, sql, r
}
