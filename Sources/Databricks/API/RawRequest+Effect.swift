import Results

extension RawRequest {
    /// POSTs that only ask. (docs: Clusters API, events; MLflow API, search)
    private static let questions: Set<String> = [
        "/api/2.0/clusters/events", "/api/2.1/clusters/events", "/api/2.0/mlflow/experiments/search",
        "/api/2.0/mlflow/logged-models/search", "/api/2.0/mlflow/runs/search",
    ]
    private static let statements = "/api/2.0/sql/statements"
    /// Headers by which some servers take another method than the request's.
    private static let overrides: Set<String> = ["x-http-method", "x-http-method-override", "x-method-override"]

    /// What the request does, as far as its method, path and body tell: whatever is not known to read changes something.
    func effect(url: String, host: String) -> RequestEffect {
        let change = RequestEffect.changes("\(method) \(target)")
        guard !headers.contains(where: { Self.overrides.contains($0.name.lowercased()) }) else { return change }
        if method == "GET" || method == "HEAD" { return .reads }
        guard method == "POST", url.hasPrefix(host + "/") else { return change }
        let path = String(url.dropFirst(host.count).prefix { $0 != "?" && $0 != "#" })
        if Self.questions.contains(path) { return .reads }
        return path == Self.statements ? statement ?? change : change
    }

    /// The statement that the body submits; nil when it is not plain which one the service will read.
    private var statement: RequestEffect? {
        guard case .bytes(let bytes, _) = body, let members = try? JSONValue.parse(bytes).members else { return nil }
        let named = members.filter { $0.key.lowercased() == "statement" }
        guard named.count == 1, let text = named[0].value.text else { return nil }
        return .runsSQL(text, warehouseID: members.last { $0.key == "warehouse_id" }?.value.text)
    }
}
