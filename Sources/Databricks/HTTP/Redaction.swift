import Glibc

/// The one place that decides what may be shown: of a request, in errors and in traces; and of any text that dbsh says, logs or
/// records, which may repeat a secret.
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
        // Its row has a link that lets its holder in, without a name beside it.
        let isVolumeOperation = text.contains("is_volume_operation") || text.contains("\"presignedUrl\"")
        while let quote = rest.firstIndex(of: "\"") {
            let name = string(in: rest[rest.index(after: quote)...])
            // What stands between this string and the next: `": "` makes the string a field's name.
            let gap = rest[name.endIndex...].prefix { $0 == "\"" || $0 == ":" || $0.isWhitespace }
            if isSecret(name: String(name)), gap.contains(":"), gap.last == "\"" {
                out += rest[..<gap.endIndex] + mark
                rest = rest[string(in: rest[gap.endIndex...]).endIndex...]
                if let close = rest.popFirst() { out.append(close) }
            } else if name.hasPrefix("http"), name.contains("?") || isVolumeOperation {
                out += rest[...quote] + (isVolumeOperation ? mark : url(String(name)))
                rest = rest[name.endIndex...]
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

    /// `text` without the secrets that this process holds, whether they stand there as they are, in base 64 (also of `id:secret`)
    /// or percent-encoded. Not for results: they are data, and stay as they are.
    package static func secrets(in text: String) -> String {
        let patterns = KnownSecrets.patterns
        guard !patterns.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var found: [Range<Int>] = []
        for pattern in patterns {
            var start = 0
            while let range = range(of: pattern.bytes, in: bytes, from: start) {
                found.append(pattern.isBase64 ? wholeBase64(range, in: bytes) : range)
                start = range.upperBound
            }
        }
        guard !found.isEmpty else { return text }
        var shown: [UInt8] = []
        var end = 0
        for range in found.sorted(by: { $0.lowerBound < $1.lowerBound }) where range.upperBound > end {
            if range.lowerBound >= end { shown += bytes[end..<range.lowerBound] + mark.utf8 }
            end = range.upperBound
        }
        return String(decoding: shown + bytes[end...], as: UTF8.self)
    }

    private static func range(of pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Range<Int>? {
        bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return nil }
            var start = start
            while start + pattern.count <= bytes.count,
                let first = memchr(base + start, Int32(pattern[0]), bytes.count - pattern.count - start + 1)
            {
                let offset = UnsafeRawPointer(first) - base
                if memcmp(first, pattern, pattern.count) == 0 { return offset..<(offset + pattern.count) }
                start = offset + 1
            }
            return nil
        }
    }

    /// A range with the letters of base 64 around it.
    private static func wholeBase64(_ range: Range<Int>, in bytes: [UInt8]) -> Range<Int> {
        func isLetter(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "="):
                true
            default: false
            }
        }
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while lower > 0, isLetter(bytes[lower - 1]) { lower -= 1 }
        while upper < bytes.count, isLetter(bytes[upper]) { upper += 1 }
        return lower..<upper
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
