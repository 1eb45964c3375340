/// A file that cannot be opened or written.
struct FileError: Error {
    let path: String
    /// The errno of the call that failed.
    let code: Int32
}
