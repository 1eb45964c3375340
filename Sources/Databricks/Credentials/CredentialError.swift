/// Why no credential could be made of what is configured. Names variables and keys, never their values.
package enum CredentialError: Error, Sendable, Equatable {
    /// The auth type is one of the official SDKs', which makes no sense here; `instead` says what to use.
    case refused(authType: String, instead: String)
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
    static func byServer(_ error: APIError, authType: AuthType, at url: String, advice: String) -> CredentialError {
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
        case .refused(let type, let instead):
            "auth type \(type) is not for dbsh: \(instead)"
        case .unknownAuthType(let type):
            "auth type \"\(type)\" does not exist "
                + "(there is \(AuthType.allCases.map(\.rawValue).joined(separator: ", ")))"
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
