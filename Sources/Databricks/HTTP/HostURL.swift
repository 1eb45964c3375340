/// Makes a workspace address of what people paste: a bare host name, or a URL copied from the browser with path and
/// query.
package struct HostURL: Sendable, Equatable {
    /// `scheme://host[:port]`, lower case, without a default port.
    package let text: String
    /// From `?o=`, `?workspace_id=` or `?w=` of a pasted URL.
    package let workspaceID: String?
    /// From `?a=` or `?account_id=`.
    package let accountID: String?

    /// Reads `input`. Without a scheme it is https; path and fragment are dropped, user names refused (a password in a
    /// URL would be shown with it).
    /// - Throws: `InvalidHost`.
    package init(_ input: String) throws {
        let text = input.trimmingSpaces()
        var rest = text[...]
        var scheme = "https"
        if let mark = text.firstRange(of: "://") {
            scheme = text[..<mark.lowerBound].lowercased()
            rest = text[mark.upperBound...]
        }
        let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        guard scheme == "https" || scheme == "http", let host = Self.host(authority, scheme: scheme) else {
            throw InvalidHost(text: Redaction.url(Self.withoutUser(text)))
        }
        self.text = "\(scheme)://\(host)"
        let query = Self.query(rest[authority.endIndex...])
        workspaceID =
            ["o", "workspace_id"].compactMap { query[$0] }.first { $0.allSatisfy(\.isNumber) && !$0.isEmpty }
            ?? query["w"]
        accountID = query["a"] ?? query["account_id"]
    }

    /// `host[:port]`, checked; nil when it is not one.
    private static func host(_ authority: Substring, scheme: String) -> String? {
        let name: Substring
        let port: Substring
        if authority.first == "[" {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            name = authority[...close]
            port = authority[authority.index(after: close)...]
            guard name.dropFirst().dropLast().allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else {
                return nil
            }
        } else {
            name = authority.prefix { $0 != ":" }
            port = authority[name.endIndex...]
            let allowed = name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard !name.isEmpty, allowed else { return nil }
        }
        let lower = name.lowercased()
        if port.isEmpty || port == ":" { return lower }
        guard port.first == ":", let number = UInt16(port.dropFirst()), number > 0 else { return nil }
        let standard: UInt16 = scheme == "https" ? 443 : 80
        return number == standard ? lower : "\(lower):\(number)"
    }

    private static func query(_ tail: Substring) -> [String: String] {
        guard let question = tail.firstIndex(of: "?") else { return [:] }
        let text = tail[tail.index(after: question)...].prefix { $0 != "#" }
        var query: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let name = pair.prefix { $0 != "=" }
            let value = pair[name.endIndex...].dropFirst()
            if !value.isEmpty, query[String(name)] == nil { query[String(name)] = String(value) }
        }
        return query
    }

    private static func withoutUser(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return Redaction.mark + text[at...]
    }

    /// Whether a host serves accounts instead of workspaces, as the official SDKs tell: by its name.
    package static func isAccounts(_ host: String) -> Bool {
        host.hasPrefix("https://accounts.") || host.hasPrefix("https://accounts-dod.")
    }

    /// The accounts host of the cloud that a workspace's host is in; nil for hosts of no known cloud.
    static func accounts(for host: String) -> String? {
        let clouds = [
            (".cloud.databricks.com", "accounts.cloud.databricks.com"),
            (".azuredatabricks.net", "accounts.azuredatabricks.net"),
            (".gcp.databricks.com", "accounts.gcp.databricks.com"),
            (".cloud.databricks.us", "accounts.cloud.databricks.us"),
        ]
        return clouds.first { host.hasSuffix($0.0) }.map { "https://" + $0.1 }
    }

    /// Whether an absolute URL is of this machine, which no name server decides: libcurl does not ask one for `localhost`.
    package static func isLoopback(_ url: String) -> Bool {
        let authority = authority(of: url).lowercased()
        if authority == "[::1]" || authority.hasPrefix("[::1]:") { return true }
        let host = authority.prefix { $0 != ":" }
        if host == "localhost" || host.hasSuffix(".localhost") { return true }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }

    /// How a host is typed: without the scheme that it has anyway.
    package static func typed(_ host: String) -> String {
        host.hasPrefix("https://") ? String(host.dropFirst("https://".count)) : host
    }

    /// `host[:port]` of an absolute URL, as written there, for messages.
    static func authority(of url: String) -> String {
        guard let mark = url.firstRange(of: "://") else { return url }
        let authority = url[mark.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        return String(authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority)
    }
}

/// What was given as a host, or as the address of a server, is none.
package struct InvalidHost: Error, Sendable, Equatable {
    /// What was given, made harmless by `Redaction`.
    package let text: String
}

extension InvalidHost: CustomStringConvertible {
    package var description: String { "“\(text)” is not a workspace host or URL" }
}
