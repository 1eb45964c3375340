import Text

/// A text in Markdown, as notes are written: the blocks of CommonMark (commonmark.org, version 0.31) that people use, and the
/// tables, task lists and strikethrough of GitHub's. HTML in it is left out, what stands between its tags is text.
nonisolated struct Markdown: Equatable {
    indirect enum Block: Equatable {
        case heading(level: Int, [Inline])
        case paragraph([Inline])
        case list(start: Int?, items: [Item])
        case quote([Block])
        /// The language is as the fence names it.
        case code(language: String, String)
        case table(Table)
        case rule
    }

    struct Item: Equatable {
        /// Whether the box of a task is ticked; nil for what is no task.
        var isDone: Bool?
        var blocks: [Block]
    }

    struct Table: Equatable {
        enum Alignment { case left, center, right }

        var alignments: [Alignment]
        var header: [[Inline]]
        var rows: [[[Inline]]]
    }

    /// A piece of running text.
    struct Inline: Equatable {
        enum Trait: Hashable { case bold, italic, struck, code }

        var text: String
        var traits: Set<Trait> = []
        /// Where a link leads.
        var target: String?
        /// It is a picture, and its text what the picture shows.
        var isPicture = false
    }

    let blocks: [Block]

    init(_ text: String) {
        let lines = text.replacing("\r\n", with: "\n").replacing("\t", with: "    ")
            .split(separator: "\n", omittingEmptySubsequences: false)
        var reader = MarkdownReader(lines: lines.map { Substring($0) }, depth: 0)
        blocks = reader.blocks()
    }
}
