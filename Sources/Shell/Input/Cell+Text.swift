extension Cell {
    /// The command's name when this is a meta command, in lower case.
    nonisolated var metaName: String {
        guard case .meta(let line) = content else { return "" }
        let trimmed = line.drop { $0 == " " || $0 == "\t" }.dropFirst()
        return trimmed.prefix { !$0.isWhitespace && $0 != ";" }.lowercased()
    }

    /// The cell's first line, for lists.
    nonisolated var firstLine: String {
        text.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The cell's text, without its magic line.
    nonisolated var text: String {
        switch content {
        case .meta(let text), .code(_, let text), .clusterMagic(let text), .note(let text), .skipped(let text),
            .invalid(let text):
            text
        case .run(let path): "%run " + path
        }
    }
}
