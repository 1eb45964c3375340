import FoundationEssentials

/// Basic credentials (RFC 7617).
struct BasicCredential: Sendable, Equatable {
    let user: String
    let password: String

    /// Reads an `Authorization` header; nil when it is not a Basic credential.
    init?(header: String) {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic",
            let data = Data(base64Encoded: String(parts[1])),
            let text = String(validating: data, as: UTF8.self),
            let colon = text.firstIndex(of: ":")
        else { return nil }
        user = String(text[..<colon])
        password = String(text[text.index(after: colon)...])
    }
}
