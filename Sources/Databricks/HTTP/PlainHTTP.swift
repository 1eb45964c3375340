/// Plain `http://` to another machine, where anybody on the way can read what goes out and change what comes back: nothing that signs a
/// request goes that way, and nothing is believed that says where to sign in.
enum PlainHTTP {
    /// Lets it pass all the same, in a lab.
    static let variable = "DBSH_ALLOW_HTTP"

    /// - Throws: `PlainHTTPRefused`.
    static func check(_ request: HTTPRequest, isAllowed: Bool) throws {
        let isSecret =
            request.isConfidential || request.isSecretURL || !request.secretHeaders.isEmpty
            || request.headers.contains { Redaction.isSecret(name: $0.name) }
        guard isSecret, !isAllowed, !request.url.lowercased().hasPrefix("https://"), !HostURL.isLoopback(request.url)
        else { return }
        throw PlainHTTPRefused(host: HostURL.authority(of: request.url))
    }
}

/// A credential, or what decides where one is sent, would have gone over plain http to another machine.
package struct PlainHTTPRefused: Error, Sendable, Equatable {
    /// Host and port.
    package let host: String
}

extension PlainHTTPRefused: CustomStringConvertible {
    package var description: String {
        "no credential is sent to \(host) over plain http, where others could read it"
    }
}
