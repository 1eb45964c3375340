/// How a result is written. The raw values are the names that `.mode` takes.
package enum Format: String, CaseIterable, Sendable {
    case box, table, markdown, vertical, csv, tsv, json, jsonl, html, insert

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
