/// Which names of the catalogs are asked for: those in a container.
nonisolated enum CatalogQuestion: Hashable, Sendable {
    case catalogs
    /// Of the current catalog when nil.
    case schemas(catalog: String?)
    /// Tables and views of the current schema when empty, else of the schema that the parts name.
    case tables(schema: [String])
    case volumes(schema: [String])
    case functions(schema: [String])
    /// Of the server, with how they are called as far as that is known.
    case builtInFunctions
    case columns(table: [String])
}

/// A name and what is said beside it.
nonisolated struct CatalogName: Sendable, Equatable {
    var text: String
    var note = ""
    /// The path of the column that a declared foreign key of this one refers to.
    var reference: [String]?
}
