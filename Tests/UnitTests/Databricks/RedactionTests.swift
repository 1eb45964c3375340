import FoundationEssentials
import Testing

@testable import Databricks

struct RedactionTests {
    @Test func secretsHaveNoText() {
        let secret = Secret("dapi-s3cret")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(SecretHeader(name: "Authorization", value: secret), to: &dumped)
        dump(ConnectionArguments(token: secret), to: &dumped)
        #expect(!"\(secret) \(String(reflecting: secret)) \(dumped)".contains("s3cret"))
        #expect(secret.reveal() == "dapi-s3cret")
    }

    static let urls: [(url: String, shown: String)] = [
        ("https://h/x", "https://h/x"),
        ("https://h/x?a=1&token=s3cret&b=2", "https://h/x?a=1&token=***&b=2"),
        ("https://h/x?page_token=abc", "https://h/x?page_token=abc"),
        ("https://h/x?X-Amz-Signature=s3cret&X-Amz-Expires=9", "https://h/x?X-Amz-Signature=***&X-Amz-Expires=9"),
        ("https://h/x?sig=s3cret", "https://h/x?sig=***"),
    ]

    @Test(arguments: urls)
    func redactsURLs(url: String, shown: String) {
        #expect(Redaction.url(url) == shown)
    }

    @Test func presignedURLsShowTheirHostOnly() {
        var request = HTTPRequest("GET", "https://bucket.example/path?key=s3cret")
        request.isSecretURL = true
        #expect(Redaction.url(of: request) == "https://bucket.example/***")
    }

    @Test func headers() {
        var request = HTTPRequest("GET", "https://h/")
        request.headers = [("Accept", "a"), ("Cookie", "s3cret"), ("X-Databricks-Azure-SP-Management-Token", "s3cret")]
        request.secretHeaders = [SecretHeader(name: "Authorization", value: Secret("Bearer s3cret"))]
        let shown = Redaction.headers(of: request)
        #expect(shown.map(\.name).count == 4)
        #expect(shown.first?.value == "a")
        #expect(!"\(shown)".contains("s3cret"))
    }

    static let bodies: [(body: String, shown: String)] = [
        (#"{"access_token":"s3cret","expires_in":3600}"#, #"{"access_token":"***","expires_in":3600}"#),
        (
            #"{"a":"say \"hi","client_secret" : "s3\"cret","b":"c"}"#,
            #"{"a":"say \"hi","client_secret" : "***","b":"c"}"#
        ),
        (#"{"token":null,"next_page_token":"abc"}"#, #"{"token":null,"next_page_token":"abc"}"#),
        (#"{"external_link":"https://s3cret"#, #"{"external_link":"***"#),
        (#"["token","value"]"#, #"["token","value"]"#),
        ("grant_type=client_credentials&client_secret=s3cret", "grant_type=client_credentials&client_secret=***"),
        ("plain text", "plain text"),
        ("", ""),
    ]

    @Test(arguments: bodies)
    func redactsBodies(body: String, shown: String) {
        #expect(Redaction.body(body) == shown)
    }

    /// A secret that anybody repeats is not shown, in whatever form.
    @Test func secretsInText() {
        let token = "dapi-9f/3b+7 c1d5e8"
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        _ = Secret(token)
        let shown = [
            token, PercentEncoding.component(token), PercentEncoding.component(token).lowercased(), base64(token),
            base64("id:\(token)"), base64("a-client:\(token)"), base64("client:\(token) and more"),
        ].map { Redaction.secrets(in: "Invalid token “\($0)” in the request") }
        #expect(Set(shown) == ["Invalid token “***” in the request"])
        #expect(Redaction.secrets(in: "\(token)\(token), \(token)") == "******, ***")
        #expect(Redaction.secrets(in: "nothing of the kind") == "nothing of the kind")
    }

    /// What is no secret, and what would be found in ordinary words, is left alone.
    @Test func ordinaryText() {
        _ = Secret("short")
        _ = SecretHeader.authorization("Bearer", Secret("u"))
        #expect(Redaction.secrets(in: "a short word, Bearer u") == "a short word, Bearer u")
    }
}
