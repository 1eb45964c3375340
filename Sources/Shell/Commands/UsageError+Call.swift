extension UsageError {
    /// A call that does not fit a command: the hint shows its usage.
    @MainActor init(_ message: String, _ spec: CommandSpec) {
        self.init(message, hint: "usage: \(spec.usage) (see .help \(spec.name))")
    }
}
