import Glibc

/// A file that could not be opened, read or written.
package struct FileError: Error, CustomStringConvertible {
    package let path: String
    /// The errno of the call that failed.
    package let code: Int32
    /// What failed: `open`, `read`, `write`.
    package let action: String

    package init(path: String, code: Int32, action: String = "open") {
        self.path = path
        self.code = code
        self.action = action
    }

    package var description: String { "\(path): \(systemMessage(code))" }
}
