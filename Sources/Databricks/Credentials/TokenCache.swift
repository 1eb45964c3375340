import Glibc
import Results
import System

/// A file of people's logins in the form of the Databricks CLI's `token-cache.json`, `{"version":1,"tokens":{KEY:{…}}}`. Every other
/// key in it stays as it is, and only its owner may read it.
package struct TokenCache: Sendable {
    package let path: String
    /// Held while a token is refreshed: refresh tokens are good for one time, so two processes must not use the same one.
    let lockPath: String

    /// dbsh's own logins.
    package static func own(_ environment: [String: String], home: String) -> TokenCache {
        let directory = UserDirectories.state(environment, home: home)
        return TokenCache(path: directory + "/logins.json", lockPath: directory + "/logins.lock")
    }

    /// Those of the Databricks CLI, where it does not keep them in the system's keyring.
    static func ofCLI(_ environment: [String: String], home: String) -> TokenCache {
        TokenCache(
            path: home + "/.databricks/token-cache.json",
            lockPath: UserDirectories.state(environment, home: home) + "/logins.lock")
    }

    /// The name of a host's login, as the CLI writes it; that of an account has its id in it.
    package static func key(host: String, accountID: String?) -> String {
        HostURL.isAccounts(host) ? "\(host)/oidc/accounts/\(accountID ?? "")" : host
    }

    /// A login as it is kept.
    struct Login: Sendable {
        let key: String
        let access: Secret
        let scheme: String
        let refresh: Secret?
        let expiry: WallTime

        var token: AccessToken { AccessToken(value: access, scheme: scheme, expiry: expiry) }
    }

    /// The first login of one of these names; nil when there is none.
    /// - Throws: `FileError`, `UnreadableLogins`.
    func login(_ keys: [String]) throws -> Login? {
        let tokens = try document()["tokens"]
        for key in keys {
            guard let entry = tokens?[key], let access = entry.string("access_token") else { continue }
            return Login(
                key: key, access: Secret(access), scheme: entry.string("token_type") ?? "Bearer",
                refresh: entry.string("refresh_token").map { Secret($0) },
                expiry: entry.string("expiry").flatMap { WallTime($0) } ?? WallTime(seconds: 0))
        }
        return nil
    }

    /// The names of the logins, sorted.
    /// - Throws: as `login`.
    package func names() throws -> [String] {
        (try document()["tokens"]?.members ?? []).map(\.key).sorted()
    }

    /// A change of the file that is about to be made: begun before a token is used up that could not be kept afterwards.
    func change() throws(FileError) -> AtomicFile {
        if let slash = path.lastIndex(of: "/") { try Files.makeDirectory(String(path[..<slash])) }
        return try AtomicFile(path, mode: 0o600)
    }

    /// Keeps a login under its name, or none any more. To be called by the holder of the lock.
    /// - Throws: as `login`.
    func keep(_ login: Login?, as key: String, _ file: AtomicFile) throws {
        let document = try document()
        let tokens = document["tokens"] ?? .object([])
        var entry: JSONValue?
        if let login {
            entry = (tokens[key] ?? .object([])).setting([
                ("access_token", .string(login.access.reveal())), ("token_type", .string(login.scheme)),
                ("refresh_token", login.refresh.map { .string($0.reveal()) }), ("expiry", .string(login.expiry.text)),
            ])
        }
        let changed = document.setting([
            ("version", document["version"] ?? 1), ("tokens", tokens.setting([(key, entry)])),
        ])
        let bytes = Array((changed.serialized(.pretty) + "\n").utf8)
        var failure: FileError?
        bytes.withUnsafeBytes { bytes in
            do throws(FileError) { try file.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        try file.commit(synced: true)
    }

    /// Forgets a login.
    /// - Returns: whether there was one.
    /// - Throws: as `login`; `CancellationError`.
    package func forget(_ key: String) async throws -> Bool {
        let lock = try await FileLock.waiting(for: lockPath)
        defer { withExtendedLifetime(lock) {} }
        guard try login([key]) != nil else { return false }
        try keep(nil, as: key, try change())
        return true
    }

    private func document() throws -> JSONValue {
        guard access(path, F_OK) == 0 else { return .object([]) }
        guard let document = try? JSONValue.parse(try Files.read(path)), document.members != nil else {
            throw UnreadableLogins(path: path)
        }
        return document
    }
}

/// A file of logins that holds something else.
package struct UnreadableLogins: Error, Sendable, CustomStringConvertible {
    package let path: String

    package var description: String { "\(path) does not hold logins in JSON, or may not be read" }
}

extension JSONValue {
    /// An object with these members set, in their places, and those without a value left out; the others stay.
    func setting(_ changes: [(String, JSONValue?)]) -> JSONValue {
        var members = members ?? []
        for (key, value) in changes {
            let place = members.firstIndex { $0.key == key }
            switch (place, value) {
            case (let place?, let value?): members[place] = Member(key, value)
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(Member(key, value))
            case (nil, nil): break
            }
        }
        return .object(members)
    }
}
