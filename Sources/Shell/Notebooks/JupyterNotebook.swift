import Databricks
import Results

/// A notebook in Jupyter's format (`.ipynb`), as Jupyter and Databricks export it.
///
/// Facts: the nbformat 4 schema (cells, `source` as a string or a list of lines, `metadata.kernelspec.language`,
/// `metadata.language_info.name`) and Databricks' own metadata (`application/vnd.databricks.v1+notebook`, `language`).
struct JupyterNotebook {
    /// A cell with text to run; notes and raw text are left out.
    struct Cell {
        /// From 1, counting every cell of the file.
        let number: Int
        let text: String
    }

    let language: Language
    let cells: [Cell]

    /// - Throws: `UsageError` when the bytes are no such notebook.
    init(_ bytes: [UInt8], name: String) throws {
        let json: JSONValue
        do {
            json = try JSONValue.parse(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...])
        } catch {
            throw UsageError("\(name) is \(error)")
        }
        guard let cells = json["cells"]?.elements else {
            let version = json["nbformat"]?.int.map { " (nbformat \($0))" } ?? ""
            throw UsageError(
                "\(name) is no Jupyter notebook of format 4\(version)", hint: "open it in Jupyter and save it")
        }
        language = Self.language(json["metadata"])
        self.cells = cells.enumerated().compactMap { index, cell in
            Self.text(cell).map { Cell(number: index + 1, text: $0) }
        }
    }

    private static func language(_ metadata: JSONValue?) -> Language {
        let names = [
            metadata?["application/vnd.databricks.v1+notebook"]?["language"]?.text,
            metadata?["kernelspec"]?["language"]?.text, metadata?["language_info"]?["name"]?.text,
        ]
        return names.compactMap { $0.flatMap { Language(name: $0) } }.first ?? .python
    }

    /// What a cell runs: code, or a meta command that `.save` put into a raw cell.
    private static func text(_ cell: JSONValue) -> String? {
        let source = cell["source"]
        let text = source?.text ?? source?.elements?.compactMap(\.text).joined() ?? ""
        switch cell["cell_type"]?.text {
        case "code":
            // Jupyter's cell magics have two signs: %%sql.
            let isCellMagic =
                text.hasPrefix("%%") && Magic(name: String(text.dropFirst(2).prefix { $0.isLetter })) != nil
            return isCellMagic ? String(text.dropFirst()) : text
        case "raw" where text.hasPrefix("."): return text
        default: return nil
        }
    }
}
