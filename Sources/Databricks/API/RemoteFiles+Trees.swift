import System

/// Whole folders of the workspace.
extension RemoteFiles {
    /// How many requests about files go on at once (the Files API allows about ten).
    package static let mostAtOnce = 8

    /// Everything below a folder, at any depth.
    /// - Throws: as `list`.
    package func tree(_ folder: RemoteEntry) async throws -> [RemoteEntry] {
        var found: [RemoteEntry] = []
        var level = [folder]
        while !level.isEmpty {
            let lists = Locked<[RemoteEntry]>([])
            try await Self.inParallel(level) { folder in
                let entries = try await list(folder.path)
                lists.withLock { $0 += entries }
            }
            let entries = lists.withLock { $0 }
            found += entries
            level = entries.filter(\.isFolder)
        }
        return found.sorted { $0.path.path < $1.path.path }
    }

    /// Removes files.
    package func remove(_ entries: [RemoteEntry]) async throws {
        try await Self.inParallel(entries) { try await remove($0) }
    }

    /// Does something with all items, up to eight at once. The first failure ends it.
    package static func inParallel<Item: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var rest = items[...]
            for item in rest.prefix(mostAtOnce) { group.addTask { try await body(item) } }
            rest = rest.dropFirst(mostAtOnce)
            while try await group.next() != nil {
                if let item = rest.popFirst() { group.addTask { try await body(item) } }
            }
        }
    }
}

extension RemotePath {
    /// It is no root of a place, whose content nobody means to remove at one stroke.
    package var isBelowRoot: Bool {
        levelAboveVolumes == nil && path.split(separator: "/").count > 1 || place == .dbfs && path != "/"
    }
}
