import Databricks
import Text

/// The message about a retry.
enum RetryText {
    static func line(_ notice: RetryNotice) -> String {
        let why =
            switch notice.error {
            case let error as APIError: "answered \(error.status)"
            case let error as TransportError: error.message
            default: "failed"
            }
        let host = notice.url.split(separator: "/").dropFirst().first.map(String.init) ?? notice.url
        return "\(host) \(why); trying again in \(Quantity.seconds(notice.wait)) (attempt \(notice.attempt + 1))"
    }
}
