/// No complete reply came: the network, the TLS handshake or the server's HTTP failed.
package struct TransportError: Error, Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        /// libcurl is not installed or does not fit.
        case unavailable
        /// The host name (or the proxy's) has no address.
        case resolve
        /// Nobody listens, or no route leads there.
        case connect
        /// The server was a process of this machine, and has ended.
        case gone
        /// The certificate is not trusted, or the handshake failed.
        case tls
        case timeout
        /// The connection ended before the reply was complete.
        case dropped
        /// What came back is not HTTP.
        case malformed
        case redirects
        /// The body is over the request's limit.
        case tooLarge
        /// A file to send could not be read.
        case file
        /// The transport has been shut down.
        case closed
        case other
    }

    package let kind: Kind
    /// Host and port that were asked, such as `adb-1.2.azuredatabricks.net`.
    package let host: String
    /// The URL asked, made harmless by `Redaction`.
    package let url: String
    /// libcurl's words, such as `Could not resolve host: nowhere.invalid`.
    package let message: String
    /// Whether the server may have acted on the request. False only when it certainly never got any of it.
    package let mayHaveArrived: Bool

    package init(kind: Kind, host: String, url: String, message: String, mayHaveArrived: Bool) {
        self.kind = kind
        self.host = host
        self.url = url
        self.message = message
        self.mayHaveArrived = mayHaveArrived
    }

    /// An error about `request`.
    package init(_ kind: Kind, _ request: HTTPRequest, _ message: String, mayHaveArrived: Bool) {
        self.init(
            kind: kind, host: HostURL.authority(of: request.url), url: Redaction.url(of: request), message: message,
            mayHaveArrived: mayHaveArrived)
    }
}

extension TransportError: CustomStringConvertible {
    /// What happened, to which host, without libcurl's words.
    package var summary: String {
        switch kind {
        case .unavailable: "cannot use the network"
        case .resolve: "there is no host \(host), or no network"
        case .connect: "cannot connect to \(host)"
        case .gone: "nobody listens at \(host) any more"
        case .tls: "no secure connection to \(host)"
        case .timeout: "\(host) did not answer in time"
        case .dropped: "the connection to \(host) was lost"
        case .malformed: "\(host) did not answer in HTTP"
        case .redirects, .tooLarge, .file, .closed, .other: "the request to \(host) failed"
        }
    }

    package var description: String { "\(summary): \(message)" }
}
