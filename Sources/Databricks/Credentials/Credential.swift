/// What signs requests: a personal access token now, OAuth and the Databricks CLI later in the same shape.
///
/// Asked for headers before *every* attempt of every request, so a credential that refreshes its token does so here and
/// a session of many hours keeps working.
package protocol Credential: Sendable {
    /// The official name of the kind, as in `auth_type`: `pat`, `oauth-m2m`, … (goes into the User-Agent too).
    var authType: String { get }

    /// Headers that sign a request to the connection's own host.
    /// - Throws: `CredentialError` when no valid token can be had.
    func headers() async throws -> [SecretHeader]
}

/// A header whose value must not be shown.
package struct SecretHeader: Sendable, Equatable {
    package let name: String
    package let value: Secret

    package init(name: String, value: Secret) {
        self.name = name
        self.value = value
    }
}

/// A personal access token (`dapi…`), sent as `Authorization: Bearer`.
package struct PersonalAccessToken: Credential {
    package let token: Secret

    package init(_ token: Secret) {
        self.token = token
    }

    package var authType: String { "pat" }

    package func headers() async throws -> [SecretHeader] {
        [SecretHeader(name: "Authorization", value: Secret("Bearer " + token.reveal()))]
    }
}
