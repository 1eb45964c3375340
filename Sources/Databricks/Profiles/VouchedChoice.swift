import Results
import System

/// Who vouches for a program, as it is configured.
extension ConnectionSearch {
    func workloadIdentity(_ type: AuthType, _ host: HostURL) throws -> WorkloadIdentity {
        let voucher: Voucher =
            switch type {
            case .environmentOIDC:
                .variable(tokenVariable, environment[tokenVariable].map { Secret($0) })
            case .fileOIDC: .file(try tokenFile(type))
            case .azureDevOpsOIDC: try azureDevOps(type)
            default: try github(type)
            }
        return WorkloadIdentity(
            authType: type, voucher: voucher, clientID: settings["client_id"], scopes: scopes ?? ["all-apis"],
            audience: settings["audience"] ?? settings["token_audience"],
            place: .init(accountID: accountID(host), discoveryURL: settings["discovery_url"]),
            workspaceID: settings["workspace_id"] ?? host.workspaceID)
    }

    private func tokenFile(_ type: AuthType) throws -> String {
        if let path = settings["databricks_id_token_filepath"] { return path }
        return try needed(["oidc_token_filepath"], type)[0]
    }

    func github(_ type: AuthType) throws -> Voucher {
        if let voucher = Voucher.github(environment) { return voucher }
        throw CredentialError.incomplete(
            authType: type, missing: ["ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
            explanation: "GitHub Actions sets both in a job that has the permission id-token: write")
    }

    private func azureDevOps(_ type: AuthType) throws -> Voucher {
        if let voucher = Voucher.azureDevOps(environment) { return voucher }
        throw CredentialError.incomplete(
            authType: type, missing: Voucher.missingForAzureDevOps(environment),
            explanation: "Azure DevOps sets them in a job; SYSTEM_ACCESSTOKEN has to be mapped into the step's env")
    }

    /// A key's JSON, or the path of its file.
    func googleKey(_ text: String, _ type: AuthType) throws -> JSONValue {
        let json = text.hasPrefix("{") ? Array(text.utf8) : try? Files.read(text)
        guard let json, let key = try? JSONValue.parse(json), key.members != nil else {
            throw CredentialError.signInFailed(
                authType: type, message: "google_credentials is neither JSON nor a file of JSON", advice: nil)
        }
        return key
    }

    /// Where Google's tools look for who works here.
    func googleActor(_ type: AuthType) throws -> GoogleActor {
        if let path = environment["GOOGLE_APPLICATION_CREDENTIALS"] { return .file(try googleKey(path, type)) }
        let directory = environment["CLOUDSDK_CONFIG"] ?? home + "/.config/gcloud"
        let path = directory + "/application_default_credentials.json"
        return Files.size(path) == nil ? .machine : .file(try googleKey(path, type))
    }
}
