/// How a result is written. The raw values are the names that `.mode` takes.
package enum Format: String, CaseIterable, Sendable {
    case box, table, markdown, vertical, csv, tsv, json, jsonl, html, insert

    /// What it looks like, in a few words for help.
    package var note: String {
        switch self {
        case .box: "a table with lines; the default at a terminal"
        case .table: "a table in ASCII"
        case .markdown: "a Markdown table"
        case .vertical: "a line for each column"
        case .csv: "comma-separated, RFC 4180; default elsewhere"
        case .tsv: "tab-separated"
        case .json: "a JSON array of objects"
        case .jsonl: "JSON lines: one object per line"
        case .html: "an HTML table"
        case .insert: "INSERT statements"
        }
    }

    /// What the names of files in this format end in; none for those that fit themselves to a terminal's width.
    package var fileEndings: [String] {
        switch self {
        case .box, .table, .vertical: []
        case .markdown: ["md"]
        case .csv: ["csv"]
        case .tsv: ["tsv"]
        case .json: ["json"]
        case .jsonl: ["jsonl", "ndjson"]
        case .html: ["html"]
        case .insert: ["sql"]
        }
    }

    /// A writer of one result.
    package func writer(options: FormatOptions, output: any ByteOutput) -> any ResultWriter {
        let buffer = OutputBuffer(output)
        return switch self {
        case .box: GridWriter(style: .box, options: options, output: buffer)
        case .table: GridWriter(style: .ascii, options: options, output: buffer)
        case .markdown: MarkdownWriter(options: options, output: buffer)
        case .vertical: VerticalWriter(options: options, output: buffer)
        case .csv: DelimitedWriter(.csv, options: options, output: buffer)
        case .tsv: DelimitedWriter(.tsv, options: options, output: buffer)
        case .json: JSONWriter(layout: .array, options: options, output: buffer)
        case .jsonl: JSONWriter(layout: .lines, options: options, output: buffer)
        case .html: HTMLWriter(options: options, output: buffer)
        case .insert: InsertWriter(options: options, output: buffer)
        }
    }
}
