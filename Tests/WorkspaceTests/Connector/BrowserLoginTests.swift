import Glibc
import LocalWorkspace
import Support
import Testing

/// Signing in with a browser: a real one, at the local workspace's own page.
@Suite(.timeLimit(.minutes(10)))
struct BrowserLoginTests: ConnectorSuite {
    /// A home in which nothing is configured, and a person with a browser.
    struct Person {
        let home: ScratchDirectory
        var environment: [String: String]

        init(_ does: String) throws {
            home = try ScratchDirectory()
            let python = try #require(getenv("DBSH_TEST_PYTHON"), "scripts/setup tests makes it")
            environment = [
                "DATABRICKS_HOST": "", "DATABRICKS_TOKEN": "", "BROWSER_DOES": does, "BROWSER_LOG": home.path("pages"),
                "BROWSER": "\(String(cString: python)) \(Self.program)",
            ]
        }

        private static let program =
            #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Python/browser.py"

        /// The pages that the browser has seen by the time it shows this one, which may be after dbsh has got its answer. The pause is for
        /// the machine's sake; the suite's time limit bounds it.
        func pages(until last: String) async throws -> [String] {
            while true {
                let pages = (home.contents("pages") ?? "").split(separator: "\n").map(String.init)
                if pages.last == last { return pages }
                try await Task.sleep(for: .milliseconds(10))
            }
        }

        var logins: String? { home.contents(".local/state/dbsh/logins.json") }

