import Results
import System

/// A person's login that the Databricks CLI keeps: `databricks auth token` gives out its tokens (`databricks-cli`). The
/// CLI's own store is not read: it is in the system's keyring by now (API/README.md).
struct DatabricksCLILogin: TokenSource {
    let program: String
    let environment: [String: String]
    /// Which of its logins: a profile's, else a host's.
    let profile: String?
    let host: String
    let accountID: String?
    var limit: Duration = .seconds(60)

    var authType: AuthType { .databricksCLI }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        // A stored token that was refused is no help; older versions cannot be told so.
        if isForced, let token = try? await token(["--force-refresh"], now) { return token }
        try Task.checkCancellation()
        return try await token([], now)
    }

    private func token(_ more: [String], _ now: WallTime) async throws -> AccessToken {
        let which =
            profile.map { ["--profile", $0] } ?? ["--host", host] + (accountID.map { ["--account-id", $0] } ?? [])
        let run = ExternalProgram(
            path: program, arguments: ["auth", "token"] + which + more, environment: environment, limit: limit)
        let json = try await run.json(authType: authType, name: "databricks auth token") { errors in
            if errors.contains("is not configured") || errors.contains("efresh token is invalid")
                || errors.contains("no cached credentials")
            {
                return "databricks auth login --host \(host)"
            }
            return nil
        }
        return try AccessToken(reply: json, authType: authType, now: now)
    }
}

extension ExternalProgram {
    /// Runs the program and reads the JSON it prints.
    /// - Parameter advice: what to type, judged by what it wrote on standard error; nil when that says nothing known.
    /// - Throws: `CredentialError.signInFailed`, `CancellationError`.
    func json(authType: AuthType, name: String, advice: (_ errors: String) -> String?) async throws -> JSONValue {
        func failed(_ message: String, _ command: String? = nil) -> CredentialError {
            .signInFailed(authType: authType, message: message, advice: command.map { "sign in again: \($0)" })
        }
        let outcome: Outcome
        do { outcome = try await run() } catch let error as SystemCommand.StartError {
            throw failed("cannot run \(path): \(systemMessage(error.code))")
        } catch Failure.tooSlow {
            throw failed("\(name) did not end within \(limit.components.seconds) s")
        } catch Failure.tooMuch {
            throw failed("\(name) wrote more than a megabyte")
        }
        guard outcome.status == .exited(0) else {
            let errors = Redaction.body(outcome.errors.trimmingSpaces())
            throw failed(
                "\(name) ended with status \(outcome.status.exitStatus): \(errors.prefix(600))", advice(errors))
        }
        guard let json = try? JSONValue.parse(outcome.output), json.members != nil else {
            // Its output can hold a token, so it is not shown.
            throw failed("\(name) printed no JSON object")
        }
        return json
    }
}
