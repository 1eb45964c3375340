/// The one place that decides what of a request may be shown, in errors and in traces.
package enum Redaction {
    /// What stands where a secret was.
    package static let mark = "***"

    /// The request's URL. A presigned URL keeps scheme and host only; in any other, values of query parameters that
    /// carry tokens or signatures are replaced.
    package static func url(of request: HTTPRequest) -> String {
        guard !request.isSecretURL else {
            let scheme = request.url.prefix { $0 != ":" }
            return "\(scheme)://\(HostURL.authority(of: request.url))/\(mark)"
        }
        return url(request.url)
    }

    /// `url` with the values of secret query parameters replaced.
    package static func url(_ url: String) -> String {
        guard let question = url.firstIndex(of: "?") else { return url }
        let parameters = url[url.index(after: question)...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = parameters.map { parameter -> String in
            guard let equals = parameter.firstIndex(of: "="), isSecret(name: String(parameter[..<equals])) else {
                return String(parameter)
            }
            return parameter[...equals] + mark
        }
        return url[...question] + shown.joined(separator: "&")
    }

    /// Headers as they may be shown: the secret ones, and any other that is known to carry a secret, without their
    /// values.
    package static func headers(of request: HTTPRequest) -> [(name: String, value: String)] {
        headers(request.headers) + request.secretHeaders.map { ($0.name, mark) }
    }

    /// `headers`, with the values of those that carry secrets replaced.
    package static func headers(_ headers: [(name: String, value: String)]) -> [(name: String, value: String)] {
        headers.map { header in
            if isSecret(name: header.name) { return (header.name, mark) }
            return header.name.lowercased() == "location" ? (header.name, url(header.value)) : header
        }
    }

    /// JSON or form text with the values of secret fields replaced, found by their names; works on cut-off text too.
    package static func body(_ text: String) -> String {
        var out = ""
        var rest = text[...]
        while let quote = rest.firstIndex(of: "\"") {
            let name = string(in: rest[rest.index(after: quote)...])
            // What stands between this string and the next: `": "` makes the string a field's name.
            let gap = rest[name.endIndex...].prefix { $0 == "\"" || $0 == ":" || $0.isWhitespace }
            if isSecret(name: String(name)), gap.contains(":"), gap.last == "\"" {
                out += rest[..<gap.endIndex] + mark
                rest = rest[string(in: rest[gap.endIndex...]).endIndex...]
                if let close = rest.popFirst() { out.append(close) }
            } else {
                let end = name.endIndex == rest.endIndex ? rest.endIndex : rest.index(after: name.endIndex)
                out += rest[..<end]
                rest = rest[end...]
            }
        }
        return form(out + rest)
    }

    /// The inside of a JSON string: `text` up to the first quote that no backslash escapes.
    private static func string(in text: Substring) -> Substring {
        var escaped = false
        return text.prefix { character in
            if character == "\"" && !escaped { return false }
            escaped = character == "\\" && !escaped
            return true
        }
    }

    /// `name=value&…` bodies, as OAuth token requests have them.
    private static func form(_ text: String) -> String {
        guard text.contains("="), !text.contains("{"), !text.contains("\n") else { return text }
        return String(url("?" + text).dropFirst())
    }

    /// Whether a header, field or parameter of this name carries a secret.
    static func isSecret(name: String) -> Bool {
        let name = name.lowercased()
        guard !harmlessNames.contains(name) else { return false }
        return secretNames.contains(name) || secretFragments.contains { name.contains($0) }
    }

    private static let harmlessNames: Set<String> = [
        "page_token", "next_page_token", "prev_page_token", "token_type", "token_endpoint",
    ]
    private static let secretNames: Set<String> = [
        "sig", "signature", "assertion", "external_link",
        // Secrets API, `secrets/put`.
        "string_value", "bytes_value",
    ]
    private static let secretFragments = [
        "authorization", "cookie", "token", "secret", "password", "x-amz-signature", "x-amz-credential",
        "x-goog-signature", "x-goog-credential", "x-databricks-azure-sp",
    ]
}
