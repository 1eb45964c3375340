/// Where SQL cells go (product.md §2): to a warehouse by Execute SQL, or to the cluster's execution context by Run Command.
enum SQLTarget: String, CaseIterable {
    case warehouse, cluster
}

extension Workspace {
    /// What was chosen with `.target`; else the warehouse, or with none but a cluster chosen, the cluster.
    var sqlTarget: SQLTarget {
        chosenSQLTarget ?? (warehouse == nil && cluster != nil ? .cluster : .warehouse)
    }

    /// What the place where SQL goes is called; nil when nothing is chosen.
    var sqlTargetTitle: String? {
        switch sqlTarget {
        case .warehouse: warehouseTitle
        case .cluster: clusterTitle
        }
    }
}
