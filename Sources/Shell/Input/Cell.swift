import Databricks
import SQL

/// A place in a source text. Lines and columns are 1-based; a column counts UTF-8 bytes, as compilers' messages do.
nonisolated package struct SourcePosition: Sendable, Equatable {
    package var line: Int
    package var column: Int

    package init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

/// One unit of work as typed, pasted, piped or read from a file.
nonisolated package struct Cell: Sendable, Equatable {
    /// What the cell is.
    package enum Content: Sendable, Equatable {
        /// `.name args`, the whole logical line without its line continuations.
        case meta(String)
        /// Code for the warehouse or the cluster.
        case code(Language, String)
        /// `%pip`, `%sh`, `%fs` and other line magics: sent to the cluster's Python as they stand.
        case clusterMagic(String)
        /// `%run FILE`.
        case run(String)
        /// `%md`: a note that is not sent anywhere.
        case note(String)
        /// `%skip`: a cell that is switched off, without that line.
        case skipped(String)
        /// Something that looks like a cell but is none, with what to say about it.
        case invalid(String)
    }

    /// How an SQL cell ended, which says how it is run and shown.
    package enum Ending: Sendable, Equatable {
        /// End of input, a separator, or a cell of another kind.
        case open
        /// `;`
        case semicolon
        /// `\G`: the result is shown vertically.
        case vertical
        /// `;&`: the cell runs in the background.
        case background

        init(_ terminator: StatementScanner.Terminator) {
            switch terminator {
            case .semicolon: self = .semicolon
            case .vertical: self = .vertical
            case .background: self = .background
            }
        }
    }

    package var content: Content
    package var ending: Ending
    /// Where the cell's first character is.
    package var start: SourcePosition
    /// The bytes of the input that the cell's text was read from (from its magic line on), counted from the input's start.
    package var source: Range<Int>
    /// Where the text in `content` begins, behind the magic if there is one: positions in messages about it count from here.
    package var textStart: SourcePosition

    package init(_ content: Content, ending: Ending = .open, start: SourcePosition, source: Range<Int> = 0..<0) {
        self.content = content
        self.ending = ending
        self.start = start
        self.source = source
        textStart = start
    }
}

/// What keeps a cell from being complete, as the continuation prompt shows it.
nonisolated package enum OpenConstruct: Sendable, Equatable {
    /// Inside a string or quoted name; the text is its closing delimiter.
    case quote(String)
    /// Inside a comment.
    case comment
    /// Inside a bracket; the character is the opening one.
    case bracket(Character)
    /// Inside `BEGIN … END` or another SQL scripting block; the word is what opened it, in lower case.
    case block(String)
    /// An SQL statement without its `;`.
    case statement
    /// Python code whose indented block a blank line would end.
    case suite
    /// A line that ends in `\`.
    case continuation
    /// A `%language` line whose code has yet to come.
    case magic

    init(_ open: StatementScanner.Open) {
        switch open {
        case .quote(let delimiter): self = .quote(delimiter)
        case .comment: self = .comment
        case .block(let word): self = .block(word)
        case .statement: self = .statement
        }
    }

    /// The continuation prompt's text before `> `, three columns wide at least so that lines stand below one another.
    package var prompt: String {
        switch self {
        case .quote(let delimiter): delimiter
        case .comment: "/*"
        case .bracket(let opening): String(opening)
        case .block(let word): word
        case .statement, .suite, .continuation, .magic: "..."
        }
    }
}
