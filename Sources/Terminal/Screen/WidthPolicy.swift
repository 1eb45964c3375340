import Text

/// How many columns a terminal gives to a user-perceived character made of several scalars. There is no standard: some terminals
/// add up the widths of the scalars, others draw the cluster as one glyph.
package enum WidthPolicy: Sendable {
    case scalars, clusters

    func width(of character: Character) -> Int {
        switch self {
        case .clusters: DisplayWidth.of(String(character))
        case .scalars: character.unicodeScalars.reduce(0) { $0 + DisplayWidth.of($1) }
        }
    }

    func width(of text: String) -> Int { text.reduce(0) { $0 + width(of: $1) } }
}
