import Glibc
import System
import Testing

@testable import LocalWorkspace

/// The parts of the HTTP side that need no server.
@Suite struct LocalWorkspaceHTTPPartsTests {
    private func request(_ method: String, _ path: String) -> HTTPRequest {
        var request = HTTPRequest()
        request.method = method
        request.path = path
        return request
    }

    @Test(arguments: [
        ("GET", "/a", "a"), ("GET", "/a/", "a"), ("POST", "/a", "posted"), ("GET", "/a/7", "one 7"),
        ("GET", "/a/7/b/8", "two 7 8"),
    ])
    func routesAreFound(method: String, path: String, answer: String) async throws {
        let router = Router([
            .json("GET", "/a") { _ in "a" }, .json("POST", "/a") { _ in "posted" },
            .json("GET", "/a/{x}") { .string("one \($0.pathParameters["x"] ?? "")") },
            .json("GET", "/a/{x}/b/{y}") {
                .string("two \($0.pathParameters["x"] ?? "") \($0.pathParameters["y"] ?? "")")
            },
        ])
        let (route, routed) = try router.route(request(method, path))
        guard case .bytes(let bytes) = try await route.handler(routed).body else { return }
        #expect(try JSON(parsing: bytes) == .string(answer))
    }

    @Test(arguments: [("GET", "/b"), ("PUT", "/a"), ("GET", "/a/1/2"), ("get", "/a"), ("GET", "")])
    func otherPathsAreNot(method: String, path: String) {
        let router = Router([.json("GET", "/a") { _ in "a" }, .json("GET", "/a/{x}") { _ in "x" }])
        #expect(throws: APIError.self) { try router.route(request(method, path)) }
    }

    @Test func pagesLeadThroughAList() throws {
        var seen: [Int] = []
        var token: String?
        repeat {
            let page = try Page(of: Array(0..<10), size: 4, token: token)
            #expect(page.elements.count <= 4)
            #expect((page.previous == nil) == (token == nil))
            seen += page.elements
            token = page.next
        } while token != nil
        #expect(seen == Array(0..<10))
        #expect(try Page(of: [Int](), size: 4, token: nil).next == nil)
    }

    @Test(arguments: ["x", "from=", "from=-1", "from=11", "from=1x"])
    func inventedPageTokensAreRefused(token: String) {
        #expect(throws: APIError.self) { try Page(of: Array(0..<10), size: 4, token: token) }
    }

