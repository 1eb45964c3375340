import Databricks

/// A notebook as its file has it, in whatever format: cells that end where the file says, whatever is in them.
struct Notebook {
    /// One cell of the file.
    struct Cell {
        enum Kind: Equatable {
            case code
            /// Meta commands of dbsh's, which `.save` wrote.
            case commands
            /// It is an error to run it, and why.
            case refused(String)
        }

        /// From 1, counting every cell of the file.
        let number: Int
        var kind = Kind.code
        /// The file's line that the text begins on; 1 where cells have no lines of the file.
        var line = 1
        let text: [UInt8]
    }

    let language: Language
    private(set) var cells: [Cell]
    /// What the notebook asks of the Python it runs in.
    let environment: NotebookEnvironment?

    init(_ language: Language, _ cells: [Cell], environment: NotebookEnvironment?) {
        self.language = language
        self.cells = cells
        self.environment = environment
        if language == .python { refuseUnknownMagics() }
    }

    /// The first cell that is no cell, with its place in `cells`: so a whole notebook can be refused before any of it runs.
    var firstInvalid: (index: Int, cell: Shell.Cell)? {
        for (index, cell) in cells.enumerated() {
            if let invalid = cell.parts(in: language).first(where: { $0.isInvalid }) { return (index, invalid) }
        }
        return nil
    }

    /// Whether it has code beside SQL, which shares its context with it.
    var mixesLanguages: Bool {
        language != .sql
            || cells.contains { cell in
                cell.parts(in: language).contains { part in
                    switch part.content {
                    case .code(let language, _): language != .sql
                    case .clusterMagic, .run: true
                    case .meta, .note, .skipped, .invalid: false
                    }
                }
            }
    }

    /// Whether some cell's text holds `word`.
    func mentions(_ word: String) -> Bool {
        cells.contains { String(decoding: $0.text, as: UTF8.self).contains(word) }
    }

    /// IPython takes magics of its own, and those of extensions: a name that no built-in has is refused unless the notebook
    /// brings some along.
    private mutating func refuseUnknownMagics() {
        if ["load_ext", "_magic", "%macro", "%run"].contains(where: mentions) { return }
        for index in cells.indices where cells[index].kind == .code {
            guard let name = PythonMagics.name(atStartOf: cells[index].text), !PythonMagics.isKnown(name) else {
                continue
            }
            cells[index].kind = .refused(
                "%\(name) is a magic of neither dbsh nor IPython, and the notebook loads no extension that has it")
        }
    }
}

extension Notebook.Cell {
    /// A reader that has all of the cell.
    func reader(in language: Language) -> CellReader {
        var reader = CellReader(
            language: language, firstLine: line, rules: kind == .commands ? .script : .notebook)
        reader.append(text)
        reader.finish()
        return reader
    }

    /// What the cell is read as, in a notebook of that language.
    func parts(in language: Language) -> [Cell] {
        if case .refused(let why) = kind {
            let start = SourcePosition(line: line, column: 1)
            return [Cell(.invalid(why), start: start, source: 0..<text.count)]
        }
        var reader = reader(in: language)
        var cells: [Cell] = []
        while let cell = reader.next() { cells.append(cell) }
        return cells
    }
}

extension Cell {
    nonisolated var isInvalid: Bool { if case .invalid = content { true } else { false } }
}
