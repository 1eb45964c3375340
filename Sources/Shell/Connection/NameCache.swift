import Databricks

/// Names that Tab offers, fetched in the background and never waited for, and what is known of the connection's catalogs.
final class NameCache {
    /// The catalog that sessions begin in, as the service says; nil before it was asked.
    var defaultCatalog: String?
    /// Asks for it.
    var askingDefaultCatalog: Task<String, any Error>?
    /// Whether the workspace has Unity Catalog, as far as its answers tell.
    var hasUnityCatalog = true
    private(set) var clusters: [(id: String, name: String, state: String)] = []
    private(set) var warehouses: [(id: String, name: String, state: String)] = []
    private var fetching: Task<Void, Never>?
    private var fetched: ContinuousClock.Instant?

    /// The name of a cluster or warehouse, when it is known.
    func name(ofCluster id: String) -> String? { clusters.first { $0.id == id }?.name }
    func name(ofWarehouse id: String) -> String? { warehouses.first { $0.id == id }?.name }

    func keep(clusters all: [Cluster]) { clusters = all.map { ($0.id, $0.name, $0.state.rawValue) } }

    func keep(warehouses all: [Warehouse]) { warehouses = all.map { ($0.id, $0.name, $0.state.rawValue) } }

    func clear() {
        fetching?.cancel()
        fetching = nil
        fetched = nil
        defaultCatalog = nil
        askingDefaultCatalog = nil
        hasUnityCatalog = true
        clusters = []
        warehouses = []
    }

    /// Fetches clusters and warehouses unless that is going on or was done in the last minute. Failures are silent: these
    /// are suggestions.
    func refresh(_ client: Client) {
        guard fetching == nil, fetched.map({ .now - $0 > .seconds(60) }) ?? true else { return }
        fetched = .now
        fetching = Background.start { [self] in
            defer { fetching = nil }
            if let all = try? await client.clusters.list(), !Task.isCancelled { keep(clusters: all) }
            if let all = try? await client.warehouses.list(), !Task.isCancelled { keep(warehouses: all) }
        }
    }
}
