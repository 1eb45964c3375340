import SQL

/// What a request does to the workspace. Every call says it when it is made, so that none can pass the gate by being forgotten.
package enum RequestEffect: Sendable, Equatable {
    /// It only asks.
    case reads
    /// What the session needs for itself, and what ends it: its SQL session, its execution context, its own statements and
    /// commands.
    /// - Parameter warehouseID: a stopped warehouse that it would start.
    case ownSession(warehouseID: String? = nil)
    /// It runs an SQL text, on that warehouse or on a cluster.
    case runsSQL(String, warehouseID: String? = nil)
    /// It runs code on a cluster, or prepares for that.
    case runsCode
    /// It starts a cluster or a warehouse; the words name it (`cluster 0101-120000-abcd123`).
    case starts(String)
    /// It changes anything else; the words say how (`terminating cluster 0101-120000-abcd123`).
    case changes(String)

    /// The warehouse that starts by itself when the request reaches it.
    var startedWarehouse: String? {
        switch self {
        case .ownSession(let id), .runsSQL(_, let id): id
        case .reads, .runsCode, .starts, .changes: nil
        }
    }
}

/// Whose statement, command or context a request ends.
package enum WorkOwner: Sendable {
    /// This session made it.
    case session
    /// It is known by its id only.
    case anyone

    /// The effect of ending it; `what` says how (`cancelling statement 01ef…`).
    func effect(_ what: String) -> RequestEffect {
        switch self {
        case .session: .ownSession()
        case .anyone: .changes(what)
        }
    }
}
