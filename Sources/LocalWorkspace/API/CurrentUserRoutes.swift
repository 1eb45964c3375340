/// The current user (SCIM API): always the same one.
enum CurrentUserRoutes {
    static func routes(_ workspace: Workspace) -> [Route] {
        [.json("GET", "/api/2.0/preview/scim/v2/Me") { me($0, workspace.facts.userName) }]
    }

    private static func me(_ request: HTTPRequest, _ userName: String) -> JSON {
        let whole: [JSON.Member] = [
            .init(name: "schemas", value: ["urn:ietf:params:scim:schemas:core:2.0:User"]),
            .init(name: "id", value: "1"),
            .init(name: "userName", value: .string(userName)),
            .init(name: "displayName", value: "Local user"),
            .init(name: "active", value: true),
            .init(name: "name", value: ["givenName": "Local", "familyName": "User"]),
            .init(name: "emails", value: [["type": "work", "value": .string(userName), "primary": true]]),
            .init(name: "groups", value: [["display": "admins", "type": "direct", "value": "2", "$ref": "Groups/2"]]),
            .init(name: "entitlements", value: [["value": "workspace-access"], ["value": "databricks-sql-access"]]),
        ]
        // RFC 7644 section 3.9: `attributes` names what to return beside the minimum, `excludedAttributes` what not to.
        let wanted = names(request.argument("attributes"))
        let unwanted = names(request.argument("excludedAttributes"))
        let minimum: Set<String> = ["schemas", "id"]
        return .object(
            whole.filter { member in
                let name = member.name.lowercased()
                return minimum.contains(name)
                    || (wanted.isEmpty || wanted.contains(name)) && !unwanted.contains(name)
            })
    }

    private static func names(_ list: String?) -> Set<String> {
        Set((list ?? "").lowercased().split(separator: ",").map(String.init))
    }
}
