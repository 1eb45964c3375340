import CHTML
import Databricks
import Results
import Text

/// A piece of HTML as a reader of text sees it: running text, tables and pictures, in their order. Styles, scripts and what else a
/// browser does not show are left out.
///
/// Memory: libxml2 reads the bytes during one call and hands out strings that are copied at once; `Builder` outlives the call.
struct HTMLDocument {
    enum Part: Equatable {
        case text(String)
        case table(columns: [String], rows: [[String]])
        case picture(ImageReference)
    }

    let parts: [Part]

    /// What is missing on this machine to read HTML; nil when nothing is.
    static var isMissing: String? { chtml_load().map { String(cString: $0) } }

    /// A column of a table, which counts as one of numbers when every cell is written as one; `NaN` is how pandas writes that
    /// there is none.
    static func column(_ name: String, holding cells: [String]) -> Column {
        func all(_ matches: (String) -> Bool) -> Bool {
            cells.contains { $0 != "NaN" } && cells.allSatisfy(matches)
        }
        if all({ $0.wholeMatch(of: /-?(0|[1-9][0-9]{0,17})/) != nil }) { return .number(name) }
        let isDouble = all { $0 == "NaN" || $0.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/) != nil }
        return isDouble ? Column(name: name, typeText: "DOUBLE") : .text(name)
    }

    /// nil when HTML cannot be read on this machine.
    init?(_ html: String) {
        guard chtml_load() == nil else { return nil }
        let builder = HTMLBuilder()
        var html = html
        _ = html.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { characters in
                chtml_read(
                    characters.baseAddress, characters.count,
                    { context, kind, name, text in
                        let builder = Unmanaged<HTMLBuilder>.fromOpaque(context!).takeUnretainedValue()
                        let name = name.map { String(cString: $0) } ?? ""
                        let text = text.map { String(cString: $0) } ?? ""
                        switch kind {
                        case chtml_start: builder.start(name)
                        case chtml_attribute: builder.attribute(name, text)
                        case chtml_text: builder.text(text)
                        default: builder.end(name)
                        }
                    }, Unmanaged.passUnretained(builder).toOpaque())
            }
        }
        parts = builder.finish()
    }
}

/// Gathers the parts of a document from its events.
nonisolated private final class HTMLBuilder {
    private var parts: [HTMLDocument.Part] = []
    private var line = ""
    private var lines: [String] = []
    /// Elements that are open whose content nobody sees.
    private var hidden = 0
    private var verbatim = 0
    /// The numbers of the lists that are open; 0 for those without.
    private var lists: [Int] = []
    private var table: HTMLTable?
    /// Tables within a cell are part of its text.
    private var tableDepth = 0
    private var element = ""

    private static let invisible: Set<String> = [
        "style", "script", "head", "template", "noscript", "title", "svg", "math",
    ]
    private static let blocks: Set<String> = [
        "p", "div", "section", "article", "header", "footer", "main", "aside", "nav", "figure", "figcaption", "h1",
        "h2",
        "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "pre", "blockquote", "hr", "br", "form", "fieldset",
        "table", "caption", "tr", "details", "summary", "body",
    ]

    func start(_ name: String) {
        element = name
        if Self.invisible.contains(name) { hidden += 1 }
        guard hidden == 0 else { return }
        if name == "table" { startTable() }
        if let table, tableDepth == 1 {
            table.start(name)
            return
        }
        if Self.blocks.contains(name) { breakLine() }
        switch name {
        case "pre": verbatim += 1
        case "ul": lists.append(0)
        case "ol": lists.append(1)
        case "li":
            let indent = String(repeating: "  ", count: max(0, lists.count - 1))
            if let number = lists.last, number > 0 {
                line = "\(indent)\(number). "
                lists[lists.count - 1] += 1
            } else {
                line = indent + "• "
            }
        case "td", "th": if !line.isEmpty, !line.hasSuffix(" ") { line += " " }
        default: break
        }
    }

    func attribute(_ name: String, _ value: String) {
        guard hidden == 0 else { return }
        if let table, tableDepth == 1 { table.attribute(name, value) }
        guard element == "img" else { return }
        if name == "src", value.hasPrefix("data:image/") {
            flush()
            parts.append(.picture(ImageReference(value)))
        } else if name == "alt", !value.isEmpty {
            text("[\(value)]")
        }
    }

    func text(_ text: String) {
        guard hidden == 0 else { return }
        if let table, tableDepth >= 1 { return table.text(text) }
        if verbatim > 0 {
            for (index, piece) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                if index > 0 {
                    lines.append(line)
                    line = ""
                }
                line += piece
            }
            return
        }
        line.appendCollapsing(text)
    }

    func end(_ name: String) {
        if Self.invisible.contains(name) { hidden = max(0, hidden - 1) }
        guard hidden == 0, !Self.invisible.contains(name) else { return }
        if name == "table" { return endTable() }
        if let table, tableDepth == 1 { return table.end(name) }
        switch name {
        case "pre": verbatim = max(0, verbatim - 1)
        case "ul", "ol": _ = lists.popLast()
        default: break
        }
        if Self.blocks.contains(name) { breakLine() }
    }

    func finish() -> [HTMLDocument.Part] {
        flush()
        return parts
    }

    private func startTable() {
        tableDepth += 1
        guard tableDepth == 1 else { return }
        flush()
        table = HTMLTable()
    }

    private func endTable() {
        tableDepth -= 1
        guard tableDepth == 0, let table else { return }
        self.table = nil
        if let part = table.finish() { parts.append(part) }
    }

    private func breakLine() {
        let text = line.trimmingBlanks()
        if !text.isEmpty, text != "•" { lines.append(String(line.reversed().drop { $0 == " " }.reversed())) }
        line = ""
    }

    private func flush() {
        breakLine()
        while lines.last?.isEmpty == true { lines.removeLast() }
        if !lines.isEmpty { parts.append(.text(lines.joined(separator: "\n"))) }
        lines = []
    }
}

extension String {
    /// Appends running text, in which any blanks are one and those at the beginning none.
    nonisolated mutating func appendCollapsing(_ text: String) {
        for character in text {
            if !character.isWhitespace {
                append(character)
            } else if !isEmpty, last != " " {
                append(" ")
            }
        }
    }
}
