/// Something typed that dbsh does not take: a wrong option, a missing argument, an unknown command (exit code 2).
nonisolated struct UsageError: Error {
    let message: String
    /// What to type instead.
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// A call that does not fit a command: the hint shows its usage.
    @MainActor init(_ message: String, _ spec: CommandSpec) {
        self.init(message, hint: "usage: \(spec.usage) (see .help \(spec.name))")
    }
}
