extension Client {
    /// Fetches what is missing of the object behind a presigned link of the service: with the link's headers if it asks
    /// for some, never with the workspace's credential, which cloud storage would refuse and could keep.
    /// - Throws: `LinkRefused` for any answer that is not a success; `LinkUnreachable`, `CancellationError`, and what the object's
    ///   reader throws.
    @concurrent
    func download(_ link: StatementChunk.Link, into object: LinkedObject) async throws {
        var request = HTTPRequest("GET", link.url.reveal())
        request.isSecretURL = true
        request.headers = link.headers
        request.prefersHTTP1 = true
        let final = request
        do {
            try await retrier.run(final) { try await object.receive(final, over: self.transport) }
        } catch let error as TransportError {
            throw LinkUnreachable(cause: error)
        } catch let error as APIError {
            // Not the workspace's words: a refusal here says nothing about the credential.
            throw LinkRefused(api: error, host: HostURL.authority(of: final.url))
        }
    }
}

/// No whole answer came from the storage behind a link.
struct LinkUnreachable: Error {
    let cause: TransportError
}

/// The storage behind a link answered, and the answer is no.
struct LinkRefused: Error {
    let api: APIError
    /// The storage's host and port.
    let host: String

    /// What a storage's XML says, `<Message>…</Message>`, or the whole text.
    var storageMessage: String {
        guard let open = api.message.firstRange(of: "<Message>"),
            let close = api.message[open.upperBound...].firstRange(of: "</Message>")
        else { return api.message }
        return HTMLText.plain(String(api.message[open.upperBound..<close.lowerBound]))
    }
}
