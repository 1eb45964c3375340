/// Turns a line of HTML, as API 1.2 sends error summaries, into the text a reader would see.
package enum HTMLText {
    /// Without tags; then, and only then, with entities resolved: an escaped `&lt;int&gt;` is text, not a tag.
    package static func plain(_ html: String) -> String {
        unescaped(withoutTags(html))
    }

    /// The text of a message that may have markup in it: only tags that messages are marked up with are taken out, so that
    /// `list<int>` stays what it is, and entities are resolved only where there are such tags or nothing that begins one.
    package static func message(_ text: String) -> String {
        let hasMarkup = text.contains(Self.markup)
        return hasMarkup || !text.contains("<") ? unescaped(text.replacing(Self.markup, with: "")) : text
    }

    private static var markup: Regex<Substring> {
        /<\/?(?i:span|div|p|br|pre|b|i|em|strong|code|font|a)(?:\s+[A-Za-z-]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*\/?>/
    }

    /// Whether a text result is a piece of HTML: `displayHTML` and plotting libraries send theirs as text (see
    /// API/README.md).
    static func isHTML(_ text: String) -> Bool {
        let head = text.prefix(200).trimmingSpaces().lowercased()
        if ["<html", "<!doctype html", "<div", "<table"].contains(where: head.hasPrefix) { return true }
        guard head.first == "<" else { return false }
        let tail = text.suffix(40).trimmingSpaces().lowercased()
        return ["</div>", "</table>", "</html>"].contains(where: tail.hasSuffix)
    }

    /// Whether it is what older runtimes wrap text in, escaped.
    static func isAnsiOutput(_ text: String) -> Bool { text.hasPrefix("<div class=\"ansiout\">") }

    private static func withoutTags(_ html: String) -> String {
        var out = ""
        var rest = html[...]
        while let open = rest.firstIndex(of: "<") {
            out += rest[..<open]
            let inside = rest[rest.index(after: open)...]
            // A tag begins with a letter, "/" or "!": "a < b" has none.
            guard let first = inside.first, first.isLetter || first == "/" || first == "!",
                let close = inside.firstIndex(of: ">")
            else {
                out.append("<")
                rest = inside
                continue
            }
            rest = inside[inside.index(after: close)...]
        }
        return out + rest
    }

    static func unescaped(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            out += rest[..<ampersand]
            rest = rest[ampersand...]
            if let end = rest.prefix(12).firstIndex(of: ";"),
                let character = character(String(rest[rest.index(after: ampersand)..<end]))
            {
                out.append(character)
                rest = rest[rest.index(after: end)...]
            } else {
                out.append("&")
                rest = rest.dropFirst()
            }
        }
        return out + rest
    }

    private static func character(_ entity: String) -> Character? {
        switch entity {
        case "lt": return "<"
        case "gt": return ">"
        case "amp": return "&"
        case "quot": return "\""
        case "apos": return "'"
        case "nbsp": return " "
        default: break
        }
        guard entity.first == "#" else { return nil }
        let digits = entity.dropFirst()
        let isHex = digits.first == "x" || digits.first == "X"
        let code = isHex ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        return code.flatMap(Unicode.Scalar.init).map(Character.init)
    }
}
