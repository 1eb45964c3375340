import System

/// A file in a volume that can be written, read or removed without a credential, by whoever knows the link's name, until it
/// expires.
struct VolumeLink: Sendable {
    let method: String
    let path: String
    let expires: WallTime
    var use = Use.file

    /// What it stands for.
    enum Use: Sendable {
        /// The file.
        case file
        /// A part of an upload, by its number.
        case part(String, Int)
        /// The end of an upload that is not wanted any more.
        case abort(String)
    }
}
