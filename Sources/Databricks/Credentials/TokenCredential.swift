import System

/// A credential whose tokens end: keeps the present one, and fetches the next before it is needed.
///
/// In the last part of a token's life (half of it, 20 minutes at most) the next request starts fetching another one in the
/// background and uses the old one meanwhile; 40 s before the end requests wait for the new one. However many requests
/// come at once, there is one fetch. (The times are the official SDKs', API/README.md)
package actor TokenCredential: Credential {
    package nonisolated let authType: AuthType
    private nonisolated let source: any TokenSource
    private nonisolated let now: @Sendable () -> WallTime

    private struct Held {
        let token: AccessToken
        /// From when on another one is fetched in the background.
        let staleAt: WallTime
        /// From when on it is not used any more.
        let endsAt: WallTime
    }

    private var held: Held?
    private var fetching: Task<Void, Never>?
    private var waiters: [Int: CheckedContinuation<AccessToken, any Error>] = [:]
    private var nextWaiter = 0
    /// After a failed fetch in the background the next one waits a minute.
    private var restsUntil = WallTime(seconds: 0)
    private var wasRefused = false

    init(_ source: any TokenSource, now: @escaping @Sendable () -> WallTime = { .now }) {
        self.source = source
        self.now = now
        authType = source.authType
    }

    package var expiry: WallTime? { held?.token.expiry }

    /// Whether a fetch is going on.
    var isFetching: Bool { fetching != nil }

    package func headers(_ network: CredentialNetwork) async throws -> [SecretHeader] {
        let time = now()
        if let held, time < held.endsAt {
            if time >= held.staleAt, time >= restsUntil { fetch(network) }
            return held.token.headers
        }
        return try await next(network).headers
    }

    package func refused(_ headers: [SecretHeader]) async -> Bool {
        // Somebody else may have fetched a new one since these headers were made.
        if let held, held.token.headers == headers {
            self.held = nil
            wasRefused = true
        }
        return true
    }

    /// The next token, from the one fetch that is going on. A caller that is cancelled stops waiting at once; with the last
    /// one the fetch ends.
    private func next(_ network: CredentialNetwork) async throws -> AccessToken {
        fetch(network)
        nextWaiter += 1
        let id = nextWaiter
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiters[id] = $0 }
        } onCancel: {
            Task { await self.leave(id) }
        }
    }

    private func leave(_ id: Int) {
        waiters.removeValue(forKey: id)?.resume(throwing: CancellationError())
        if waiters.isEmpty, held == nil { fetching?.cancel() }
    }

    private func fetch(_ network: CredentialNetwork) {
        guard fetching == nil || fetching?.isCancelled == true else { return }
        let (source, now, isForced) = (source, now, wasRefused)
        fetching = Task {
            let result = await Result.of { try await source.fetch(network, isForced: isForced, now: now()) }
            // One that was given up has been replaced.
            if !Task.isCancelled { self.fetched(result) }
        }
    }

    private func fetched(_ result: Result<AccessToken, any Error>) {
        fetching = nil
        switch result {
        case .success(let token):
            let life = max(0, token.expiry - now())
            held = Held(
                token: token, staleAt: token.expiry + -min(life / 2, 20 * 60), endsAt: token.expiry + -min(life / 2, 40)
            )
            wasRefused = false
        case .failure:
            restsUntil = now() + 60
        }
        let waiting = waiters.values
        waiters = [:]
        waiting.forEach { $0.resume(with: result) }
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws.
    static func of(_ body: () async throws -> Success) async -> Result {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
