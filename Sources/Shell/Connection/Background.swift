/// Work that nobody has asked for, such as fetching names for Tab: it fails in silence and says nothing of its retries.
nonisolated enum Background {
    @TaskLocal static var isWorking = false

    /// Starts it.
    @MainActor static func start(_ work: @escaping @MainActor () async -> Void) -> Task<Void, Never> {
        Task { await $isWorking.withValue(true) { await work() } }
    }
}
