import Databricks
import Results

/// Names of catalogs, schemas, tables and columns for Tab. They are fetched through the warehouse while the shell waits for
/// the user, and only when the warehouse is running anyway. A key press offers what is known; what is missing is
/// fetched for the next one.
final class CatalogNames {
    typealias Question = SQLCompletion.Question
    typealias Name = SQLCompletion.Name

    private let workspace: Workspace
    private var known: [Question: [Name]] = [:]
    private var wanted: [Question] = []
    private var fetching: Task<Void, Never>?
    /// Whether the shell waits for the user: there is time to fetch names then.
    var isIdle = false {
        didSet { if isIdle { fetch() } }
    }
    /// Incremented when the known names may be stale.
    private var generation = 0

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// The names, as far as they are known; otherwise they are fetched when there is time.
    func answer(_ question: Question) -> [Name]? {
        if let names = known[question] { return names }
        if !wanted.contains(question) { wanted.append(question) }
        fetch()
        return nil
    }

    /// The names, for which the warehouse is asked now if need be; nil when they do not come within `limit`.
    func names(_ question: Question, within limit: Duration) async -> [Name]? {
        if let names = known[question] { return names }
        guard let client = workspace.client, let warehouse = workspace.warehouse?.id ?? workspace.warehouse?.reference
        else { return nil }
        let (answers, continuation) = AsyncStream.makeStream(of: [Name]?.self)
        let asked = generation
        _ = Background.start { [self] in
            let names = try? await ask(question, client, warehouse)
            if let names, asked == generation { known[question] = names }
            continuation.yield(names)
        }
        let timer = Task {
            try? await Task.sleep(for: limit)
            continuation.finish()
        }
        defer { timer.cancel() }
        for await names in answers { return names }
        return nil
    }

    /// A cell was entered: names that it may have changed are fetched again.
    func note(_ text: String) {
        let words = text.uppercased().split { !$0.isLetter }
        let changes: Set<Substring> = [
            "CREATE", "DROP", "ALTER", "USE", "RENAME", "CONNECT", "WAREHOUSE", "TABLE", "REPLACE",
        ]
        if words.contains(where: changes.contains) {
            known = [:]
            generation += 1
        }
    }

    /// Fetches names that are likely to be needed: tables of the current schema, schemas, catalogs.
    func prefetch() {
        for question in [Question.tables(schema: []), .schemas(catalog: nil), .catalogs] { _ = answer(question) }
    }

    private func fetch() {
        guard isIdle, fetching == nil, !wanted.isEmpty, let client = workspace.client,
            let warehouse = workspace.warehouse?.id ?? workspace.warehouse?.reference
        else { return }
        fetching = Background.start { [self] in
            defer { fetching = nil }
            // A stopped warehouse is not started for this.
            guard let state = try? await client.warehouses.get(warehouse).state, state == .running else { return }
            while let question = wanted.first, isIdle {
                let asked = generation
                let names = try? await ask(question, client, warehouse)
                if asked != generation { continue }  // it may be old already
                wanted.removeAll { $0 == question }
                known[question] = names ?? []  // what cannot be had is not asked for again and again
            }
        }
    }

    private func ask(_ question: Question, _ client: Client, _ warehouse: String) async throws -> [Name] {
        func path(_ parts: [String]) -> String {
            parts.map { "`" + $0.replacing("`", with: "``") + "`" }.joined(separator: ".")
        }
        let statement =
            switch question {
            case .catalogs: "SHOW CATALOGS"
            case .schemas(let catalog): "SHOW SCHEMAS" + (catalog.map { " IN " + path([$0]) } ?? "")
            case .tables(let schema): "SHOW TABLES" + (schema.isEmpty ? "" : " IN " + path(schema))
            case .columns(let table): "DESCRIBE TABLE " + path(table)
            }
        // Not in the user's own SQL session: a statement there would be part of an open transaction.
        var request = StatementRequest(statement, warehouseID: warehouse)
        request.catalog = workspace.catalog
        request.schema = workspace.schema
        let result = try await StatementRun(client: client, request: request).run()
        var names: [Name] = []
        for try await store in result.batches() { names += Self.names(in: store, of: result.columns, question) }
        return names
    }

    private static func names(in store: ResultStore, of columns: [Column], _ question: Question) -> [Name] {
        func text(_ row: Int, _ column: Int) -> String {
            store.cell(row, column).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        var names: [Name] = []
        for row in 0..<store.rowCount where store.columnCount > 0 {
            switch question {
            case .catalogs: names.append(Name(text: text(row, 0), note: "catalog"))
            case .schemas: names.append(Name(text: text(row, 0), note: "schema"))
            case .tables:
                let column = columns.firstIndex { $0.name.lowercased() == "tablename" } ?? min(1, store.columnCount - 1)
                names.append(Name(text: text(row, column), note: "table"))
            case .columns:
                let name = text(row, 0)
                // Partitioning and the like follow after the columns, under a `#` heading.
                if name.isEmpty || name.hasPrefix("#") { return names }
                names.append(Name(text: name, note: store.columnCount > 1 ? text(row, 1) : ""))
            }
        }
        return names
    }
}
