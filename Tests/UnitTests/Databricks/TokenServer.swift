import Databricks
import Support

/// A token server for every host: the token it gives out says where and with what it was asked for.
enum TokenServer {
    static func answer(_ request: HTTPRequest) -> HTTPResponse {
        let url = request.url
        let host = url.split(separator: "/")[1]
        switch true {
        case url.hasSuffix("/api/2.0/preview/scim/v2/Me"): return .json(#"{"userName":"me"}"#)
        case url == "https://unified.example/.well-known/databricks-config":
            return .json(#"{"oidc_endpoint":"https://unified.example/oidc/accounts/{account_id}"}"#)
        case url == "https://federated.example/.well-known/databricks-config":
            return .json(#"{"token_federation_default_oidc_audiences":["told","other"]}"#)
        case url == "https://plain.example/oidc/.well-known/oauth-authorization-server":
            return .json(#"{"token_endpoint":"http://plain.example/token"}"#)
        case url == "https://other.example/disco":
            return .json(#"{"token_endpoint":"https://other.example/issued"}"#)
        case host != "old.example" && url.hasSuffix("/.well-known/oauth-authorization-server"):
            let issuer = url.split(separator: "/.well-known")[0]
            return .json(#"{"token_endpoint":"\#(issuer)/v1/token"}"#)
        case url.hasSuffix("/aad/auth"):
            return .text(
                "", type: "text/html", status: 302,
                ("Location", "https://login.microsoftonline.com/told/oauth2/authorize?client_id=1"))
        case request.method == "POST" && host == "no.example":
            return .json(
                #"{"error":"invalid_client","error_description":"Client authentication failed"}"#, status: 401)
        case request.method == "POST" && host == "empty.example": return .json("{}")
        case host == "github.example":
            return .json(#"{"value":"github|\#(opener(request))|\#(url.split(separator: "?")[1])"}"#)
        case host == "mute.example": return .json("{}", status: 404)
        case host == "dev.azure.example":
            return .json(#"{"oidcToken":"devops|\#(opener(request))|\#(url.dropFirst(26))"}"#)
        case host == "169.254.169.254":
            let resource = url.split(separator: "resource=").last ?? ""
            let flag = request.headers.contains { $0.name == "Metadata" && $0.value == "true" } && request.bypassesProxy
            return .json(#"{"access_token":"msi|\#(resource)|\#(flag)","expires_on":"4000000000"}"#)
        case url == "http://localhost:9/tokens":
            let values = request.headers.filter { $0.name.hasPrefix("X-Databricks-") }.map(\.value)
            return .json(
                #"{"access_token":"local|\#(values.joined(separator: "|"))","token_type":"Bearer","expires_on":4000000000}"#
            )
        case host == "iamcredentials.googleapis.com": return impersonation(request)
        case host == "metadata.google.internal":
            return .json(#"{"access_token":"machine","token_type":"Bearer","expires_in":300}"#)
        case request.method == "POST": return token(request)
        default: return .text("<html>nothing here</html>", type: "text/html", status: 404)
        }
    }

    private static func opener(_ request: HTTPRequest) -> String {
        request.secretHeaders.map { $0.value.reveal() }.joined()
    }

    /// Google's service that gives out tokens of service accounts.
    private static func impersonation(_ request: HTTPRequest) -> HTTPResponse {
        let name = request.url.split(separator: "/").last ?? ""
        let actor = opener(request).dropFirst("Bearer ".count)
        return name.hasSuffix(":generateIdToken")
            ? .json(#"{"token":"id|\#(name)|\#(actor)"}"#)
            : .json(#"{"accessToken":"access|\#(name)|\#(actor)","expireTime":"2999-01-01T00:00:00Z"}"#)
    }

    private static func token(_ request: HTTPRequest) -> HTTPResponse {
        guard case .bytes(let body) = request.body else { return .json("{}", status: 400) }
        var form: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            form[String(parts[0])] = parts.count > 1 ? decoded(parts[1]) : ""
        }
        let basic = request.secretHeaders.first.map { base64(String($0.value.reveal().dropFirst("Basic ".count))) }
        let client = basic ?? "\(form["client_id"] ?? ""):\(form["client_secret"] ?? "")"
        let scope = form["scope"] ?? form["resource"] ?? ""
        if let subject = form["subject_token"] ?? form["client_assertion"] {
            let kind =
                (form["subject_token_type"] ?? form["client_assertion_type"] ?? "").split(separator: ":").last ?? ""
            return .json(
                #"{"access_token":"\#(request.url)|\#(form["client_id"] ?? "-")|\#(scope)|\#(kind)|\#(subject)"}"#)
        }
        if form["grant_type"] == "refresh_token" { return .json(#"{"access_token":"person"}"#) }
        return .json(
            #"{"access_token":"\#(request.url)|\#(client)|\#(scope)","token_type":"bearer","expires_in":"3600"}"#)
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            if byte == UInt8(ascii: "%"), let code = UInt8(digits, radix: 16) {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Decodes base 64, digit by digit.
    static func base64(_ text: String) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in text where character != "=" {
            guard let digit = alphabet.firstIndex(of: character) else { return "not base 64" }
            bits = bits << 6 | digit
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 255))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
