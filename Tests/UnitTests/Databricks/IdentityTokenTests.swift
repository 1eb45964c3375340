import Results
import Support
import System
import Testing

@testable import Databricks

/// Tokens of identity providers: read again at each refresh, signed as others sign, and in no trace.
@Suite(.timeLimit(.minutes(10)))
struct IdentityTokenTests {
    private let environment = ["DATABRICKS_HOST": "h.example", "DATABRICKS_CLIENT_ID": "id"]

    private func connection(_ more: [String: String]) throws -> Connection {
        try ConnectionResolver.resolve(.init(), environment: environment.merging(more) { $1 }, home: "/nonexistent")
    }

    /// What writes the file replaces it, so that the workspace always sees the present token.
    @Test func aFileIsReadAgainAtEachRefresh() async throws {
        let file = try ScratchDirectory()
        let source = WorkloadIdentity(
            authType: .fileOIDC, voucher: .file(file.path("jwt")), clientID: "id", scopes: ["all-apis"], audience: nil,
            place: .init(), workspaceID: nil)
        let network = try ScriptedTransport { TokenServer.answer($0.request) }.client().network
        for name in ["first", "second"] {
            try file.write("\(name)-token\n", to: "jwt")
            let token = try await source.fetch(network, isForced: false, now: .now)
            #expect(token.value.reveal().hasSuffix("|jwt|\(name)-token"))
        }
    }

    /// The reply of an identity provider is a secret by another name.
    @Test func noTraceShowsAnIdentity() async throws {
        let events = Journal<String>()
        let transport = TracingTransport(ScriptedTransport { TokenServer.answer($0.request) }) { event in
            events.append("\(event)")
        }
        let connection = try connection([
            "ACTIONS_ID_TOKEN_REQUEST_URL": "https://github.example/token?v=1",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "door-key-1",
        ])
        let client = Client(connection: connection, transport: transport, version: "1", clock: ManualClock())
        _ = try await client.currentUser.me()
        #expect(events.entries.contains { $0.contains("github.example") })
        #expect(events.entries.allSatisfy { !$0.contains("github|") && !$0.contains("door-key-1") })
    }

    /// Against what `openssl dgst -sha256 -sign` makes of the same.
    @Test func aServiceAccountSignsForItself() async throws {
        let key = JSONValue.object([
            .init("type", "service_account"), .init("client_email", "sa@p.example"), .init("private_key_id", "k1"),
            .init("private_key", .string(Self.key)),
        ])
        let transport = ScriptedTransport { sent in
            sent.body.contains("assertion=\(Self.message).\(Self.signature)")
                ? .json(#"{"id_token":"identity-token"}"#) : .json(#"{"access_token":"google-token","expires_in":60}"#)
        }
        let network = try transport.client().network
        let token = try await GoogleServiceAccount(key: key).fetch(
            network, isForced: false, now: WallTime(seconds: 1e9))
        #expect(token.headers.map { $0.value.reveal() } == ["Bearer identity-token", "google-token"])
        #expect(token.expiry.seconds == 1e9 + 60)
        #expect(
            transport.sent.entries.map(\.request.url)
                == [String](repeating: "https://oauth2.googleapis.com/token", count: 2))
    }

