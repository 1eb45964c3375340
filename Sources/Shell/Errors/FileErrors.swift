import Databricks

/// There is nothing at a path of the workspace.
struct NoSuchFile: Error {
    let path: RemotePath
}

/// A file is there already, and was not to be replaced.
struct FileExists: Error {
    /// As the user knows it.
    let path: String
}
