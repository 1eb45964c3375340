import System

/// Files of DBFS that come block by block: each is whole when it is closed.
extension Workspace {
    /// A new file. Returns its handle.
    func openBlocks(_ path: String) -> Int {
        lastHandle += 1
        blocks[lastHandle] = (path, [])
        return lastHandle
    }

    /// - Throws: `APIError` for a handle that nobody has.
    func addBlock(_ bytes: [UInt8], to handle: Int) throws {
        guard blocks[handle] != nil else { throw APIError.notFound("No stream exists for the handle \(handle).") }
        blocks[handle]?.bytes += bytes
    }

    /// - Throws: `APIError`; `FileError`.
    func closeBlocks(_ handle: Int) throws {
        guard let file = blocks.removeValue(forKey: handle) else {
            throw APIError.notFound("No stream exists for the handle \(handle).")
        }
        try data.files.write(file.bytes, at: file.path)
    }
}