    @Test func aKeyThatIsNoneIsSaid() async throws {
        let key = JSONValue.object([.init("client_email", "sa"), .init("private_key", "no key")])
        let network = try ScriptedTransport { _ in .json("{}") }.client().network
        let error = await #expect(throws: CredentialError.self) {
            try await GoogleServiceAccount(key: key).fetch(network, isForced: false, now: .now)
        }
        #expect(error?.description.contains("the private_key is no RSA key") == true)
    }

    private static let message =
        "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0.eyJ0YXJnZXRfYXVkaWVuY2UiOiJodHRwczovL2guZXhhbXBs"
        + "ZSIsImlzcyI6InNhQHAuZXhhbXBsZSIsImF1ZCI6Imh0dHBzOi8vb2F1dGgyLmdvb2dsZWFwaXMuY29tL3Rva2VuIiwiaWF0Ijox"
        + "MDAwMDAwMDAwLCJleHAiOjEwMDAwMDM2MDB9"
    private static let signature =
        "PQ9PfxIWkQrjdTX0p8s14vkkP9Yru0ZCIZrzFSLI7oRuTBSyC_aXQAj6BdVjpk8f_fmwP6R0rOYwUl-psB3P700aE7hlRCmTEstO"
        + "CggbCAQICwH1BwFg2eKnpQMDYfGtd4rvWDSIbzZkkf9dYs00nFLJ0QWI0-4DSSgTW-N_YZy8ytsQMl5IpDd-4dAixCXV_wSeBRZq"
        + "W8ZFV3hCrVtmmJXygpySBYKr8PzB9h1gp23FCtjr768UXCekFYKOR2RGNhxojzBeaX7X7rmr34PpSM90JFpEEuwuaKDJjZTGX_Dm"
        + "57ijV768LWKblOPHj-CWRqq20x97xh3ubl7Owk31Ew"

    /// Made for this test; it opens nothing.
    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQCVDOkLwwRg4yEA
        rEgOZSiwsYGgSv6ryqVjOs4PSgaC8CbThBGso8aDYzDc77dgcCW/DFo2oCWiNN8z
        5fPvlYVCNQGQ5zzlzju4a0nTYSNqVFgBelIlZu00Rq0jR5fgtikwebqJYmo6HZdh
        EzJakJFsPwwbV/ZXS2qZmvo1FVBJVlh2Jqa66Yvx2LQ+a61GyFXs90b0gNFDoniq
        fuqQhhoNKDsSqNJ8HkCbUwIoGBVL1hXfvUZoDooxwxERqguMtx7zme/sVMc3afwV
        0OFQRxBJN/Lr2HQ4f4KEkDIvdUzUrA/Fj7dG0W/zXduKluFWsz4t/52SliIu9KPb
        RHwW9oUxAgMBAAECggEACtTR2Kd22X2X598dK2KhhtmXZGkewagrxZ6/26+S8o/2
        GlfWGvgZ1HFwWxXWex0bORtyMNcJdRSnhbN3uxjgArQsZXXQYJjQkTHGvyQneTIg
        5RaZApvMsAhUy6QHvu4t5xZpflNXCdsdpZHKDnfEAZxBSnllbumNmRUAirv+Rh3y
        UBfDclt82jAPDSeOAZjqzQuWDhlkoZSFJlWZkSf1xrZw8wiUQL9z+kS65s43JYnL
        +0xmi+ZoBHk5HTF752/faVzeCR3tiRINMfBsRlCGZ1JzmlspjbOiI+Ry1lsaxiLX
        8fcT2JyCAjVbqBSUwIS2UVtUmLEAcC2vznqL5UoEuwKBgQDIvzMYmxSe/MGUvp9h
        a3nvLstm51HwfzZzgTwVzarsgILskcx1WEkSOFU8t5ML6qyziILtg+ovDtPbAU3Q
        3b5Hoyi6hem8wodZCD3HuDSHu+GEKW+gj7bKVTZM1hFygyVUjjRriU/ybv16ier8
        AQ0D6RUa8LxUmH+0WoScOpu/ZwKBgQC+EyJYZDWd0rhKFlQRhrPkm7HZkHOP814I
        Ld7UE1LIWXzgH1LtnHiNW1jfuRSPevddmvagXewwMa1ATvNg02AAcx/+K19CvIHC
        XWRSuJO3upQsHZ1SXPR7ryvzjPFMLo2wIGA5dDiYKsbkyDe+dzF7+pgb6JW3s1DJ
        i1Hm6UlvpwKBgGItwJukHO20yCgrIl/O5I+p3yiwsU5hqQvMhMpVD+ci4uU4WTp6
        tyIGEwni7jPBzjzv4riu73WcVtihRqGEEW+PyHeQzsPWj8NnWG+5E1fe92hfq4xn
        PQqvqiLh/x52LWexNMnzGfqDdczcbuRYzzi+YegPHMxy2OIn8vtFXq65AoGAA1XW
        nnJztmdCMJqfswcIFRTeVBEC1h3RIpebd2E3bKiVVmF2VREP1Hsr3hEjWTkxKgVU
        GpBLWrUkcyJvht1uq9NZVl5wd31TUZPN9N2kSe8ONo/2eMGE0L7MKKPqgAm5FsQa
        rCdr7s+hWdZhlAgHaEOHc8XrCqQs4Lx/HWwui7UCgYB/BX41kG4UywdHxX1LKG0y
        D4ZXSWfqEZNyiPLlvvCnRt6m/ugQEUYlEmNRLrgHkxm9IpycUHXUjJ5U02dQmRJY
        wMXOQSohrFaHVN8NprkxK1/GWSC94+H5VH8yy3m17uxe30kdjCSXciGmXtq3azFf
        UU8lzwUCRUq7B4Ax0Crr7g==
        -----END PRIVATE KEY-----
        """
}
