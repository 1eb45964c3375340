import Results
import Text

/// Finds the lines that the workspace has rejected, and why, as far as it can be told here.
nonisolated enum RejectedLines {
    /// The first of them, each in words.
    /// - Throws: `FileError`.
    @concurrent
    static func first(_ count: Int, of file: ImportFile, _ statement: ImportStatement) async throws -> [String] {
        var found: [String] = []
        if file.form == .csv {
            var records = try file.records()
            if statement.hasHeader { _ = records.next() }
            while found.count < count, let record = records.next() {
                try Task.checkCancellation()
                let fields = file.hasOneColumn ? [record[0]] : record
                if let why = reason(fields, statement) { found.append("line \(records.lineNumber): \(why)") }
            }
        } else if file.form == .jsonl {
            var lines = try FileLines(file.path)
            while found.count < count, let line = lines.next() {
                try Task.checkCancellation()
                if let why = reason(line, statement) { found.append("line \(lines.number): \(why)") }
            }
        }
        return found
    }

    private static func reason(_ fields: [String?], _ statement: ImportStatement) -> String? {
        guard fields.count == statement.columns.count else {
            return "\(fields.count) field\(fields.count == 1 ? "" : "s") instead of \(statement.columns.count)"
        }
        for (field, column) in zip(fields, statement.columns) {
            if let field, field != statement.nullText, !column.fits(field) { return reason(field, column) }
        }
        return nil
    }

    private static func reason(_ line: [UInt8], _ statement: ImportStatement) -> String? {
        guard let object = try? JSONValue.parse(line), object.members != nil else { return "no JSON object" }
        for (source, column) in zip(statement.sources, statement.columns) {
            guard let value = object[source], value != .null, !column.isNested, column.family != "VARIANT" else {
                continue
            }
            let text = value.text ?? value.serialized()
            if column.family != "STRING", !column.fits(text) { return reason(text, column) }
        }
        return nil
    }

    private static func reason(_ text: String, _ column: ImportColumn) -> String {
        let shown = text.count > 40 ? text.prefix(40) + "…" : text[...]
        return "“\(Sanitizer.oneLine(String(shown)))” is no \(column.type) (\(column.name))"
    }
}
