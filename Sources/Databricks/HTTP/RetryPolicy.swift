/// When a failed request is sent again, and after how long: the only place that knows.
///
/// What is retried follows the official SDKs (429, 503 and a family of transient messages), with three differences a
/// shell needs: the wait the server asks for is honoured, reads are also repeated after 502, 504 and network failures,
/// and a request that could have changed something is never repeated once it may have arrived.
package struct RetryPolicy: Sendable, Equatable {
    /// Longest time from the first attempt to the start of the last one.
    package var budget: Duration
    /// How often a failure of the network itself is retried. Fewer times than the server's own "not now": a wrong host
    /// name or a missing network should be said within seconds.
    package var networkRetries: Int
    /// Most attempts in all, of any kind; nil leaves it to the budget.
    package var maximumAttempts: Int?
    /// What somebody asked for in so many words, for one request: beats all the rules.
    package var customRule: CustomRule?

    /// Retries as the connector's raw request has them: a number of them, a time between, and after what. Whoever asks for
    /// them takes it upon himself that the request may arrive more than once.
    package struct CustomRule: Sendable, Equatable {
        package var retries: Int
        package var delay: Duration
        /// Each wait is twice the one before.
        package var isExponential: Bool
        /// After every refusal; otherwise after failures of the network and 5xx.
        package var afterAllErrors: Bool

        package init(retries: Int, delay: Duration, isExponential: Bool = false, afterAllErrors: Bool = false) {
            self.retries = retries
            self.delay = delay
            self.isExponential = isExponential
            self.afterAllErrors = afterAllErrors
        }

        fileprivate func delay(after error: any Error, attempt: Int) -> Duration? {
            guard attempt <= retries else { return nil }
            switch error {
            case let error as TransportError:
                let isNetwork: Set<TransportError.Kind> = [.resolve, .connect, .timeout, .dropped]
                guard afterAllErrors || isNetwork.contains(error.kind) else { return nil }
            case let error as APIError: guard afterAllErrors || error.status >= 500 else { return nil }
            default: return nil
            }
            return isExponential ? delay * (1 << min(attempt - 1, 20)) : delay
        }
    }

    /// One request as somebody asked for it.
    package static func custom(_ rule: CustomRule) -> RetryPolicy {
        var policy = RetryPolicy(budget: .zero, networkRetries: 0)
        policy.customRule = rule
        return policy
    }

    package init(budget: Duration, networkRetries: Int, maximumAttempts: Int? = nil) {
        self.budget = budget
        self.networkRetries = networkRetries
        self.maximumAttempts = maximumAttempts
    }

    /// For requests somebody waits for.
    package static let standard = RetryPolicy(budget: .seconds(60), networkRetries: 3)
    /// For asking after work that runs on the server already: a minute without network must not lose an hour of work.
    package static let patient = RetryPolicy(budget: .seconds(300), networkRetries: .max)
    /// One attempt only.
    package static let none = RetryPolicy(budget: .zero, networkRetries: 0, maximumAttempts: 1)

    /// How long to wait before `request` may be sent again; nil when `error` is final.
    /// - Parameters:
    ///   - attempt: how many attempts have failed, 1 after the first.
    ///   - elapsed: time since the first attempt began.
    ///   - jitter: a random number in 0..<1, which keeps many clients from coming back at the same moment.
    func delay(
        after error: any Error, request: HTTPRequest, attempt: Int, elapsed: Duration, jitter: Double
    ) -> Duration? {
        let asked = (error as? APIError)?.retryAfter ?? .zero
        if let customRule { return customRule.delay(after: error, attempt: attempt).map { max($0, asked) } }
        if let maximumAttempts, attempt >= maximumAttempts { return nil }
        guard isTransient(error, request: request, attempt: attempt) else { return nil }
        // 0.5, 1, 2, 4, 8, 10, 10, … seconds, and up to a quarter more; or what the server asks for, whichever is longer.
        let wait = max(asked, min(.milliseconds(500 << min(attempt - 1, 6)), .seconds(10)) * (1 + jitter / 4))
        return elapsed + wait <= budget ? wait : nil
    }

    private func isTransient(_ error: any Error, request: HTTPRequest, attempt: Int) -> Bool {
        switch error {
        case let error as TransportError:
            switch error.kind {
            case .resolve, .connect, .timeout, .dropped:
                return attempt <= networkRetries && (request.repetition == .freely || !error.mayHaveArrived)
            case .unavailable, .gone, .tls, .malformed, .redirects, .tooLarge, .file, .closed, .other:
                return false
            }
        case let error as APIError:
            switch error.status {
            case 429, 503: return true
            case 502, 504: return request.repetition == .freely
            // A refusal in words: whatever was asked has not been done, so a write may be asked again too.
            default: return error.hasTransientMessage
            }
        default:
            return false
        }
    }
}

extension APIError {
    /// Whether the service says, in a reply of any status, that a resource is not ready yet. There is no code for
    /// these: the texts are the ones that the official SDKs look for (API/README.md).
    fileprivate var hasTransientMessage: Bool {
        if code == "RESOURCE_EXHAUSTED" || code == "REQUEST_LIMIT_EXCEEDED" { return true }
        return Self.transientTexts.contains { message.contains($0) }
    }

    private static let transientTexts = [
        "UnknownWorkerEnvironmentException", "does not have any associated worker environments",
        "There is no worker environment with id", "Unknown worker environment", "ClusterNotReadyException",
        "RPC token bucket limit has been exceeded",
    ]
}

/// Told before each wait, so that a shell can say why nothing happens.
package struct RetryNotice: Sendable {
    package let method: String
    /// Made harmless by `Redaction`.
    package let url: String
    /// How many attempts have failed.
    package let attempt: Int
    /// Why the last one failed.
    package let error: any Error
    /// How long the wait will be.
    package let wait: Duration
}

/// Runs an exchange until it succeeds, fails for good or is cancelled.
package struct Retrier: Sendable {
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double
    private let notify: @Sendable (RetryNotice) -> Void

    package init(
        clock: any Clock<Duration>, jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        notify: @escaping @Sendable (RetryNotice) -> Void = { _ in }
    ) {
        self.clock = clock
        self.jitter = jitter
        self.notify = notify
    }

    /// Calls `attempt`, again when the policy of `request` says so.
    /// - Throws: what the last attempt threw; `CancellationError` as soon as the task is cancelled, in the middle of a
    ///   wait too.
    func run<T: Sendable>(_ request: HTTPRequest, attempt: @Sendable () async throws -> T) async throws -> T {
        let elapsed = clock.stopwatch()
        var failures = 0
        while true {
            do {
                return try await attempt()
            } catch {
                failures += 1
                let wait = request.retry.delay(
                    after: error, request: request, attempt: failures, elapsed: elapsed(), jitter: jitter())
                guard let wait else { throw error }
                notify(
                    RetryNotice(
                        method: request.method, url: Redaction.url(of: request), attempt: failures, error: error,
                        wait: wait))
                try await clock.sleep(for: wait)
            }
        }
    }
}

extension Clock where Duration == Swift.Duration {
    /// A function that says how much time has passed since this call.
    func stopwatch() -> @Sendable () -> Duration {
        let start = now
        return { start.duration(to: now) }
    }
}
