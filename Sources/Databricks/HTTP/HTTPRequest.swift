/// One HTTP request, as the transport is to send it.
package struct HTTPRequest: Sendable {
    /// What the request carries.
    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// The file's content, or those bytes of it, read while it is sent.
        case file(path: String, range: Range<Int>? = nil)
        case multipart([Part])
    }

    /// One part of a `multipart/form-data` body.
    package struct Part: Sendable {
        package enum Content: Sendable {
            case bytes([UInt8])
            case file(path: String)
        }
        package var name: String
        package var content: Content
        package var filename: String?
        package var contentType: String?

        package init(name: String, content: Content, filename: String? = nil, contentType: String? = nil) {
            self.name = name
            self.content = content
            self.filename = filename
            self.contentType = contentType
        }
    }

    /// `GET`, `POST`, …, in capitals.
    package var method: String
    /// Absolute `http` or `https` URL, percent-encoded.
    package var url: String
    package var headers: [(name: String, value: String)] = []
    /// Headers that sign the request. As long as there are any, redirects are not followed: libcurl withholds only
    /// `Authorization` and `Cookie` from another host, not the other headers that identify a caller.
    package var secretHeaders: [SecretHeader] = []
    package var body: Body = .none
    /// Told how many bytes of a body that is a file have been sent so far, on the transport's thread.
    package var sent: (@Sendable (Int) -> Void)?
    /// The URL itself lets its holder in (a presigned link): it is never shown whole.
    package var isSecretURL = false
    /// What goes out is secret, or what comes back decides where a secret is sent.
    package var isConfidential = false

    /// What comes back is a secret, whatever its fields are called: a trace does not show it.
    package var isSecretReply = false
    /// What is asked is this machine or its host, where no proxy leads.
    package var bypassesProxy = false

    package var connectTimeout: Duration? = .seconds(15)
    /// Longest time without a single byte either way.
    package var idleTimeout: Duration? = .seconds(60)
    package var totalTimeout: Duration?
    package var maximumRedirects = 0
    /// Largest body `send` collects, in bytes after decompression.
    package var bodyLimit = 256 << 20

    /// Sent on a connection of its own.
    package var needsFreshConnection = false
    /// Ask for a compressed reply and decompress it.
    package var acceptsCompression = true
    /// Plain HTTP/1.1 even where the server offers HTTP/2. For big downloads: a paused HTTP/2 stream is buffered by
    /// libcurl up to its 32 MB window, an HTTP/1.1 connection is simply not read.
    package var prefersHTTP1 = false

    /// What may be done when the connection is lost and nobody knows whether the server has acted on the request.
    package enum Repetition: Sendable, Equatable {
        /// Nothing: it could do something twice.
        case never
        /// It is sent once more, on a fresh connection: it only reads, but may be long work.
        case once
        /// Doing it twice does no more than doing it once.
        case freely

        /// GET and HEAD change nothing (RFC 9110 §9.2.1).
        static func of(method: String) -> Repetition { ["GET", "HEAD"].contains(method) ? .freely : .never }
    }

    package var repetition: Repetition

    /// When the same request may be sent again.
    package var retry: RetryPolicy = .standard

    package init(_ method: String = "GET", _ url: String) {
        self.method = method
        self.url = url
        repetition = .of(method: method)
    }
}
