import Databricks
import Text

/// Writes Markdown as HTML. Text is text in it, and links lead to web pages and mail only.
nonisolated enum MarkdownHTML {
    static func html(_ text: String) -> String { html(Markdown(text).blocks) }

    private static func html(_ blocks: [Markdown.Block]) -> String { blocks.map(html).joined() }

    private static func html(_ block: Markdown.Block) -> String {
        switch block {
        case .heading(let level, let inlines): "<h\(level)>\(html(inlines))</h\(level)>\n"
        case .paragraph(let inlines): "<p>\(html(inlines))</p>\n"
        case .list(let start, let items): list(start, items)
        case .quote(let blocks): "<blockquote>\n\(html(blocks))</blockquote>\n"
        case .code(let language, let code):
            "<pre class=\"code\">\(Language(name: language).map { self.code(code, $0) } ?? Markup.escaped(code))</pre>\n"
        case .table(let table): html(table)
        case .rule: "<hr>\n"
        }
    }

    private static func list(_ start: Int?, _ items: [Markdown.Item]) -> String {
        let tag = start == nil ? "ul" : "ol"
        let number = start.map { $0 == 1 ? "" : " start=\"\($0)\"" } ?? ""
        let body = items.map { item in
            let box = item.isDone.map { $0 ? "☑ " : "☐ " } ?? ""
            // A single line needs no paragraph of its own.
            var blocks = item.blocks[...]
            var text = ""
            if case .paragraph(let inlines)? = blocks.first {
                text = html(inlines)
                blocks = blocks.dropFirst()
            }
            return "<li>\(box)\(text)\(blocks.isEmpty ? "" : "\n" + html(Array(blocks)))</li>\n"
        }
        return "<\(tag)\(number)>\n\(body.joined())</\(tag)>\n"
    }

    private static func html(_ table: Markdown.Table) -> String {
        func row(_ cells: [[Markdown.Inline]], _ tag: String) -> String {
            let cells = zip(cells, table.alignments).map { cell, alignment in
                let style =
                    alignment == .left ? "" : " style=\"text-align:\(alignment == .right ? "right" : "center")\""
                return "<\(tag)\(style)>\(html(cell))</\(tag)>"
            }
            return "<tr>\(cells.joined())</tr>\n"
        }
        return "<table>\n\(row(table.header, "th"))\(table.rows.map { row($0, "td") }.joined())</table>\n"
    }

    private static func html(_ inlines: [Markdown.Inline]) -> String {
        inlines.map { inline in
            var text = Markup.escaped(inline.text).replacing("\n", with: "<br>\n")
            if inline.isPicture { return picture(inline, text) }
            for (trait, tag) in [
                (Markdown.Inline.Trait.code, "code"), (.struck, "del"), (.italic, "em"), (.bold, "strong"),
            ]
            where inline.traits.contains(trait) {
                text = "<\(tag)>\(text)</\(tag)>"
            }
            if let target = inline.target, isHarmless(target) {
                text = "<a href=\"\(Markup.escaped(target))\">\(text)</a>"
            }
            return text
        }.joined()
    }

    /// The page needs nothing else: a picture that is not in the text itself is a link to it.
    private static func picture(_ inline: Markdown.Inline, _ text: String) -> String {
        let target = inline.target ?? ""
        if target.hasPrefix("data:image/") { return "<img alt=\"\(text)\" src=\"\(Markup.escaped(target))\">" }
        let label = text.isEmpty ? "picture" : text
        return isHarmless(target) ? "<a href=\"\(Markup.escaped(target))\">[\(label)]</a>" : "[\(label)]"
    }

    private static func isHarmless(_ target: String) -> Bool {
        let lower = target.lowercased()
        return ["http://", "https://", "mailto:", "#"].contains { lower.hasPrefix($0) }
    }

    /// Code whose keywords, strings and the like are spans of a class.
    static func code(_ code: String, _ language: Language) -> String {
        let bytes = Array(code.utf8)
        func text(_ range: Range<Int>) -> String { Markup.escaped(String(decoding: bytes[range], as: UTF8.self)) }
        var html = ""
        var at = 0
        for part in Highlighter.parts(of: code, language: language) where part.range.lowerBound >= at {
            html += text(at..<part.range.lowerBound)
            html += "<span class=\"\(part.kind.rawValue)\">\(text(part.range))</span>"
            at = part.range.upperBound
        }
        return html + text(at..<bytes.count)
    }
}
