import Results
import System

/// The identity that a machine in Azure has (`azure-msi`): its metadata service, which nobody outside can ask, gives out tokens.
struct AzureManagedIdentity: TokenSource {
    /// One of several identities of the machine; nil: the only one.
    let clientID: String?
    let cloud: Azure.Cloud
    let resourceID: String?

    var authType: AuthType { .azureMSI }
    /// Link-local: it is answered by the machine's host and leaves it in no case.
    private static let address = "http://169.254.169.254/metadata/identity/oauth2/token"

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        var token = try await token(for: Azure.databricks, network, now)
        if let resourceID {
            let management = try await self.token(for: cloud.management, network, now)
            token.companions = Azure.companions(resourceID: resourceID, management: management)
        }
        return token
    }

    private func token(for resource: String, _ network: CredentialNetwork, _ now: WallTime) async throws -> AccessToken
    {
        let client = clientID.map { "&client_id=" + PercentEncoding.component($0) } ?? ""
        let url = Self.address + "?api-version=2018-02-01&resource=" + PercentEncoding.component(resource) + client
        var request = HTTPRequest("GET", url)
        request.headers = [("Metadata", "true"), ("User-Agent", network.userAgent)]
        return try await network.machineToken(
            request, authType, now, advice: "this works on a machine in Azure with a managed identity only")
    }
}

/// A service on this machine that gives out tokens for a workspace, such as that of an editor (`metadata-service`).
struct MetadataService: TokenSource {
    let url: String

    var authType: AuthType { .metadataService }

    func fetch(_ network: CredentialNetwork, isForced: Bool, now: WallTime) async throws -> AccessToken {
        guard HostURL.isLoopback(url) else {
            throw CredentialError.signInFailed(
                authType: authType, message: "metadata_service_url is not on this machine, and is not asked",
                advice: "it is like http://localhost:PORT/…")
        }
        var request = HTTPRequest("GET", url)
        request.headers = [
            ("X-Databricks-Metadata-Version", "1"), ("X-Databricks-Host", network.host),
            ("User-Agent", network.userAgent),
        ]
        return try await network.machineToken(
            request, authType, now, advice: "is what started dbsh still running?")
    }
}

extension CredentialNetwork {
    /// Asks a service of the machine itself: within 10 s, by no proxy.
    fileprivate func machineToken(
        _ request: HTTPRequest, _ authType: AuthType, _ now: WallTime, advice: String
    ) async throws -> AccessToken {
        var request = request
        request.bypassesProxy = true
        request.totalTimeout = .seconds(10)
        request.connectTimeout = .seconds(3)
        do {
            return try AccessToken(reply: try await identity(request), authType: authType, now: now)
        } catch let error as APIError {
            throw CredentialError.byServer(error, authType: authType, at: request.url, advice: advice)
        } catch let error as TransportError {
            throw CredentialError.signInFailed(authType: authType, message: error.description, advice: advice)
        }
    }
}
