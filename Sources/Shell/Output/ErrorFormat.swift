/// How errors and messages are written to stderr.
enum ErrorFormat: String, CaseIterable {
    /// For people.
    case text
    /// For programs: one JSON object a line.
    case json
}
