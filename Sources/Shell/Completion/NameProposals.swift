import Databricks
import Text

extension Completer {
    /// Longer than this, an error does not wait for names that would only help.
    private static let longestWait = Duration.milliseconds(500)

    /// A hint for an error about a name that is not there: the nearest names that are.
    func proposal(for report: Report, in cell: Cell) async -> String? {
        guard case .code(.sql, let text) = cell.content,
            let message = SQLErrorMessage(report.headline + (report.detail.map { "\n" + $0 } ?? ""))
        else { return nil }
        switch message.missing {
        case .table(let parts): return await table(parts)
        case .column(let parts) where message.proposals.isEmpty: return await column(parts, in: text)
        case .function(let parts): return await function(parts)
        case .column, nil: return nil
        }
    }

    private func function(_ parts: [String]) async -> String? {
        guard let name = parts.last else { return nil }
        let qualifier = Array(parts.dropLast())
        let own = await catalogNames.names(.functions(schema: qualifier), within: Self.longestWait) ?? []
        let builtIn = qualifier.isEmpty ? Array(FunctionSignatures.all.keys) + functions.names.map(\.text) : []
        let near = Spelling.nearest(to: name, among: Array(Set(own.map(\.text) + builtIn)))
        return near.isEmpty ? nil : Report.didYouMean(near.map { (qualifier + [$0]).joined(separator: ".") })
    }

    private func table(_ parts: [String]) async -> String? {
        guard let name = parts.last else { return nil }
        let qualifier = parts.dropLast()
        let known = await catalogNames.names(.tables(schema: Array(qualifier)), within: Self.longestWait) ?? []
        let near = Spelling.nearest(to: name, among: known.map(\.text))
        return near.isEmpty ? nil : Report.didYouMean(near.map { (qualifier + [$0]).joined(separator: ".") })
    }

    private func column(_ parts: [String], in text: String) async -> String? {
        guard let name = parts.last else { return nil }
        var known: [String] = []
        for source in SQLCompletion(text, cursor: text.utf8.count).sources
        where parts.count == 1 || source.alias.lowercased() == parts[parts.count - 2].lowercased() {
            if let path = source.path {
                known += (await catalogNames.names(.columns(table: path), within: Self.longestWait) ?? []).map(\.text)
            } else {
                known += (source.names { _ in nil } ?? []).map(\.text)
            }
        }
        let near = Spelling.nearest(to: name, among: known)
        return near.isEmpty ? nil : Report.didYouMean(near)
    }
}
