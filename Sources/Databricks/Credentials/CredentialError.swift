/// Why no credential could be made of what is configured. Names variables and keys, never their values.
package enum CredentialError: Error, Sendable, Equatable {
    /// The auth type is a real one, which this version of dbsh cannot use.
    case notYetSupported(authType: String)
    /// No such auth type exists.
    case unknownAuthType(String)
    /// More than one way to sign in is configured and nothing says which to use.
    /// `families` is sorted; `origins` says where each setting was found, such as `token (DATABRICKS_TOKEN)`.
    case conflict(families: [String], origins: [String])
    /// Something the auth type needs is missing, such as `token`. `explanation` says what was looked at, and why not
    /// more.
    case incomplete(authType: AuthType, missing: [String], explanation: String)
    /// Nothing at all is configured. `explanation` says what was looked at.
    case nothingConfigured(explanation: String)
    /// There is a host, and nothing to sign in with: a person may do so with the browser. `authType` is nil when none is asked for.
    case notSignedIn(host: String, authType: AuthType?, explanation: String)
    /// Signing in was tried and did not work. `message` may hold words of a server or a program, made free of secrets;
    /// `advice` is what to do.
    case signInFailed(authType: AuthType, message: String, advice: String?)

    /// What a token endpoint's refusal means.
    static func refused(_ error: APIError, authType: AuthType, at url: String, advice: String) -> CredentialError {
        // The code is the part people search for: `invalid_client`.
        let code = error.code.isEmpty || error.message.contains(error.code) ? "" : "\(error.code.lowercased()): "
        return .signInFailed(
            authType: authType,
            message: "\(Redaction.url(url)) refuses: \(code)\(error.message) (status \(error.status))",
            advice: advice)
    }
}

extension CredentialError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notYetSupported(let type):
            "not yet supported: auth type \(type) "
                + "(dbsh signs in with \(AuthType.allCases.map(\.rawValue).joined(separator: ", ")))"
        case .unknownAuthType(let type):
            "auth type \"\(type)\" does not exist"
        case .conflict(let families, let origins):
            "more than one way to sign in is configured: \(families.joined(separator: " and ")). "
                + "Found \(origins.joined(separator: ", ")). Set auth_type (DATABRICKS_AUTH_TYPE), or remove one"
        case .incomplete(let type, let missing, let explanation):
            "auth type \(type) needs \(missing.joined(separator: " and ")). \(explanation)"
        case .nothingConfigured(let explanation):
            "no workspace is configured. \(explanation)"
        case .notSignedIn(let host, let type, let explanation):
            (type.map { "not signed in to \(host) (\($0))" } ?? "there is no way to sign in to \(host)")
                + (explanation.isEmpty ? "" : ": \(explanation)")
        case .signInFailed(let type, let message, _):
            "cannot sign in (\(type)): \(message)"
        }
    }
}
