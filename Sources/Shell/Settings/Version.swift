/// Which dbsh this is.
nonisolated package enum Version {
    package static let number = "0.1.0"
    /// The day of the manual.
    package static let date = "November 28, 2026"
}