    @Test func formsAreDecoded() throws {
        let form = try FormBody(Array("a=1+2&b=%C3%A9%26&c=&d".utf8))
        #expect(form["a"] == "1 2")
        #expect(form["b"] == "é&")
        #expect(form["c"] == "")
        #expect(form["d"] == "")
        #expect(form["e"] == nil)
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%FF", "a=1&a=2"])
    func brokenFormsAreRefused(text: String) {
        #expect(throws: APIError.self) { try FormBody(Array(text.utf8)) }
    }

    @Test(arguments: [
        ("Basic bWU6cGE6c3M=", "me", "pa:ss"), ("basic bWU6", "me", ""),
    ])
    func basicCredentialsAreRead(header: String, user: String, password: String) {
        let credential = BasicCredential(header: header)
        #expect(credential?.user == user)
        #expect(credential?.password == password)
    }

    @Test(arguments: ["Basic", "Basic !!!", "Basic bWU=", "Bearer bWU6", ""])
    func otherHeadersAreNotBasic(header: String) {
        #expect(BasicCredential(header: header) == nil)
    }

    @Test(arguments: [("0s", 0, true), ("5s", 5, true), ("50s", 50, true)])
    func waitTimeouts(text: String, seconds: Int, cancels: Bool) throws {
        var request = HTTPRequest()
        request.body = Array(#"{"wait_timeout":"\#(text)","on_wait_timeout":"CANCEL"}"#.utf8)
        let waiting = try StatementWaiting(RequestBody(request))
        #expect(waiting.limit == .seconds(seconds))
        #expect(waiting.cancels == (cancels && seconds > 0))
    }

    @Test func withoutWordsAStatementWaitsTenSeconds() throws {
        let waiting = try StatementWaiting(RequestBody(HTTPRequest()))
        #expect(waiting.limit == .seconds(10))
        #expect(!waiting.cancels)
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (1_706_700_000_005, "2024-01-31T11:20:00.005Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
    ])
    func timestampsAreWrittenInUTC(milliseconds: Int, text: String) {
        #expect(WallTime(milliseconds: milliseconds).textWithMilliseconds == text)
    }

    @Test func linesAreCutWhereverThePiecesEnd() {
        let text = Array("one\n\ntwo\nthree".utf8)
        for size in 1...text.count {
            var splitter = LineSplitter()
            var lines: [String] = []
            for start in stride(from: 0, to: text.count, by: size) {
                let piece = Array(text[start..<min(start + size, text.count)])
                lines += splitter.split(piece).map { String(decoding: $0, as: UTF8.self) }
            }
            #expect(lines == ["one", "", "two"])
        }
    }

    @Test func idsHaveTheirForms() {
        let uuid = Random.uuid()
        #expect(uuid.count == 36)
        #expect(uuid.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12])
        #expect(uuid != Random.uuid())
        #expect(Random.decimalID().count == 19)
        #expect(Random.equal("abc", "abc"))
        #expect(!Random.equal("abc", "abd"))
        #expect(!Random.equal("abc", "ab"))
    }
}

/// Finding the engine.
@Suite struct EngineInstallationTests {
    private func installation(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let data = try DataDirectory(path: nil)
        defer { data.close() }
        for (name, text) in files { try write(text, to: data.root + "/" + name) }
        try body(data.root)
    }

    private func write(_ text: String, to path: String) throws {
        let directory = path[..<(path.lastIndex(of: "/") ?? path.endIndex)]
        try Files.makeDirectory(String(directory))
        let descriptor = open(path, O_WRONLY | O_CREAT, 0o600)
        #expect(Glibc.write(descriptor, text, text.utf8.count) == text.utf8.count)
        close(descriptor)
    }

    private func document(_ root: String) -> String {
        let fields: JSON = [
            "version": "1", "python": .string(root + "/app/python"), "java": "/java", "app": .string(root + "/app"),
            "jar": "/jar", "archive": "/archive", "spark": "4.3.0", "more": [1],
        ]
        return String(decoding: fields.bytes, as: UTF8.self)
    }

    @Test func itIsWhereTheVariableSaysOrInTheCache() throws {
        try installation(["app/python": "", "app/run.py": ""]) { root in
            for place in [
                "/engine.json", "/cache/dbsh/engine/current/engine.json", "/.cache/dbsh/engine/current/engine.json",
            ] {
                try write(document(root), to: root + place)
            }
            let places: [[String: String]] = [
                ["DBSH_ENGINE": root, "XDG_CACHE_HOME": "/nonexistent"], ["XDG_CACHE_HOME": root + "/cache"], [:],
                ["DBSH_ENGINE": "", "XDG_CACHE_HOME": "relative"],
            ]
            for environment in places {
                let found = try EngineInstallation.find(environment: environment, home: root)
                #expect(found.spark == "4.3.0")
                #expect(found.app == root + "/app")
            }
        }
    }

    @Test func whatIsMissingIsSaid() throws {
        try installation(["broken/engine.json": "{", "short/engine.json": "{}"]) { root in
            for (directory, words) in [("none", "not installed"), ("broken", "not JSON"), ("short", "\"version\"")] {
                let error = #expect(throws: LocalWorkspaceError.self) {
                    try EngineInstallation(directory: root + "/" + directory)
                }
                #expect(error?.message.contains(words) == true)
            }
            try write(document(root), to: root + "/engine.json")
            let error = #expect(throws: LocalWorkspaceError.self) { try EngineInstallation(directory: root) }
            #expect(error?.message.contains("app/python") == true)
        }
    }
}