        func terminal(_ arguments: [String], columns: Int = 100) throws -> PtySession {
            try PtySession(
                program: ServedWorkspace.binary, arguments: arguments,
                environment: environment.merging(["HOME": home.path]) { $1 }.filter { !$0.value.isEmpty },
                columns: columns)
        }
    }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    @Test func aLoginIsKeptUntilTheLogout() async throws {
        try await withReplayWorkspace { workspace, _ in
            let person = try Person("allow")
            let (home, environment) = (person.home, person.environment)
            let login = try await dbsh("login \(workspace.url)", "", in: home, environment: environment, flags: "")
            #expect(login.status == 0, "\(login.errors)")
            #expect(login.errors.contains("signed in to \(workspace.url) as me@local"))
            #expect(try await person.pages(until: "Signed in") == ["Sign in to the local workspace", "Signed in"])
            let logins = try #require(person.logins)
            #expect(logins.contains(workspace.url) && logins.contains(#""refresh_token": "refresh-"#))
            #expect(mode(home.path(".local/state/dbsh/logins.json")) == 0o600)
            // From then on the host alone is enough.
            let host = environment.merging(["DATABRICKS_HOST": workspace.url]) { $1 }
            let who = try await dbsh("-m json -c .whoami", "", in: home, environment: host)
            #expect(
                who.output.contains(#""user":"me@local""#)
                    && who.output.contains(#""authentication":"external-browser""#))
            let debug = try await dbsh("-c .whoami --debug", "", in: home, environment: host)
            #expect(!debug.errors.contains("local-") && !debug.errors.contains("refresh-"))
            let logout = try await dbsh("logout", "", in: home, environment: environment, flags: "")
            #expect(logout.status == 0 && logout.errors.contains("signed out of \(workspace.url)"))
            let nobody = try await dbsh("-c .whoami", "", in: home, environment: host)
            #expect(
                nobody.status == 2 && nobody.errors.contains("dbsh login \(workspace.url) signs in with the browser"))
        }
    }

    @Test func aProfileIsWrittenAndTheFileKeepsTheRest() async throws {
        try await withReplayWorkspace { workspace, _ in
            let person = try Person("allow")
            let before = "# mine\n[other]\nhost = https://other.example\nfoo = bar ; kept\n"
            try person.home.write(before, to: ".databrickscfg")
            let login = try await dbsh(
                "login \(workspace.url) --profile dev", "", in: person.home, environment: person.environment, flags: "")
            #expect(login.status == 0, "\(login.errors)")
            let file = person.home.contents(".databrickscfg")
            #expect(file == before + "\n[dev]\nhost = \(workspace.url)\nauth_type = databricks-cli\n")
            #expect(mode(person.home.path(".databrickscfg")) == 0o600)
            let who = try await dbsh("-p dev -m json -c .whoami", "", in: person.home, environment: person.environment)
            #expect(who.output.contains(#""authentication":"databricks-cli""#), "\(who.errors)")
        }
    }

    @Test func aDeniedLoginIsOne() async throws {
        try await withReplayWorkspace { workspace, _ in
            let person = try Person("deny")
            let run = try await dbsh(
                "login \(workspace.url)", "", in: person.home, environment: person.environment, flags: "")
            #expect(run.status == 3 && run.errors.contains("it was denied in the browser"), "\(run.errors)")
            _ = try await person.pages(until: "Not signed in")
            #expect(person.logins == nil)
        }
    }

    /// Somebody else's answer neither signs in nor ends the wait.
    @Test func anAnswerWithAnotherStateIsRefused() async throws {
        try await withReplayWorkspace { workspace, _ in
            let person = try Person("forge")
            let run = try await dbsh(
                "login \(workspace.url)", "", in: person.home, environment: person.environment, flags: "")
            #expect(run.status == 0, "\(run.errors)")
            #expect(run.errors.contains("belongs to another login was refused"))
            let pages = try await person.pages(until: "Signed in")
            #expect(pages == ["Not expected", "Sign in to the local workspace", "Signed in"])
        }
    }

    @Test func aClosedBrowserIsLeftWithCtrlC() async throws {
        try await withReplayWorkspace { workspace, _ in
            let person = try Person("close")
            let session = try person.terminal(["login", workspace.url])
            _ = try await person.pages(until: "closed")
            session.send("\u{3}")
            #expect(try await session.exitStatus() == 130)
            #expect(person.logins == nil)
        }
    }

    @Test func twoLoginsAtOnceTakeTwoPorts() async throws {
        try await withReplayWorkspace { one, _ in
            try await withReplayWorkspace { two, _ in
                let person = try Person("allow")
                let other = try ScratchDirectory()
                async let first = dbsh(
                    "login \(one.url)", "", in: person.home, environment: person.environment, flags: "")
                async let second = dbsh(
                    "login \(two.url)", "", in: other,
                    environment: person.environment.merging(["XDG_STATE_HOME": person.home.path(".local/state")]) {
                        $1
                    }, flags: "")
                let runs = try await [first, second]
                #expect(runs.map(\.status) == [0, 0], "\(runs.map(\.errors))")
                // Neither has lost the other's.
                #expect(person.logins?.contains(one.url) == true && person.logins?.contains(two.url) == true)
                let urls = runs.map { $0.errors.split(separator: "redirect_uri=").last?.prefix { $0 != "&" } ?? "" }
                #expect(urls[0] != urls[1])
            }
        }
    }

    @Test func aPortInUseIsNamed() async throws {
        try await withReplayWorkspace { workspace, _ in
            let person = try Person("allow")
            // The workspace's own port is taken for sure.
            let port = String(workspace.url.split(separator: ":").last ?? "")
            let run = try await dbsh(
                "login \(workspace.url)", "", in: person.home,
                environment: person.environment.merging(["DATABRICKS_OAUTH_CALLBACK_PORT": port]) { $1 }, flags: "")
            #expect(run.status == 3 && run.errors.contains("cannot listen on port \(port)"), "\(run.errors)")
        }
    }

    /// One command and one click, from nothing to a shell; and it stays signed in while its tokens end under it.
    @Test func aShellSignsInAndStaysSignedIn() async throws {
        try await withReplayWorkspace(configure: { $0.accessTokenLifetime = .seconds(1) }) { workspace, _ in
            let person = try Person("allow")
            let session = try person.terminal(["-X", "--host", workspace.url])
            try await session.wait(for: "the login, then the prompt") {
                $0.text.contains("signed in as me@local") && $0.cursorLine == "sql>"
            }
            for count in 1...2 {
                session.send(".whoami\r")
                try await session.wait(for: "who") { screen in
                    screen.text.split(separator: "external-browser").count > count && screen.cursorLine == "sql>"
                }
            }
            session.send(".quit\r")
            _ = try await session.exitStatus()
        }
    }

    @Test func anEndedLoginSaysWhatToType() async throws {
        try await withReplayWorkspace {
            $0.accessTokenLifetime = .seconds(1)
            $0.refreshTokenLifetime = .seconds(0)
        } _: { workspace, _ in
            let person = try Person("allow")
            _ = try await dbsh(
                "login \(workspace.url)", "", in: person.home, environment: person.environment, flags: "")
            let run = try await dbsh(
                "-c .whoami", "", in: person.home,
                environment: person.environment.merging(["DATABRICKS_HOST": workspace.url]) { $1 })
            #expect(run.status == 3, "\(run.errors)")
            #expect(run.errors.contains("has ended: Refresh token is invalid"))
            #expect(run.errors.contains("dbsh login \(workspace.url)"))
        }
    }

    /// The browser runs on another machine: the address is shown here, and pasted where it ends up.
    @Test func theAddressMayBePasted() async throws {
        try await withReplayWorkspace { workspace, client in
            var person = try Person("allow")
            person.environment["BROWSER"] = "/nonexistent"
            let session = try person.terminal(["login", workspace.url], columns: 700)
            try await session.wait(for: "the address") { $0.text.contains("no browser could be opened") }
            let address = try #require(session.screen.lines.first { $0.contains("/oidc/v1/authorize?") })
            let target = String(address.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" })
            let page = try await client.raw("GET", target).text
            let id = try #require(page.split(separator: #"name="request" value=""#).last?.prefix { $0 != "\"" })
            let answer = try await client.raw(
                "POST", "/oidc/v1/authorize", body: Array("request=\(id)&decision=allow".utf8))
            session.send("https://elsewhere.example/?nothing=1\r")
            try await session.wait(for: "the refusal") { $0.text.contains("it has a code and a state in it") }
            session.send(try #require(answer.headers["location"]) + "\r")
            try await session.wait(for: "the offer") { $0.text.contains("Name of a profile for it") }
            session.send("mine\r")
            #expect(try await session.exitStatus() == 0)
            #expect(person.home.contents(".databrickscfg")?.contains("[mine]\nhost = \(workspace.url)") == true)
        }
    }
}
