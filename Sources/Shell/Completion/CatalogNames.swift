import Databricks

/// Names of catalogs, schemas, tables and columns for Tab and for hints: asked for when they are needed, known from then on until a
/// statement may have changed them. Nothing is started for them (`CatalogReader`).
final class CatalogNames {
    typealias Question = CatalogQuestion
    typealias Name = CatalogName

    /// Names of a container that begin with `prefix`, in lower case.
    private struct Request: Hashable {
        let question: Question
        let prefix: String
    }

    private let workspace: Workspace
    private var known: [Request: [Name]] = [:]
    private var fetching: [Request: Task<Void, Never>] = [:]
    /// To be fetched when there is time.
    private var wanted: [Question] = []
    private var isFetchingWanted = false
    /// Whether the shell waits for the user: there is time to fetch names then.
    var isIdle = false {
        didSet { if isIdle { fetchWanted() } }
    }
    /// Incremented when the known names may be stale.
    private var generation = 0

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// The names of a container that are known now, at least those that begin with what is typed; nil when they have not come yet.
    /// Nothing is asked for.
    func known(_ question: Question, typed: String = "") -> [Name]? {
        let typed = typed.lowercased()
        if let all = known[Request(question: question, prefix: "")] { return all }
        return known.first { $0.key.question == question && typed.hasPrefix($0.key.prefix) }?.value
    }

    /// The names of a container, which are asked for now unless they are known.
    /// - Parameter typed: what is typed of the name; where the service can, only names that begin with it are fetched.
    /// - Returns: nil when they cannot be had, or not within `limit`; they are kept for the next time when they come later.
    func names(_ question: Question, typed: String = "", within limit: Duration) async -> [Name]? {
        if let names = known(question, typed: typed) { return names }
        await fetch([question], typed: typed, within: limit)
        return known(question, typed: typed)
    }

    /// Makes candidates of names: calls `make`, fetches what it asked for and was not known, and calls it again, until it has all that it
    /// asks for, which may depend on what came. After `limit`, or when names cannot be had, it has to do without them.
    /// - Parameter typed: what is typed of the name that is wanted.
    func completing<Made>(
        typed: String, within limit: Duration = .seconds(1), _ make: ((Question) -> [Name]?) -> Made
    ) async -> Made {
        let deadline = ContinuousClock.now + limit
        while true {
            var missing: [Question] = []
            let made = make { question in
                if let names = known(question, typed: typed) { return names }
                if !missing.contains(question) { missing.append(question) }
                return nil
            }
            let left = ContinuousClock.now.duration(to: deadline)
            guard !missing.isEmpty, left > .zero, !Task.isCancelled else { return made }
            await fetch(missing, typed: typed, within: left)
            guard missing.contains(where: { known($0, typed: typed) != nil }) else { return made }
        }
    }

    /// A cell was entered: names that it may have changed are fetched again.
    func note(_ text: String) {
        let words = text.uppercased().split { !$0.isLetter }
        let changes: Set<Substring> = [
            "CREATE", "DROP", "ALTER", "USE", "RENAME", "CONNECT", "WAREHOUSE", "TABLE", "REPLACE",
        ]
        if words.contains(where: changes.contains) {
            known = [:]
            fetching = [:]
            generation += 1
        }
    }

    /// Names that are likely to be needed are fetched when the shell waits: tables of the current schema, schemas, catalogs.
    func prefetch() {
        for question in [Question.tables(schema: []), .schemas(catalog: nil), .catalogs]
        where known(question) == nil && !wanted.contains(question) { wanted.append(question) }
        fetchWanted()
    }

    private func fetchWanted() {
        guard isIdle, !isFetchingWanted, !wanted.isEmpty else { return }
        isFetchingWanted = true
        _ = Background.start { [self] in
            defer { isFetchingWanted = false }
            while isIdle, let question = wanted.first {
                wanted.removeFirst()
                await task(for: Request(question: question, prefix: ""))?.value
            }
        }
    }

    /// Fetches them side by side, and waits no longer than `limit`; what comes later is kept all the same.
    private func fetch(_ questions: [Question], typed: String, within limit: Duration) async {
        let tasks = questions.compactMap { question in
            var prefix = ""
            if case .tables = question { prefix = typed.lowercased() }
            return task(for: Request(question: question, prefix: prefix))
        }
        guard !tasks.isEmpty else { return }
        let (ends, continuation) = AsyncStream.makeStream(of: Void.self)
        let all = Task {
            for task in tasks { await task.value }
            continuation.finish()
        }
        let timer = Task {
            try? await Task.sleep(for: limit)
            continuation.finish()
        }
        for await _ in ends {}
        timer.cancel()
        all.cancel()
    }

    /// What asks for the names; nil without a connection.
    private func task(for request: Request) -> Task<Void, Never>? {
        if let running = fetching[request] { return running }
        guard let client = workspace.client else { return nil }
        let asked = generation
        let task = Background.start { [self] in
            let names = await answer(to: request, CatalogReader(workspace, client))
            guard asked == generation else { return }  // they may be old already
            fetching[request] = nil
            known[request] = names
        }
        fetching[request] = task
        return task
    }

    /// The names; none where the service has said no, so that it is not asked again at every key; nil when it can be asked again.
    private func answer(to request: Request, _ reader: CatalogReader) async -> [Name]? {
        do { return try await ask(request, reader) } catch is APIError { return [] } catch is StatementError {
            return []
        } catch { return nil }
    }

    private func ask(_ request: Request, _ reader: CatalogReader) async throws -> [Name] {
        func names(_ entries: [CatalogReader.Entry], _ note: String) -> [Name] {
            entries.map { Name(text: $0.name, note: note) }
        }
        func objects(_ kind: CatalogReader.Kind, _ schema: [String]) async throws -> [CatalogReader.Entry] {
            let schema = try await reader.schema(schema)
            return try await reader.objects(
                kind, in: schema.catalog, schemas: NamePattern(schema.schema),
                names: .beginning(with: request.prefix))
        }
        switch request.question {
        case .catalogs: return names(try await reader.catalogs(), "catalog")
        case .schemas(let catalog):
            var place = catalog ?? ""
            if catalog == nil { place = try await reader.currentCatalog() }
            return names(try await reader.schemas(in: place), "schema")
        case .tables(let schema):
            return try await objects(.table, schema).map { Name(text: $0.name, note: Self.note(ofType: $0.type)) }
        case .volumes(let schema): return names(try await objects(.volume, schema), "volume")
        case .functions(let schema):
            return try await objects(.function, schema).map { Name(text: $0.name, note: $0.type ?? "function") }
        case .builtInFunctions: return []  // `ServerFunctions` has them
        case .columns(let table):
            guard let name = table.last else { return [] }
            return try await reader.columns(of: name, in: reader.schema(Array(table.dropLast())))
        }
    }

    /// What a table is called beside its name: `materialized view`.
    private static func note(ofType type: String?) -> String {
        guard let type, type.hasSuffix("VIEW") || type.hasSuffix("TABLE") else { return "table" }
        return type.lowercased().replacing("_", with: " ")
    }
}
