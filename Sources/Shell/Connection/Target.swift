/// A cluster or warehouse that was chosen: as typed until the workspace has been asked, then with its id and name.
struct Target: Equatable {
    /// What the user typed or configured: a name or an id.
    let reference: String
    var id: String?
    var name: String?
    /// Python for it runs on this machine, and only Spark is there (Spark Connect).
    var isConnect = false

    /// Compute that nobody starts or stops, and that has no execution contexts.
    static let serverless: Target = {
        var target = Target(id: ConnectCompute.serverlessID, name: ConnectCompute.serverlessID)
        target.isConnect = true
        return target
    }()

    var isServerless: Bool { self == .serverless }

    /// What a word on the command line or a setting chooses for code.
    static func code(_ reference: String) -> Target {
        reference == ConnectCompute.serverlessID ? .serverless : Target(reference: reference)
    }

    init(reference: String) { self.reference = reference }

    init(id: String, name: String?) {
        reference = id
        self.id = id
        self.name = name
    }

    /// How it is called in prompts and footers.
    var title: String { name ?? reference }
}

/// Names that match what was typed, for clusters and warehouses alike.
enum TargetLookup {
    /// The one whose id or name is `reference`; else the one whose name is it in another case, or begins with it.
    /// - Throws: `UsageError` that lists what there is, or which ones match.
    static func find<Item>(
        _ reference: String, kind: String, in items: [Item], id: (Item) -> String, name: (Item) -> String
    ) throws -> Item {
        if let exact = items.first(where: { id($0) == reference }) { return exact }
        let named = items.filter { name($0) == reference }
        if named.count == 1 { return named[0] }
        let wanted = reference.lowercased()
        let near = named.isEmpty ? items.filter { name($0).lowercased() == wanted } : named
        let matches = near.isEmpty ? items.filter { name($0).lowercased().hasPrefix(wanted) } : near
        if matches.count == 1 { return matches[0] }
        func list(_ items: [Item]) -> String {
            items.prefix(8).map { "\(name($0)) (\(id($0)))" }.joined(separator: ", ") + (items.count > 8 ? ", …" : "")
        }
        if matches.count > 1 {
            throw UsageError("several \(kind)s are called “\(reference)”: \(list(matches))", hint: "use the id")
        }
        throw UsageError(
            "there is no \(kind) “\(reference)”",
            hint: items.isEmpty ? "the workspace has no \(kind)s you may see" : "there are: \(list(items))")
    }
}
