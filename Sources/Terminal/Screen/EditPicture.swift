/// Everything that is to be seen of the line being edited, and how it becomes a frame.
struct EditPicture {
    var prompt: [StyledText]
    var text = ""
    /// Index of the scalar that the cursor stands before; nil leaves it behind everything.
    var cursor: Int?
    var spans: [Span] = []
    /// Scalars to be pointed out: the bracket at the cursor and the one that belongs to it.
    var brackets: [Int] = []
    /// The prompts of the second and further lines; the last one serves for what is missing.
    var continuationPrompts: [String] = []
    var continuationStyle = Style.plain
    /// What the history suggests to go on with.
    var suggestion = ""
    /// At the right margin, when there is room.
    var right: [StyledText] = []
    /// Behind the text: `^C`.
    var suffix = ""
    /// Below the text, as far as the window has room.
    var menu: [StyledText] = []
    /// A row below the text, when there is no menu.
    var hint: [StyledText] = []

    func frame(size: TerminalSize, policy: WidthPolicy) -> Frame {
        var builder = FrameBuilder(width: size.columns, policy: policy)
        builder.put(prompt)
        // The lines stand below one another, unless the prompt takes too much of the window.
        putText(&builder, indent: builder.column <= size.columns / 2 ? builder.column : 0)
        if !suggestion.isEmpty {
            putSuggestion(&builder)
        } else if builder.rows.count == 1, !right.isEmpty {
            putRight(&builder, size.columns)
        }
        builder.put(suffix)
        for row in menu.prefix(max(0, size.rows - builder.rows.count)) {
            builder.newRow()
            builder.put(row.text, row.style)
        }
        if !hint.isEmpty, menu.isEmpty, builder.rows.count < size.rows {
            builder.newRow()
            builder.put(hint)
        }
        return builder.finish()
    }

    /// Bold and underlined, which stands out on any background.
    private static let bracketStyle = Style("1;4")

    private func putText(_ builder: inout FrameBuilder, indent: Int) {
        var spans = spans[...]
        var offset = 0
        var position = 0
        var line = 0
        var isMarked = cursor == nil
        for character in text {
            // The cursor stands on the cluster that holds its scalar.
            if !isMarked, position + character.unicodeScalars.count > cursor! {
                builder.markCursor()
                isMarked = true
            }
            while let span = spans.first, span.range.upperBound <= offset { spans.removeFirst() }
            if character == "\n" {
                builder.newRow()
                let prompts = continuationPrompts
                let prompt = line < prompts.count ? prompts[line] : prompts.last ?? ""
                builder.put(String(repeating: " ", count: max(0, indent - builder.policy.width(of: prompt))))
                builder.put(prompt, continuationStyle)
                line += 1
            } else {
                let isStyled = spans.first?.range.contains(offset) ?? false
                let isBracket = brackets.contains(position)
                builder.put(character, isBracket ? Self.bracketStyle : isStyled ? spans.first!.style : .plain)
            }
            offset += character.utf8.count
            position += character.unicodeScalars.count
        }
        if !isMarked { builder.markCursor() }
    }

    /// Its first line only, with a sign that there is more.
    private func putSuggestion(_ builder: inout FrameBuilder) {
        let line = suggestion.prefix { $0 != "\n" }
        builder.put(line + (line.count < suggestion.count ? " …" : ""), .dim)
    }

    private func putRight(_ builder: inout FrameBuilder, _ columns: Int) {
        let width = right.reduce(0) { $0 + builder.policy.width(of: $1.text) }
        let gap = columns - 1 - width - builder.column
        guard gap >= 2 else { return }
        builder.put(String(repeating: " ", count: gap))
        builder.put(right)
    }
}
