/// The text of a page of HTML, or of a piece of one, as a reader would see it: blocks on lines of their own, the cells of a row
/// apart, no scripts and no styles.
package struct HTMLPageText {
    private var out = ""
    private var isAtLineStart = true
    /// A blank is due before the next word.
    private var wantsSpace = false
    private var preDepth = 0

    /// The text of `html`.
    package static func of(_ html: String) -> String {
        var page = HTMLPageText()
        page.read(html[...])
        return page.out.trimmingSpaces()
    }

    private static let blocks: Set<String> = [
        "address", "article", "blockquote", "dd", "div", "dl", "dt", "fieldset", "figure", "footer", "form", "h1", "h2",
        "h3",
        "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody",
        "tfoot", "thead", "tr", "ul", "br", "caption",
    ]
    /// Elements whose content is not for readers.
    private static let hidden: Set<String> = ["head", "noscript", "script", "style", "svg", "template", "title"]

    private mutating func read(_ html: Substring) {
        var rest = html
        while let open = rest.firstIndex(of: "<") {
            add(rest[..<open])
            rest = rest[open...]
            if rest.hasPrefix("<!--") {
                rest = rest.after("-->")
            } else if let tag = Tag(rest) {
                rest = rest[tag.end...]
                if Self.hidden.contains(tag.name), !tag.isClosing {
                    rest = rest.after("</" + tag.name).after(">")
                } else {
                    handle(tag)
                }
            } else {
                add("<")
                rest = rest.dropFirst()
            }
        }
        add(rest)
    }

    private mutating func handle(_ tag: Tag) {
        if tag.name == "pre" { preDepth = max(0, preDepth + (tag.isClosing ? -1 : 1)) }
        if ["td", "th"].contains(tag.name), !tag.isClosing, !isAtLineStart {
            out += "  "
            wantsSpace = false
        }
        guard Self.blocks.contains(tag.name) else { return }
        if !isAtLineStart { out.append("\n") }
        (isAtLineStart, wantsSpace) = (true, false)
    }

    private mutating func add(_ text: Substring) {
        let text = HTMLText.unescaped(String(text))
        if preDepth > 0 {
            out += text
            if let last = text.last { isAtLineStart = last.isNewline }
            return
        }
        for character in text {
            if character.isWhitespace {
                wantsSpace = !isAtLineStart
            } else {
                if wantsSpace { out.append(" ") }
                out.append(character)
                (isAtLineStart, wantsSpace) = (false, false)
            }
        }
    }
}

/// A tag at the beginning of a text.
private struct Tag {
    /// In small letters.
    let name: String
    let isClosing: Bool
    /// Behind its bracket.
    let end: Substring.Index

    /// Nil when there is none: "a < b" has no tag.
    init?(_ text: Substring) {
        var inside = text.dropFirst()
        isClosing = inside.first == "/"
        if isClosing { inside = inside.dropFirst() }
        guard let first = inside.first, first.isLetter || first == "!" || first == "?" else { return nil }
        name = inside.prefix { $0.isLetter || $0.isNumber || $0 == "!" || $0 == "?" }.lowercased()
        var quote: Character?
        var at = inside.startIndex
        while at < inside.endIndex {
            let character = inside[at]
            at = inside.index(after: at)
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == ">" {
                end = at
                return
            }
        }
        return nil
    }
}

extension Substring {
    /// What follows the first `text`, in any case; nothing when it is not there.
    fileprivate func after(_ text: String) -> Substring {
        var rest = self
        while !rest.isEmpty {
            if rest.prefix(text.count).lowercased() == text { return rest.dropFirst(text.count) }
            rest = rest.dropFirst()
            rest = rest.drop { $0 != text.first }
        }
        return rest
    }
}
