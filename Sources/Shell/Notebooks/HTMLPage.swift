import Databricks
import Results
import Text

/// Writes the session as one HTML page that needs nothing else: cells, what they printed, tables, pictures. It runs no
/// scripts, and text from the workspace is text in it.
struct HTMLPage {
    func text(of entries: [SessionLog.Entry]) -> String {
        let body = entries.map(cell).joined()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>dbsh session</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            \(body)</body>
            </html>

            """
    }

    private static let style = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em; }
        pre { font: 13px/1.5 ui-monospace, monospace; overflow-x: auto; margin: .5em 0; }
        pre.cell { background: #f4f4f6; padding: .7em 1em; border-left: 3px solid #3a6ea5; }
        pre.code { background: #f4f4f6; padding: .5em 1em; } .note code { background: #f4f4f6; padding: 0 .2em; }
        .note blockquote { border-left: 3px solid #ccc; margin-left: 0; padding-left: 1em; color: #555; }
        .keyword, .command { color: #1f4fa0; font-weight: 600; } .string { color: #24713c; } .number { color: #8b3a8b; }
        .comment { color: #777; font-style: italic; }
        pre.error { color: #a40000; } .place { color: #777; font-size: 12px; }
        table { border-collapse: collapse; font-size: 13px; display: block; overflow-x: auto; }
        th, td { border: 1px solid #ddd; padding: .2em .6em; text-align: left; }
        td.number { text-align: right; } td.null { color: #999; } img { max-width: 100%; }
        @media (prefers-color-scheme: dark) { body { background: #1b1b1f; color: #ddd; } pre.cell, pre.code, .note code { background: #26262b; }
          .keyword, .command { color: #85b0f5; } .string { color: #7fc08f; } .number { color: #d391d3; }
          th, td { border-color: #444; } }
        """

    private func cell(_ entry: SessionLog.Entry) -> String {
        if case .note(let text) = entry.cell.content {
            return "<div class=\"note\">\n\(MarkdownHTML.html(text))</div>\n"
        }
        var html =
            "<p class=\"place\">[\(entry.number)] \(Self.label(entry.cell)) · \(Quantity.seconds(entry.elapsed))</p>\n"
        html += "<pre class=\"cell\">\(Self.code(entry.cell))</pre>\n"
        html += entry.outputs.map(output).joined()
        if case .failed(let failure) = entry.state {
            let detail = failure.detail.map { "\n" + $0 } ?? ""
            html +=
                "<pre class=\"error\">\(Markup.escaped(Sanitizer.traceback(failure.headline + detail, color: false)))</pre>\n"
        }
        return html
    }

    private static func code(_ cell: Cell) -> String {
        switch cell.content {
        case .code(let language, let code): MarkdownHTML.code(code, language)
        case .clusterMagic, .meta, .run: MarkdownHTML.code(cell.text, .python)
        case .note, .skipped, .invalid: Markup.escaped(cell.text)
        }
    }

    private static func label(_ cell: Cell) -> String {
        if case .code(let language, _) = cell.content { language.title } else { "dbsh" }
    }

    private func output(_ output: SessionLog.Output) -> String {
        switch output {
        case .text(let text): "<pre>\(Markup.escaped(Sanitizer.traceback(text, color: false)))</pre>\n"
        case .remark(let text): "<pre class=\"error\">\(Markup.escaped(text))</pre>\n"
        // Its text follows as an output of its own; markup from elsewhere does not go into the page.
        case .html, .htmlEnd: ""
        case .table(let table): TableText.draw(table, as: .html, rows: JupyterWriter.mostRows)
        case .image(.data(let type, let base64)):
            "<p><img alt=\"picture\" src=\"data:\(Markup.escaped(type));base64,\(Markup.escaped(base64))\"></p>\n"
        case .image(.file(let path)): "<p>picture at dbfs:/FileStore\(Markup.escaped(path))</p>\n"
        }
    }
}
