import Results

/// One call of the REST API, before host and credential are added.
package struct APICall: Sendable {
    package var method: String
    /// Path below the host, such as `/api/2.1/clusters/list`, percent-encoded: ids in it go through `PercentEncoding`.
    package var path: String
    /// In the order to send; a name may occur more than once.
    package var query: [(name: String, value: String)] = []
    /// Sent as JSON.
    package var body: JSONValue?
    /// Sent as it is, in the place of JSON: a file.
    package var content: HTTPRequest.Body?
    /// Told how many bytes of a file have been sent so far, on any thread.
    package var sent: (@Sendable (Int) -> Void)?
    package var retry: RetryPolicy = .standard
    /// What may be done when the connection is lost before the answer.
    package var repetition: HTTPRequest.Repetition
    /// Longest time for one attempt, whole.
    package var totalTimeout: Duration?
    /// Sent with the connection's credential. The metadata probe is not.
    package var isSigned = true

    /// What it does to the workspace: the gate asks.
    package let effect: RequestEffect

    package init(_ method: String, _ path: String, _ effect: RequestEffect) {
        self.method = method
        self.path = path
        repetition = .of(method: method)
        self.effect = effect
    }

    /// A read; parameters without a value are left out.
    package static func get(_ path: String, _ query: [(String, String?)] = []) -> APICall {
        var call = APICall("GET", path, .reads)
        call.query = query.compactMap { name, value in value.map { (name, $0) } }
        return call
    }

    /// A call with a JSON body; fields without a value are left out, as the official SDKs do: the service never sees
    /// null.
    package static func post(
        _ path: String, _ effect: RequestEffect, _ fields: [(String, JSONValue?)] = []
    ) -> APICall {
        var call = APICall("POST", path, effect)
        call.body = .fields(fields)
        return call
    }

    /// URL of the call at `host` (`https://h[:port]`).
    func url(host: String) -> String {
        let pairs = query.map { "\(PercentEncoding.component($0.name))=\(PercentEncoding.component($0.value))" }
        return host + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }
}
