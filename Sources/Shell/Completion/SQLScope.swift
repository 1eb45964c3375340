import SQL
import Text

/// The columns that a query or a table has, as far as the statement itself says.
nonisolated indirect enum SQLColumns {
    /// Those of a table of the catalog.
    case table([String])
    case listed([Item])

    enum Item {
        case name(String)
        /// `*`, of these sources.
        case all([SQLSource])
    }
}

/// A table, a query or a function after FROM, and the name it goes by.
nonisolated struct SQLSource {
    var columns: SQLColumns
    var alias: String
    /// The alias was written, and is not the table's own name.
    var isAliased: Bool

    /// The table that it is; nil for a query or a function.
    var path: [String]? { if case .table(let path) = columns { path } else { nil } }

    /// The names of its columns; nil while they are not known.
    /// - Parameter known: as of `SQLCompletion.candidates`.
    func names(_ known: (SQLCompletion.Question) -> [SQLCompletion.Name]?) -> [SQLCompletion.Name]? {
        Self.names(columns, known)
    }

    static func names(
        _ columns: SQLColumns, _ known: (SQLCompletion.Question) -> [SQLCompletion.Name]?
    ) -> [SQLCompletion.Name]? {
        switch columns {
        case .table(let path): return known(.columns(table: path))
        case .listed(let items):
            var names: [SQLCompletion.Name] = []
            var isWhole = true
            for item in items {
                switch item {
                case .name(let name): names.append(.init(text: name))
                case .all(let sources):
                    for source in sources {
                        if let some = source.names(known) { names += some } else { isWhole = false }
                    }
                }
            }
            return isWhole || !names.isEmpty ? names : nil
        }
    }
}

/// What the place at which one types can see: the sources of the query around it, and of those around that.
nonisolated struct SQLScope {
    /// Of the innermost query.
    var sources: [SQLSource] = []
    /// Of the queries around it.
    var outer: [SQLSource] = []
    /// What WITH defines.
    var definitions: [(name: String, columns: SQLColumns)] = []

    /// - Parameter place: an offset in the text.
    init(_ tokens: SQLTokens, at place: Int) {
        let reader = SQLScopeReader(tokens: tokens)
        self = reader.scope(at: place, in: 0..<tokens.count, definitions: [], outer: [])
    }

    init(sources: [SQLSource], outer: [SQLSource], definitions: [(name: String, columns: SQLColumns)]) {
        self.sources = sources
        self.outer = outer
        self.definitions = definitions
    }
}
