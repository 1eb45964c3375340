import Databricks
import Glibc
import System
import Terminal
import Text

/// What `dbsh doctor` has found about one thing.
struct Finding {
    enum State: String {
        case well = "ok"
        /// It may do harm.
        case doubtful = "warning"
        case wrong = "error"
        /// It is not there, which may be as it should be; or it could not be looked at.
        case absent = "none"
    }

    let check: String
    let state: State
    let text: String
    var hint: String?
}

/// Looks at all that dbsh depends on, from the files to the workspace. Starts and changes nothing.
struct Examination {
    private let environment: ShellEnvironment
    private let arguments: ConnectionArguments
    private let describeEngine: LocalEndpoint.EngineDescription

    init(
        _ environment: ShellEnvironment, _ arguments: ConnectionArguments,
        describeEngine: @escaping LocalEndpoint.EngineDescription
    ) {
        self.environment = environment
        self.arguments = arguments
        self.describeEngine = describeEngine
    }

    /// In the order in which one thing needs the other.
    func findings() async -> [Finding] {
        let connection = Result {
            try ConnectionResolver.resolve(arguments, environment: environment.variables, home: environment.home)
        }
        let place = try? ConnectionResolver.place(
            arguments, environment: environment.variables, home: environment.home)
        let transport = CurlTransport(.init(environment: environment.variables))
        var found = [version, configuration, profile]
        var client: Client?
        if let host = place?.host.text {
            let probe = await HostProbe.run(host, environment.variables, transport)
            found += [network(host, probe), clock(probe)]
            if let connection = try? connection.get(), probe.failure == nil {
                client = Client(connection: connection, transport: transport, version: Version.number)
            }
        } else {
            found += [
                Finding(check: "network", state: .absent, text: "no workspace is configured"),
                Finding(check: "clock", state: .absent, text: "there is no server to compare it with"),
            ]
        }
        found.append(await signIn(connection, client))
        if found.last?.state != .well { client = nil }
        found.append(await warehouse(connection, client))
        found.append(await cluster(connection, client))
        found += [engine, terminal]
        await transport.shutdown()
        return found
    }

    // MARK: This machine

