/// What somebody answers to a question that ends in `[Y/n]` or `[y/N]`.
enum Agreement {
    /// - Parameters:
    ///   - answer: nil when nobody answered, which never agrees.
    ///   - isDefault: Enter alone agrees, as `[Y/n]` says.
    static func isGiven(_ answer: String?, isDefault: Bool = false) -> Bool {
        guard let answer else { return false }
        return ["y", "yes"].contains(answer.lowercased()) || isDefault && answer.isEmpty
    }
}
