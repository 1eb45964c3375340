import Databricks
import Testing

struct CertificateTrustTests {
    static let cases: [(environment: [String: String], trust: CertificateTrust)] = [
        (["SSL_CERT_FILE": "/f"], .file("/f")),
        (["CURL_CA_BUNDLE": "/c", "SSL_CERT_FILE": "/f", "SSL_CERT_DIR": "/d"], .file("/c")),
        (["SSL_CERT_DIR": "/d"], .directory("/d")),
        (["SSL_CERT_FILE": "", "SSL_CERT_DIR": "/d"], .directory("/d")),
        ([:], .system()),
    ]

    @Test(arguments: cases)
    func followsTheEnvironment(environment: [String: String], trust: CertificateTrust) {
        #expect(CertificateTrust.of(environment: environment) == trust)
    }

    @Test func systemWithoutHashedLinks() {
        #expect(CertificateTrust.system(directory: "/proc/self/fd", file: "/dev/null") == .file("/dev/null"))
        #expect(CertificateTrust.system(directory: "/nonexistent", file: "/nonexistent") == .builtIn)
    }
}
