/// A result, or a part of it, that the service has and dbsh could not get.
package struct ResultError: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// The service does not keep it any more: results can be read for an hour.
        case gone(String)
        /// The storage behind a link refused it, also with a fresh link: status and its words.
        case refused(status: Int, message: String)
        /// This network does not lead to the storage behind the links: its host and port, and what the network says.
        case blocked(host: String, message: String)
        /// A part ends before its end, also when fetched again.
        case cut
        /// Rows are missing, or there are too many.
        case rowCount(expected: Int, found: Int)
        /// What is behind a link is not what was asked for.
        case malformed(String)
        /// The bytes themselves are wanted, and the service put rows into its reply.
        case notLinked
        /// It is about a file of a volume, and holds a link that lets its holder in.
        case volumeOperation
        /// Somebody asked for the result in another format than JSON, and its rows are wanted.
        case otherFormat(StatementFormat)
    }

    package let statementID: String
    /// The part, counted from 0; nil for the whole.
    package let chunk: Int?
    package let reason: Reason

    package init(statementID: String, chunk: Int?, reason: Reason) {
        self.statementID = statementID
        self.chunk = chunk
        self.reason = reason
    }
}

extension ResultError: CustomStringConvertible {
    package var description: String {
        let part = chunk.map { "part \($0 + 1) of the result" } ?? "the result"
        switch reason {
        case .gone: return "the result of statement \(statementID) is not kept by the service any more"
        case .refused(let status, let message):
            return "the storage refused \(part) (status \(status)\(message.isEmpty ? "" : ": \(message)"))"
        case .blocked(let host, let message):
            return "\(part) is in the storage \(host), to which this network does not lead: \(message)"
        case .cut: return "\(part) breaks off before its end"
        case .rowCount(let expected, let found): return "\(part) came with \(found) rows instead of \(expected)"
        case .malformed(let why): return "\(part) cannot be read: \(why)"
        case .otherFormat(let format): return "the result of statement \(statementID) is \(format.title)"
        case .volumeOperation:
            return "the result of statement \(statementID) is no table: it tells a program where a file goes"
        case .notLinked: return "the service sent no link to \(part)"
        }
    }
}
