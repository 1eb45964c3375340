import Databricks
import Results
import Text

/// A statement or command that runs in the background: its code, state and outcome.
final class Job {
    /// A job's result.
    enum Product {
        case statement(StatementResult)
        case command(CommandResult)
    }

    let number: Int
    let language: Language
    let text: String
    /// How the warehouse or cluster is called.
    let place: String?
    /// The execution context it runs in, whose commands run one after another; nil for a statement on a warehouse.
    let context: String?
    let start = ContinuousClock.now
    /// The statement's or command's id; nil until the service has returned it.
    private(set) var id: String?
    /// The state that the service reported last.
    private(set) var state = "PENDING"
    private(set) var outcome: Result<Product, any Error>?
    private(set) var end: ContinuousClock.Instant?
    /// The user has seen its result, or its failure in full.
    var wasShown = false
    private var task: Task<Void, Never>?
    private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
    private var lastWaiter = 0

    init(number: Int, language: Language, text: String, place: String?, context: String?) {
        self.number = number
        self.language = language
        self.text = text
        self.place = place
        self.context = context
    }

    var isRunning: Bool { outcome == nil }
    var elapsed: Duration { start.duration(to: end ?? .now) }

    /// `running`, `done`, `failed` or `cancelled`, or the service's state of one that runs.
    var stateText: String {
        switch outcome {
        case nil: state.lowercased()
        case .success?: "done"
        case .failure(let error)?: Report.isCancellation(error) ? "cancelled" : "failed"
        }
    }

    /// The code on one line, shortened.
    var title: String {
        let line = Sanitizer.oneLine(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        return line.count > 40 ? line.prefix(39) + "…" : line
    }

    /// Starts the work; `ended` is called when it has ended.
    func begin(_ work: @escaping (Job) async throws -> Product, ended: @escaping (Job) -> Void) {
        task = Task {
            let outcome: Result<Product, any Error>
            do { outcome = .success(try await work(self)) } catch { outcome = .failure(error) }
            self.outcome = outcome
            end = .now
            ended(self)
            wake()
        }
    }

    /// The service has reported its id and state.
    func observe(id: String, state: String) {
        self.id = id
        self.state = state
        wake()
    }

    /// Waits until the service has returned the job's id, or the job has ended.
    func started() async throws { try await wait { $0.id != nil || !$0.isRunning } }

    /// Waits for the end. Cancelling the wait leaves the job running.
    func ended() async throws { try await wait { !$0.isRunning } }

    /// Cancels it at the service, and waits for the confirmation, for a limited time (`RunCancelled`).
    func cancel() async {
        task?.cancel()
        await task?.value
    }

    private func wait(until isTrue: (Job) -> Bool) async throws {
        while !isTrue(self) {
            lastWaiter += 1
            let waiter = lastWaiter
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    if Task.isCancelled { continuation.resume() } else { waiters[waiter] = continuation }
                }
            } onCancel: {
                Task { @MainActor in self.waiters.removeValue(forKey: waiter)?.resume() }
            }
            try Task.checkCancellation()
        }
    }

    private func wake() {
        let waiting = waiters.values
        waiters = [:]
        for continuation in waiting { continuation.resume() }
    }
}
