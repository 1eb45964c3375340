import FoundationEssentials
import System

/// What signs requests: a personal access token, a service principal, the login of another program.
///
/// Asked for headers before *every* attempt of every request, so a credential that refreshes its token does so here and
/// a session of many hours keeps working.
package protocol Credential: Sendable {
    /// Its kind, which goes into the User-Agent too.
    var authType: AuthType { get }

    /// Headers that sign a request to the connection's own host. `network` is for fetching what they are made of.
    /// - Throws: `CredentialError` when no valid token can be had; `TransportError`, `CancellationError`.
    func headers(_ network: CredentialNetwork) async throws -> [SecretHeader]

    /// The service has refused these headers (401): they are not to be given out again.
    /// - Returns: whether the next ones will be different, so that asking once more makes sense.
    func refused(_ headers: [SecretHeader]) async -> Bool

    /// Until when the present token is good, as far as that is known. Never uses the network.
    var expiry: WallTime? { get async }
}

extension Credential {
    package func refused(_ headers: [SecretHeader]) async -> Bool { false }
    package var expiry: WallTime? { get async { nil } }
}

/// A personal access token (`dapi…`), sent as `Authorization: Bearer`.
package struct PersonalAccessToken: Credential {
    package let token: Secret

    package init(_ token: Secret) {
        self.token = token
    }

    package var authType: AuthType { .pat }

    package func headers(_ network: CredentialNetwork) async throws -> [SecretHeader] {
        [.authorization("Bearer", token)]
    }
}

/// A user name and password (`Authorization: Basic`, RFC 7617). Databricks has retired them on most clouds; they are here
/// because a profile may still have them.
package struct UserPassword: Credential {
    private let pair: Secret

    package init(user: String, password: Secret) {
        pair = Secret(Data("\(user):\(password.reveal())".utf8).base64EncodedString())
    }

    package var authType: AuthType { .basic }

    package func headers(_ network: CredentialNetwork) async throws -> [SecretHeader] {
        [.authorization("Basic", pair)]
    }
}

/// Nobody yet: for asking who is about to sign in with the browser.
package struct Anonymous: Credential {
    package init() {}

    package var authType: AuthType { .externalBrowser }

    package func headers(_ network: CredentialNetwork) async throws -> [SecretHeader] { [] }
}
