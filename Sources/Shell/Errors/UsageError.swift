/// Something typed that dbsh does not take: a wrong option, a missing argument, an unknown command (exit code 2).
nonisolated struct UsageError: Error {
    let message: String
    /// What to type instead.
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
