import Databricks
import Results

/// A notebook in Jupyter's format (`.ipynb`), as Jupyter and Databricks export it.
///
/// Facts: the nbformat 4 schema (cells, `source` as a string or a list of lines, `metadata.kernelspec.language`,
/// `metadata.language_info.name`) and Databricks' own metadata (`application/vnd.databricks.v1+notebook`: `language`,
/// `environmentMetadata`).
enum JupyterNotebook {
    /// - Throws: `UsageError` when the bytes are no such notebook.
    static func read(_ bytes: [UInt8], name: String) throws -> Notebook {
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
        let metadata = json["metadata"]
        return Notebook(
            language(metadata), cells.enumerated().compactMap { cell($1, number: $0 + 1) },
            environment: NotebookEnvironment(
                metadata?["application/vnd.databricks.v1+notebook"]?["environmentMetadata"]))
    }

    private static func language(_ metadata: JSONValue?) -> Language {
        let names = [
            metadata?["application/vnd.databricks.v1+notebook"]?["language"]?.text,
            metadata?["kernelspec"]?["language"]?.text, metadata?["language_info"]?["name"]?.text,
        ]
        return names.compactMap { $0.flatMap { Language(name: $0) } }.first ?? .python
    }

    /// Code, a note, or a meta command that `.save` put into a raw cell; nil for other raw text.
    private static func cell(_ cell: JSONValue, number: Int) -> Notebook.Cell? {
        let source = cell["source"]
        let text = source?.text ?? source?.elements?.compactMap(\.text).joined() ?? ""
        switch cell["cell_type"]?.text {
        case "code":
            // Jupyter's cell magics have two signs: %%sql.
            let name = PythonMagics.name(atStartOf: Array(text.utf8))
            let isOurs = text.hasPrefix("%%") && name.flatMap { Magic(name: $0) } != nil
            return Notebook.Cell(number: number, text: Array((isOurs ? text.dropFirst() : text[...]).utf8))
        case "markdown":
            return Notebook.Cell(number: number, text: Array("%md\n\(text)".utf8))
        case "raw" where text.hasPrefix("."):
            return Notebook.Cell(number: number, kind: .commands, text: Array(text.utf8))
        default: return nil
        }
    }
}
