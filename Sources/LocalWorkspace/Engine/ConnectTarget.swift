import System

/// Where the Spark of contexts is when it is not the local engine's: a Spark Connect endpoint, of a workspace or of `dbsh serve`.
package struct ConnectTarget: Sendable {
    /// Headers that sign a call, and the seconds that they are good for (nil: for ever).
    package typealias Signature = (headers: [String: String], seconds: Double?)

    /// The compute, as an id of contexts' cluster.
    package var clusterID: String
    /// Base URL of the workspace. A plain one (http) is this machine's, whose endpoint has no TLS either.
    package var url: String
    /// Serverless compute; otherwise `headers` name a cluster.
    package var isServerless: Bool
    /// Headers of every call besides those that sign it.
    package var headers: [String: String]
    /// File with the certificate authorities to trust; nil for the system's.
    package var certificates: String?
    /// What the client calls itself.
    package var userAgent: String
    /// Signs calls. The argument says whether the service has refused the last signature.
    package var sign: @Sendable (Bool) async throws -> Signature
    /// Is told what happens between Python and its Spark.
    package var notice: @Sendable (ConnectNotice) -> Void

    package init(
        clusterID: String, url: String, isServerless: Bool, headers: [String: String], certificates: String?,
        userAgent: String, sign: @escaping @Sendable (Bool) async throws -> Signature,
        notice: @escaping @Sendable (ConnectNotice) -> Void
    ) {
        self.clusterID = clusterID
        self.url = url
        self.isServerless = isServerless
        self.headers = headers
        self.certificates = certificates
        self.userAgent = userAgent
        self.sign = sign
        self.notice = notice
    }

    var isPlain: Bool { url.hasPrefix("http://") }

    /// `HOST:PORT` of the endpoint, which is the workspace's own.
    var address: String {
        let host = (url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]).prefix { $0 != "/" }
        // A colon inside of brackets is a part of an IPv6 address.
        let end = host.lastIndex(of: "]") ?? host.startIndex
        return host[end...].contains(":") ? String(host) : "\(host):\(isPlain ? 80 : 443)"
    }
}

/// What happens between Python and its Spark elsewhere.
package enum ConnectNotice: Sendable, Equatable {
    /// Spark's session was opened: its id, and the headers of its calls but for the values of those that sign them.
    case session(id: String, headers: [String])
    /// How far the running command is.
    case progress(tasks: Int, left: Int)
    /// The service does not answer, and is asked again.
    case waiting(String)
    /// A new signature is wanted; the last one may have been refused.
    case signature(refused: Bool)
}
