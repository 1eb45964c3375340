import Results

/// Who one is (SCIM `/api/2.0/preview/scim/v2/Me`): the cheapest call that proves a credential.
package struct CurrentUser: Sendable {
    let client: Client

    /// - Throws: `APIError`, also for a reply that names nobody: what answers there is no workspace.
    package func me() async throws -> User {
        let call = APICall.get("/api/2.0/preview/scim/v2/Me")
        let user = User(try await client.json(call))
        guard !user.id.isEmpty || !user.userName.isEmpty else {
            throw APIError(
                status: 200, code: APIError.notJSON, message: "the reply names no user", method: call.method,
                path: call.path)
        }
        return user
    }
}

extension Client {
    package var currentUser: CurrentUser { CurrentUser(client: self) }
}

/// A user or a service principal.
package struct User: Sendable, Equatable {
    /// Every field the service sent.
    package let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    package var id: String { json.string("id") ?? "" }
    /// Mail address; for a service principal its application id.
    package var userName: String { json.string("userName") ?? "" }
    package var displayName: String? { json.string("displayName") }
}
