/// Work that the user did not ask for, such as fetching names for Tab: its failures and retries are not reported.
nonisolated enum Background {
    @TaskLocal static var isWorking = false

    /// Starts it.
    @MainActor static func start(_ work: @escaping @MainActor () async -> Void) -> Task<Void, Never> {
        Task { await $isWorking.withValue(true) { await work() } }
    }
}
