import Text

/// `html`: one `<table>`, without styles; numbers and NULLs carry the classes `number` and `null`.
///
/// Control characters, which HTML does not allow, are made visible; line ends and tabs stay.
final class HTMLWriter: ResultWriter {
    private static let special = ByteSet("&<>\"'", nonASCII: true)
    private let options: FormatOptions
    private let output: OutputBuffer
    private var columns: [Column] = []
    private var scratch: [UInt8] = []

    init(options: FormatOptions, output: OutputBuffer) {
        self.options = options
        self.output = output
    }

    func begin(_ columns: [Column]) throws {
        self.columns = columns
        try output.append("<table>\n<thead>\n<tr>")
        for column in columns {
            try output.append("<th>")
            try Array(column.name.utf8).withUnsafeBufferPointer { try text($0) }
            try output.append("</th>")
        }
        try output.append("</tr>\n</thead>\n<tbody>\n")
    }

    func write(_ store: ResultStore) throws {
        try ColumnMismatch.check(store, against: columns)
        for row in 0..<store.rowCount {
            try output.append("<tr>")
            for column in columns.indices {
                if let cell = store.cell(row, column) {
                    try output.append(columns[column].alignsRight ? "<td class=\"number\">" : "<td>")
                    try text(cell)
                } else {
                    try output.append("<td class=\"null\">")
                    try Array((options.nullText ?? "NULL").utf8).withUnsafeBufferPointer { try text($0) }
                }
                try output.append("</td>")
            }
            try output.append("</tr>\n")
        }
        try output.flush()
    }

    func end() throws {
        try output.append("</tbody>\n</table>\n")
        try output.flush()
    }

    private func text(_ bytes: UnsafeBufferPointer<UInt8>) throws {
        try Self.special.scan(bytes) {
            try output.append($0)
        } special: { index in
            let scalar = Sanitizer.scalar(bytes, at: index)
            let character = UnsafeBufferPointer(rebasing: bytes[index..<index + scalar.length])
            switch scalar.value {
            case 0x26: try output.append("&amp;")
            case 0x3C: try output.append("&lt;")
            case 0x3E: try output.append("&gt;")
            case 0x22: try output.append("&quot;")
            case 0x27: try output.append("&#39;")
            case 0x09, 0x0A: try output.append(UInt8(scalar.value))
            case let value where value < 0xA0 || options.sanitize && Sanitizer.isHazard(value):
                scratch.removeAll(keepingCapacity: true)
                Sanitizer.append(character, to: &scratch)
                try output.append(scratch)
            default: try output.append(character)
            }
            return scalar.length
        }
    }
}
