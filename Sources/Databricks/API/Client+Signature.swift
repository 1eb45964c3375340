import System

/// Headers that sign a call.
package struct CallSignature: Sendable {
    package let headers: [SecretHeader]
    /// Until when they are good, as far as that is known.
    package let expiry: WallTime?
}

extension Client {
    /// Signs calls that another program makes to the connection's own host: Spark Connect's, by Python on this machine.
    /// - Parameter refused: headers that the service has refused, if that is why new ones are wanted.
    /// - Throws: `CredentialError`, `TransportError`, `CancellationError`.
    @concurrent
    package func signature(replacing refused: [SecretHeader]?) async throws -> CallSignature {
        let credential = connection.credential
        if let refused { _ = await credential.refused(refused) }
        return CallSignature(headers: try await credential.headers(network), expiry: await credential.expiry)
    }
}
