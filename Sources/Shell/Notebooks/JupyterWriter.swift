import Databricks
import Results
import Text

/// Writes the session as a Jupyter notebook with its outputs, valid for nbformat 4.5: tables as HTML and as text, pictures
/// as themselves, failures as errors. It opens in Jupyter and in Databricks, and dbsh reads it back.
struct JupyterWriter {
    /// What the notebooks that ran asked for.
    var environment: NotebookEnvironment?
    /// Rows of a table that are kept.
    static let mostRows = 1000

    func text(of entries: [SessionLog.Entry]) -> String {
        let notebook = Self.object([
            ("cells", .array(entries.map(cell))),
            (
                "metadata",
                Self.object(
                    [
                        (
                            "kernelspec",
                            Self.object([
                                ("display_name", .string("Python 3")), ("language", .string("python")),
                                ("name", .string("python3")),
                            ])
                        ),
                        ("language_info", Self.object([("name", .string("python"))])),
                    ] + databricks)
            ),
            ("nbformat", .number("4")), ("nbformat_minor", .number("5")),
        ])
        return notebook.serialized(.pretty) + "\n"
    }

    private var databricks: [(String, JSONValue)] {
        guard let environment else { return [] }
        return [
            (
                "application/vnd.databricks.v1+notebook",
                Self.object([("language", .string("python")), ("environmentMetadata", environment.json)])
            )
        ]
    }

    private func cell(_ entry: SessionLog.Entry) -> JSONValue {
        let id = ("id", JSONValue.string("cell-\(entry.number)"))
        switch entry.cell.content {
        case .note(let text):
            return Self.object([
                ("cell_type", .string("markdown")), id, ("metadata", .object([])), ("source", Self.lines(text)),
            ])
        case .meta(let line):
            return Self.object([
                ("cell_type", .string("raw")), id, ("metadata", .object([])),
                ("source", Self.lines(line + (line.hasSuffix("\\") ? "\\\n" : ""))),
            ])
        case .code, .clusterMagic, .run, .skipped, .invalid:
            return Self.object([
                ("cell_type", .string("code")), id, ("metadata", .object([])),
                ("execution_count", .number(String(entry.number))), ("source", Self.lines(Self.source(entry.cell))),
                ("outputs", .array(outputs(entry))),
            ])
        }
    }

    private static func source(_ cell: Cell) -> String {
        if case .code(let language, let code) = cell.content, language != .python {
            return "%\(language.rawValue)\n\(code)"
        }
        if case .skipped(let text) = cell.content { return "%skip\n\(text)" }
        return cell.text
    }

    private func outputs(_ entry: SessionLog.Entry) -> [JSONValue] {
        // What was shown of HTML follows it, and is in it.
        var isInHTML = false
        var outputs = entry.outputs.compactMap { shown -> JSONValue? in
            defer {
                if case .html = shown { isInHTML = true }
                if case .htmlEnd = shown { isInHTML = false }
            }
            return isInHTML ? nil : output(shown)
        }
        if case .failed(let failure) = entry.state {
            outputs.append(
                Self.object([
                    ("output_type", .string("error")), ("ename", .string(failure.codes.first ?? "Error")),
                    ("evalue", .string(failure.headline)),
                    ("traceback", .array([.string(failure.detail ?? failure.headline)])),
                ]))
        }
        return outputs
    }

    private func output(_ output: SessionLog.Output) -> JSONValue? {
        switch output {
        case .text(let text):
            return Self.object([
                ("output_type", .string("stream")), ("name", .string("stdout")), ("text", Self.lines(text)),
            ])
        case .remark(let text):
            return Self.object([
                ("output_type", .string("stream")), ("name", .string("stderr")), ("text", Self.lines(text + "\n")),
            ])
        case .htmlEnd: return nil
        case .html(let html): return display([("text/html", Self.lines(html))])
        case .table(let table):
            let html = TableText.draw(table, as: .html, rows: Self.mostRows)
            let text = TableText.draw(table, as: .table, rows: Self.mostRows)
            return display([("text/html", Self.lines(html)), ("text/plain", Self.lines(text))])
        case .image(.data(let type, let base64)): return display([(type, .string(base64))])
        case .image(.file(let path)):
            return display([("text/plain", Self.lines("picture at dbfs:/FileStore\(path)"))])
        }
    }

    private func display(_ data: [(String, JSONValue)]) -> JSONValue {
        Self.object([
            ("output_type", .string("display_data")), ("data", Self.object(data)), ("metadata", .object([])),
        ])
    }

    private static func object(_ members: [(String, JSONValue)]) -> JSONValue {
        .object(members.map { JSONValue.Member($0.0, $0.1) })
    }

    /// Text as the format likes it: a list of lines with their ends.
    private static func lines(_ text: String) -> JSONValue {
        var lines: [JSONValue] = []
        var rest = text.utf8[...]
        while let end = rest.firstIndex(of: UInt8.newline) {
            lines.append(.string(String(decoding: rest[...end], as: UTF8.self)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { lines.append(.string(String(decoding: rest, as: UTF8.self))) }
        return .array(lines)
    }
}

/// Draws a remembered result again.
enum TableText {
    static func draw(_ table: LoggedTable, as format: Format, rows: Int) -> String {
        let output = CollectedOutput()
        var options = FormatOptions()
        options.sanitize = true
        let writer = format.writer(options: options, output: output)
        let store = ResultStore(columnCount: table.columns.count, rows: table.rows(rows))
        do {
            try writer.begin(table.columns)
            try writer.write(store)
            try writer.end()
        } catch { return "" }  // memory takes everything, and the rows have as many cells as there are columns
        let more = table.rowCount - store.rowCount
        guard more > 0 else { return output.text }
        let note = "… \(Quantity.grouped(more)) more rows"
        return output.text + (format == .html ? "<p>\(note)</p>\n" : note + "\n")
    }
}
