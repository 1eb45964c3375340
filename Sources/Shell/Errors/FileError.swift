/// A file that cannot be opened, read or written.
nonisolated struct FileError: Error {
    let path: String
    /// The errno of the call that failed.
    let code: Int32
    /// What failed: `open`, `read`, `write`.
    var action = "open"
}
