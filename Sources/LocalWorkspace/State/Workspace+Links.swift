import System

/// A part of a result that can be fetched without a credential, by whoever knows its name, until it expires.
struct ResultLink: Sendable {
    let statementID: String
    let source: StatementOutput.Chunk.Source
    let mediaType: String
    /// The same for all links to the part.
    let entityTag: String
    let expires: WallTime
}

extension Workspace {
    /// How long a link can be used (API README: under 15 minutes).
    static let linkLifetime = Duration.seconds(899)

    /// Makes a link for a chunk. Returns its name, which cannot be guessed, and when it expires.
    func link(_ chunk: StatementOutput.Chunk, of statement: StatementLifeCycle) -> (name: String, expires: WallTime) {
        let now = WallTime.now
        links = links.filter { $0.value.expires > now }
        let name = Random.hexadecimal(bytes: 24)
        let expires = now + Self.linkLifetime
        links[name] = ResultLink(
            statementID: statement.id, source: chunk.source, mediaType: statement.request.format.mediaType,
            entityTag: "\(statement.id)-\(chunk.index)", expires: expires)
        return (name, expires)
    }

    /// What a link stands for; nil when there is none or it has expired.
    func target(ofLink name: String) -> ResultLink? {
        guard let link = links[name], link.expires > .now else { return nil }
        return link
    }
}
