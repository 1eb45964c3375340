import Databricks
import Results
import System
import Text

/// The built-in functions of the server that SQL goes to, beside those that dbsh knows by itself. A warehouse is asked for them when
/// they are wanted, once, in the background, and only while it runs; what it says is kept in a file of the cache for a week, so that the
/// query history has the question no more often.
final class ServerFunctions {
    /// How they are called, for the hint.
    let usages = FunctionUsages()
    /// Called when something has come.
    var changed: () -> Void = {}

    private struct Known {
        /// Milliseconds since 1970.
        var fetched: Int
        var names: Set<String>
    }

    private let workspace: Workspace
    private var host: String?
    private var known: Known?
    private var fetching: Task<Void, Never>?
    private var nextTry = ContinuousClock.now

    private static let week = 7 * 86_400_000
    /// Between two questions whether a warehouse runs.
    private static let pause = Duration.seconds(30)

    init(_ workspace: Workspace) { self.workspace = workspace }

    /// The names and how they are called, as far as they have come.
    var names: [CatalogName] {
        load()
        let signatures = usages.all
        return (known?.names ?? []).map { CatalogName(text: $0, note: signatures[$0] ?? "") }
    }

    /// They are wanted.
    /// - Returns: what asks for them; nil when they are known, or cannot be had now.
    @discardableResult
    func prefetch() -> Task<Void, Never>? {
        load()
        guard known == nil else { return nil }
        return ask { [self] side in
            let rows = try await side.rows("SHOW SYSTEM FUNCTIONS").rows
            let names = rows.compactMap { $0.first?.lowercased() }.filter(Self.isName)
            known = Known(fetched: WallTime.now.milliseconds, names: Set(names))
        }
    }

    /// The text has a call of this function: how it is called is wanted.
    func expect(_ function: String) {
        guard FunctionSignatures.all[function] == nil else { return }
        if let busy = fetching ?? prefetch() {
            // When it ends, the name may be known. A question that fails makes a pause, so this comes to an end.
            Task {
                await busy.value
                expect(function)
            }
            return
        }
        guard known?.names.contains(function) == true, usages.all[function] == nil else { return }
        ask { [self] side in
            let rows = try await side.rows("DESCRIBE FUNCTION EXTENDED " + function).rows
            usages.all[function] = FunctionUsages.signature(of: function, in: rows.compactMap(\.first)) ?? ""
        }
    }

    /// Asks one question at a time.
    @discardableResult
    private func ask(_ question: @escaping @MainActor (SideStatement) async throws -> Void) -> Task<Void, Never>? {
        if let fetching { return fetching }
        guard let client = workspace.client, workspace.sqlTarget == .warehouse, workspace.warehouse != nil,
            .now >= nextTry
        else { return nil }
        var side = SideStatement(workspace: workspace, client: client)
        side.onlyWhileRunning = true
        let asked = host
        let task = Background.start { [self, side] in
            do {
                try await question(side)
                if asked == workspace.host { save() }
            } catch {
                // What fails is not asked for again at every key.
                nextTry = .now + Self.pause
            }
            fetching = nil
            changed()
        }
        fetching = task
        return task
    }

    /// Operators are listed too.
    private static func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy(\.isWordPart) && text.utf8.first.map(\.isLetter) == true
    }

    // MARK: The file

    /// Nil for the local workspace, which is another one each time.
    private var path: String? {
        guard let host, !workspace.isLocal else { return nil }
        let name = String(host.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "." })
        return workspace.environment.cacheDirectory + "/functions/\(name).json"
    }

    /// What is known about the server of the connection.
    private func load() {
        guard workspace.host != host else { return }
        host = workspace.host
        known = nil
        usages.all = [:]
        guard let path, let document = try? JSONValue.parse(try Files.read(path)),
            let fetched = document["fetched"]?.int,
            (0..<Self.week).contains(WallTime.now.milliseconds - fetched), let members = document["functions"]?.members
        else { return }
        known = Known(fetched: fetched, names: Set(members.map(\.key)))
        for member in members { usages.all[member.key] = member.value.text }
    }

    /// Without the file they are asked for again.
    private func save() {
        guard let path, let known else { return }
        let signatures = usages.all
        let functions = known.names.sorted().map { JSONValue.Member($0, .text(signatures[$0])) }
        let document = JSONValue.object([
            .init("fetched", .count(known.fetched)), .init("functions", .object(functions)),
        ])
        try? Files.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)]))
        try? AtomicFile.write(document.serialized(.pretty) + "\n", to: path)
    }
}
