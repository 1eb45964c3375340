import Databricks
import Text

/// There is nothing at a path of the workspace.
struct NoSuchFile: Error {
    let path: RemotePath
}

/// A file is there already, and was not to be replaced.
struct FileExists: Error {
    /// As the user knows it.
    let path: String
}

/// A file of text is in another encoding than UTF-8, and would be damaged on its way.
struct NotUTF8: Error {
    /// The first line that shows it, from 1.
    let line: Int
    /// What it may be in.
    let guess: String
}

/// Some rows of a file do not fit the table, and were left out.
struct RowsRejected: Error {
    let count: Int
    let total: Int
    /// The first of them: where they stand, and what is wrong.
    let lines: [String]

    var message: String {
        "\(Quantity.grouped(count)) of \(Quantity.grouped(total)) rows were rejected" + (lines.isEmpty ? "" : ":")
    }
}
