import Databricks
import Testing

struct HostURLTests {
    static let readable: [(pasted: String, host: String, workspace: String?, account: String?)] = [
        ("h.example", "https://h.example", nil, nil),
        ("  H.Example/ \n", "https://h.example", nil, nil),
        ("https://h.example:443/", "https://h.example", nil, nil),
        ("http://h.example:80", "http://h.example", nil, nil),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", nil, nil),
        ("https://[::1]:8443/x", "https://[::1]:8443", nil, nil),
        ("https://adb-12.3.azuredatabricks.net/?o=123#notebook/9", "https://adb-12.3.azuredatabricks.net", "123", nil),
        ("https://h.example/sql/editor/x?workspace_id=5&a=acc", "https://h.example", "5", "acc"),
        ("https://h.example/?w=7&o=8", "https://h.example", "8", nil),
        ("https://h.example/?w=named&account_id=acc", "https://h.example", "named", "acc"),
        ("https://h.example/?o=notdigits", "https://h.example", nil, nil),
    ]

    @Test(arguments: readable)
    func reads(pasted: String, host: String, workspace: String?, account: String?) throws {
        let url = try HostURL(pasted)
        #expect(url.text == host)
        #expect(url.workspaceID == workspace)
        #expect(url.accountID == account)
    }

    @Test(arguments: [
        "", "https://", "ftp://h.example", "https://user:pw@h.example", "h.example:0", "h.example:99999", "h.example:x",
        "a b", "https://[::1", "http://[zz]/", "h\u{1B}.example",
    ])
    func refuses(pasted: String) {
        let error = #expect(throws: InvalidHost.self) { try HostURL(pasted) }
        #expect(!String(describing: error).contains("pw"))
    }
}