    private var version: Finding {
        var system = utsname()
        uname(&system)
        let machine = withUnsafeBytes(of: &system.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        guard let curl = CurlTransport.libraryVersion else {
            return Finding(
                check: "version", state: .wrong, text: "dbsh \(Version.number), linux \(machine); libcurl is missing",
                hint: "install libcurl 7.85 or later (Debian: libcurl4)")
        }
        return Finding(check: "version", state: .well, text: "dbsh \(Version.number), linux \(machine), \(curl)")
    }

    private var configuration: Finding {
        do {
            let writer = try ProfileWriter(environment.variables, home: environment.home)
            let logins = TokenCache.own(environment.variables, home: environment.home)
            let kept = try logins.names().count
            var read: [String] = []
            if let count = writer.count { read.append("\(writer.path) (\(quantity(count, "profile")))") }
            let script = environment.configurationDirectory + "/rc.dbsh"
            if Files.size(script) != nil { read.append(script) }
            if kept > 0 { read.append("\(logins.path) (\(quantity(kept, "login")))") }
            guard !read.isEmpty else {
                return Finding(check: "configuration", state: .absent, text: "no \(writer.path), no rc.dbsh, no logins")
            }
            let open = [writer.path, logins.path].first(where: isReadableByOthers)
            return Finding(
                check: "configuration", state: open == nil ? .well : .doubtful, text: read.joined(separator: ", "),
                hint: open.map { "others can read it: chmod 600 \($0)" })
        } catch {
            return Finding(
                check: "configuration", state: .wrong, text: "\(error)", hint: "mend the file, or move it away")
        }
    }

    private func quantity(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    private func isReadableByOthers(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    private var profile: Finding {
        do {
            let listing = try ProfileListing(arguments, environment: environment.variables, home: environment.home)
            let isUsed = listing.entries.contains(where: \.isUsed)
            return Finding(check: "profile", state: isUsed ? .well : .absent, text: listing.explanation)
        } catch { return Finding(check: "profile", state: .wrong, text: "\(error)") }
    }

    private var engine: Finding {
        do { return Finding(check: "local engine", state: .well, text: try describeEngine(environment)) } catch {
            let report = Report(error)
            return Finding(check: "local engine", state: .absent, text: report.headline, hint: report.hint)
        }
    }

    private var terminal: Finding {
        guard environment.outputIsTerminal else {
            return Finding(check: "terminal", state: .absent, text: "standard output is not a terminal")
        }
        let name = environment["TERM"] ?? ""
        let size = TerminalSize.of(environment.standardOutput, environment: environment.variables)
        let locale = environment["LC_ALL"] ?? environment["LC_CTYPE"] ?? environment["LANG"] ?? ""
        let isUnicode = locale.lowercased().contains("utf")
        let color = ColorChoice.auto.isEnabled(for: environment.standardOutput, environment: environment.variables)
        let parts = [
            name.isEmpty ? "TERM is not set" : name, size.map { "\($0.columns)×\($0.rows)" },
            color ? "colours" : "no colours",
            isUnicode ? "UTF-8" : "the locale \(locale.isEmpty ? "C" : locale) is not UTF-8",
            environment.inputIsTerminal ? nil : "input is not from it",
        ]
        let isUsable = !["", "dumb"].contains(name)
        return Finding(
            check: "terminal", state: isUsable && isUnicode ? .well : .doubtful,
            text: parts.compactMap(\.self).joined(separator: ", "),
            hint: !isUsable ? "lines are read without editing; set TERM" : isUnicode ? nil : "export LC_ALL=C.UTF-8")
    }

    // MARK: The way to the workspace

    private func network(_ host: String, _ probe: HostProbe) -> Finding {
        let name = HostURL.typed(host)
        let way =
            if let proxy = probe.proxy {
                "by the proxy \(proxy.host) (\(proxy.variable))"
            } else {
                "at \(probe.addresses.prefix(2).joined(separator: ", "))"
            }
        guard let failure = probe.failure else {
            let milliseconds = Int(probe.elapsed / .milliseconds(1))
            let isSecure = host.hasPrefix("https://")
            return Finding(
                check: "network", state: .well,
                text: "\(name) \(way), \(isSecure ? "TLS" : "without TLS"), answers in \(milliseconds) ms")
        }
        let report = Report(failure, host: host)
        return Finding(check: "network", state: .wrong, text: report.headline, hint: report.hint)
    }

    /// Tokens are refused when the clock is wrong, and certificates look as if they had ended.
    private func clock(_ probe: HostProbe) -> Finding {
        guard let ahead = probe.clockAhead else {
            return Finding(check: "clock", state: .absent, text: "the server tells no time")
        }
        let seconds = Int(abs(ahead).rounded())
        guard seconds > 30 else { return Finding(check: "clock", state: .well, text: "agrees with the server's") }
        return Finding(
            check: "clock", state: .doubtful, text: "\(seconds) s \(ahead > 0 ? "ahead of" : "behind") the server's",
            hint: "tokens may be refused: set the clock, for example by timedatectl set-ntp true")
    }

    private func signIn(_ connection: Result<Connection, any Error>, _ client: Client?) async -> Finding {
        switch connection {
        case .failure(let error):
            let isMissing =
                switch error {
                case CredentialError.nothingConfigured, CredentialError.notSignedIn: true
                default: false
                }
            let report = Report(error)
            return Finding(
                check: "sign-in", state: isMissing ? .absent : .wrong, text: report.headline, hint: report.hint)
        case .success(let connection):
            guard let client else {
                return Finding(check: "sign-in", state: .absent, text: "\(connection.authType), not tried: no network")
            }
            guard !HostURL.isAccounts(connection.host) else {
                return Finding(check: "sign-in", state: .well, text: "\(connection.authType), at an account")
            }
            do {
                let user = try await client.currentUser.me()
                let expiry = await connection.credential.expiry.map { ", until \($0.text)" } ?? ""
                return Finding(
                    check: "sign-in", state: .well, text: "\(connection.authType) as \(user.userName)\(expiry)")
            } catch {
                let report = Report(error, host: connection.host)
                return Finding(check: "sign-in", state: .wrong, text: report.headline, hint: report.hint)
            }
        }
    }

    // MARK: Compute

    private func warehouse(_ connection: Result<Connection, any Error>, _ client: Client?) async -> Finding {
        guard let id = (try? connection.get())?.warehouseID else {
            return Finding(
                check: "warehouse", state: .absent,
                text: "none configured: the workspace's default is taken, if it has one",
                hint: "DATABRICKS_WAREHOUSE_ID, warehouse_id in the profile, --warehouse or .warehouse")
        }
        guard let client else { return Finding(check: "warehouse", state: .absent, text: "\(id), not looked at") }
        do {
            let warehouse = try await client.warehouses.get(id)
            return Finding(check: "warehouse", state: .well, text: "\(warehouse.name) (\(id)), \(warehouse.state)")
        } catch { return wrong("warehouse", id, error, client) }
    }

    private func cluster(_ connection: Result<Connection, any Error>, _ client: Client?) async -> Finding {
        guard let id = (try? connection.get())?.clusterID else {
            return Finding(
                check: "cluster", state: .absent, text: "none configured",
                hint: "for Python, Scala and R: DATABRICKS_CLUSTER_ID, cluster_id in the profile, --cluster or .cluster"
            )
        }
        guard let client else { return Finding(check: "cluster", state: .absent, text: "\(id), not looked at") }
        do {
            let cluster = try await client.clusters.get(id)
            return Finding(check: "cluster", state: .well, text: "\(cluster.name) (\(id)), \(cluster.state)")
        } catch { return wrong("cluster", id, error, client) }
    }

    private func wrong(_ check: String, _ id: String, _ error: any Error, _ client: Client) -> Finding {
        let report = Report(error, host: client.connection.host)
        return Finding(check: check, state: .wrong, text: "\(id): \(report.headline)", hint: report.hint)
    }
}
