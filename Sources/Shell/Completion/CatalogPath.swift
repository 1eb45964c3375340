import Terminal
import Text

/// Answers what names are known of a container; nil while they are not.
typealias KnownNames = (CatalogQuestion) -> [CatalogName]?

/// A dotted name that is being typed as the argument of a command: `samples.nyc`.
struct CatalogPath {
    private let level: CatalogLevel
    private let qualifier: [String]
    private let typed: String

    init(_ word: String, _ level: CatalogLevel) {
        self.level = level
        var parts = SQLName.parts(of: word)
        typed = parts.removeLast()
        qualifier = parts
    }

    /// What can stand there: the names of this level, and those of the containers above it, which a dot follows.
    func candidates(_ known: KnownNames) -> [Candidate] {
        func isCatalog(_ name: String) -> Bool {
            (known(.catalogs) ?? []).contains { $0.text.lowercased() == name.lowercased() }
        }
        let isObject = ![.catalog, .schema, .place].contains(level)
        switch (level, qualifier.count) {
        case (.catalog, 0): return all(known(.catalogs), " ")
        case (.schema, 0): return all(known(.schemas(catalog: nil)), " ") + all(known(.catalogs), ".")
        // A dot may follow, and need not.
        case (.place, 0): return all(known(.catalogs), "")
        case (.schema, 1), (.place, 1): return all(known(.schemas(catalog: qualifier[0])), " ")
        case (_, 0) where isObject:
            return all(known(question([])), " ") + all(known(.schemas(catalog: nil)), ".") + all(known(.catalogs), ".")
        case (_, 1) where isObject && isCatalog(qualifier[0]):
            return all(known(.schemas(catalog: qualifier[0])), ".")
        case (_, 1...2) where isObject: return all(known(question(qualifier)), " ")
        default: return []
        }
    }

    private func question(_ schema: [String]) -> CatalogQuestion {
        switch level {
        case .volume: .volumes(schema: schema)
        case .function: .functions(schema: schema)
        case .catalog, .schema, .place, .table: .tables(schema: schema)
        }
    }

    private func all(_ names: [CatalogName]?, _ suffix: String) -> [Candidate] {
        (names ?? []).filter { $0.text.lowercased().hasPrefix(typed.lowercased()) }.map {
            let path = (qualifier + [$0.text]).map(Self.written).joined(separator: ".")
            return Candidate(Words.quote(path), note: $0.note, suffix: suffix)
        }
    }

    /// In backticks when it has other characters than a plain name.
    private static func written(_ name: String) -> String {
        name.utf8.allSatisfy { $0.isWordPart || $0 == UInt8(ascii: "-") } ? name : SQLName.quoted(name)
    }
}
