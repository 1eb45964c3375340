import Glibc
import System

/// Which certificate authorities are trusted.
package enum CertificateTrust: Sendable, Equatable {
    /// Only those of this PEM file.
    case file(String)
    /// Only those of this directory of hashed links (`openssl rehash`).
    case directory(String)
    /// What libcurl was built with.
    case builtIn

    /// The system's, in the form that is quickest to use.
    ///
    /// Parsing Debian's bundle of 140 certificates costs 35 ms of the first connection; the directory of hashed links,
    /// of which OpenSSL opens only the one file it needs, costs 1 ms (measured).
    package static func system(
        directory: String = "/etc/ssl/certs", file: String = "/etc/ssl/certs/ca-certificates.crt"
    ) -> CertificateTrust {
        if hasHashedLinks(directory) { return .directory(directory) }
        return access(file, R_OK) == 0 ? .file(file) : .builtIn
    }

    /// What the environment says, else the system's. libcurl itself reads none of these variables, the curl tool does.
    package static func of(environment: [String: String]) -> CertificateTrust {
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let file = value("CURL_CA_BUNDLE") ?? value("SSL_CERT_FILE") { return .file(file) }
        if let directory = value("SSL_CERT_DIR") { return .directory(directory) }
        return .system()
    }

    /// Whether some entry is named like the hash of a certificate's subject: eight hexadecimal digits, a dot, a number.
    private static func hasHashedLinks(_ path: String) -> Bool {
        Files.names(in: path).contains { name in
            let parts = name.split(separator: ".")
            return parts.count == 2 && parts[0].count == 8 && parts[0].allSatisfy(\.isHexDigit) && Int(parts[1]) != nil
        }
    }
}
