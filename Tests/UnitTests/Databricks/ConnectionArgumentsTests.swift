import Databricks
import Results
import Testing

/// What another process of dbsh gets.
@Suite struct ConnectionArgumentsTests {
    @Test func nothingIsLostOnTheWay() throws {
        var arguments = ConnectionArguments(
            profile: "p", host: "h", token: Secret("t"), accountID: "a", workspaceID: "1", clusterID: "c",
            warehouseID: "w", authType: "pat", configFile: "f")
        arguments.profileSource = ".connect"
        arguments.clientID = "id"
        arguments.clientSecret = Secret("s")
        arguments.scopes = ["x", "y"]
        arguments.tokenURL = "u"
        arguments.choosesCompute = true
        for sent in [arguments, ConnectionArguments()] {
            let got = ConnectionArguments(json: try JSONValue.parse(sent.json.serialized()))
            for (before, after) in zip(Mirror(reflecting: sent).children, Mirror(reflecting: got).children) {
                // A secret's description is the same for all of them.
                let values = [before, after].map { ($0.value as? Secret?)??.reveal() ?? "\($0.value)" }
                #expect(values[0] == values[1], "\(before.label ?? "")")
            }
        }
    }
}
