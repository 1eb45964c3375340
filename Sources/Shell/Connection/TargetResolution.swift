import Databricks

extension Workspace {
    /// The id of the warehouse that SQL goes to. What was chosen by name is looked up once; when nothing was, the default is taken.
    /// - Throws: `UsageError` when there is none to take, or none of that name.
    func warehouseID(_ client: Client) async throws -> String {
        guard let target = warehouse else { return try await useDefaultWarehouse(client).id }
        if let id = target.id { return id }
        if Self.isWarehouseID(target.reference) {
            warehouse?.id = target.reference
            return target.reference
        }
        return try await useWarehouse(target.reference, client).id
    }

    /// The id of the cluster that code goes to.
    /// - Throws: `UsageError` when none is chosen, or when there is none of that name.
    func clusterID(_ client: Client) async throws -> String {
        guard let target = cluster else {
            throw UsageError(
                "no cluster is chosen for code",
                hint: ".clusters lists them, .cluster NAME uses one, .cluster serverless needs none")
        }
        guard !target.isServerless else {
            throw UsageError(
                "serverless compute is no cluster: nobody starts or stops it, and it has no events",
                hint: "name a cluster; .clusters lists them")
        }
        if let id = target.id { return id }
        if Self.isClusterID(target.reference) {
            cluster?.id = target.reference
            return target.reference
        }
        return try await useCluster(target.reference, client).id
    }

    /// Looks a warehouse up by name or id and uses it from now on.
    @discardableResult
    func useWarehouse(_ reference: String, _ client: Client) async throws -> Warehouse {
        let found = try await findWarehouse(reference, client)
        if warehouse?.id != found.id { sessions.forget() }
        warehouse = Target(id: found.id, name: found.name)
        warehouseIsDefault = false
        chosenSQLTarget = nil
        return found
    }

    /// Looks a cluster up by name or id and uses it from now on.
    @discardableResult
    func useCluster(_ reference: String, _ client: Client) async throws -> Cluster {
        let found = try await findCluster(reference, client)
        cluster = Target(id: found.id, name: found.name)
        return found
    }

    func findWarehouse(_ reference: String, _ client: Client) async throws -> Warehouse {
        let all = try await client.warehouses.list()
        names.keep(warehouses: all)
        return try TargetLookup.find(reference, kind: "warehouse", in: all, id: \.id, name: \.name)
    }

    func findCluster(_ reference: String, _ client: Client) async throws -> Cluster {
        let all = try await client.clusters.list()
        names.keep(clusters: all)
        return try TargetLookup.find(reference, kind: "cluster", in: all, id: \.id, name: \.name)
    }

    /// Warehouse ids are 16 hexadecimal digits, so they need not be looked up.
    static func isWarehouseID(_ text: String) -> Bool { text.count == 16 && text.allSatisfy(\.isHexDigit) }

    /// Cluster ids look like `0101-120000-abcd123`.
    static func isClusterID(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count == 3 && parts[0].count == 4 && parts[0].allSatisfy(\.isNumber)
            && parts[1].count == 6 && parts[1].allSatisfy(\.isNumber) && !parts[2].isEmpty
    }
}
