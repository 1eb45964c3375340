import Databricks
import Text

/// The message about a retry.
enum RetryText {
    static func line(_ notice: RetryNotice) -> String {
        let host = notice.url.split(separator: "/").dropFirst().first.map(String.init) ?? notice.url
        let what =
            switch notice.error {
            case let error as APIError: "\(host) answered \(error.status)"
            // What libcurl says besides follows when it stays so.
            case let error as TransportError: error.summary
            default: "\(host) failed"
            }
        return "\(what); trying again in \(Quantity.seconds(notice.wait)) (attempt \(notice.attempt + 1))"
    }
}
