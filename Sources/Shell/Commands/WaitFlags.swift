/// `--wait` and `--no-wait`, for commands that start a change and may return before it is done.
struct WaitFlags {
    let wait: Flag<Bool>
    let noWait = Flag("--no-wait", "do not wait")

    /// - Parameter defaults: the operations that wait by themselves, for help.
    init(_ defaults: String) { wait = Flag("--wait", "wait until it is done (the default for \(defaults))") }

    var all: [any AnyFlag] { [wait, noWait] }

    /// Whether the command waits.
    /// - Throws: `UsageError` when both are there.
    func isSet(in call: Call, otherwise waitsByDefault: Bool) throws -> Bool {
        if call[wait], call[noWait] { throw UsageError("--wait and --no-wait contradict each other", call.spec) }
        return call[wait] || (waitsByDefault && !call[noWait])
    }
}
