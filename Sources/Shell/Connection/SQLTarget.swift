/// Where SQL cells go: to a warehouse by Execute SQL, or to the cluster's execution context by Run Command.
enum SQLTarget: String, CaseIterable {
    case warehouse, cluster
}

extension Workspace {
    /// What was chosen with `.target`; else the warehouse, or with none but a cluster chosen, the cluster. While a notebook
    /// runs that shares views with its Python, and beside serverless compute, a warehouse that nobody has chosen is none.
    var sqlTarget: SQLTarget {
        if let chosenSQLTarget { return chosenSQLTarget }
        let prefersCluster = sqlSharesContext || cluster?.isConnect == true
        let hasWarehouse = warehouse != nil && !(prefersCluster && warehouseIsDefault)
        return !hasWarehouse && cluster != nil ? .cluster : .warehouse
    }

    /// What the place where SQL goes is called; nil when nothing is chosen.
    var sqlTargetTitle: String? {
        switch sqlTarget {
        case .warehouse: warehouseTitle
        case .cluster: clusterTitle
        }
    }
}
