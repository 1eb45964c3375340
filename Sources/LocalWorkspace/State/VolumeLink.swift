import System

/// A file in a volume that can be written, read or removed without a credential, by whoever knows the link's name, until it
/// expires.
struct VolumeLink: Sendable {
    let method: String
    let path: String
    let expires: WallTime
}
