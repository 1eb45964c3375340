import Databricks
import Results
import Text

/// The session's background jobs. Statements run side by side; the commands of one context queue at the service.
///
/// When a job ends, a line says so: above the prompt while a line is typed, and after the cell that is running otherwise,
/// never in the middle of its output.
final class Jobs {
    /// How many ended jobs are kept, with their results.
    private static let memory = 100

    private let console: Console
    private(set) var all: [Job] = []
    private var lastNumber = 0
    /// Jobs that ended while a cell was running.
    private var unannounced: [Job] = []
    /// Whether a line is being typed, so that one may be printed above it; otherwise a cell is running.
    var isAtPrompt = false {
        didSet {
            guard isAtPrompt else { return }
            let jobs = unannounced
            unannounced = []
            jobs.forEach(announceEnd)
        }
    }
    /// Whether a line is shown when a job ends.
    var announcesEnds = false

    init(console: Console) { self.console = console }

    var running: [Job] { all.filter(\.isRunning) }

    /// Begins a job and waits until its id is known.
    /// - Throws: what stopped it before that; then there is no job.
    func start(
        _ language: Language, _ text: String, place: String?, context: String?,
        _ work: @escaping (Job) async throws -> Job.Product
    ) async throws -> Job {
        let job = Job(number: lastNumber + 1, language: language, text: text, place: place, context: context)
        job.begin(work) { [weak self] in self?.ended($0) }
        do { try await job.started() } catch {
            await job.cancel()
            throw job.failure ?? error
        }
        if job.id == nil, let failure = job.failure { throw failure }
        lastNumber += 1
        all.append(job)
        forgetOld()
        return job
    }

    /// Shows the job's number and id: to a person on stderr; to a script, which may need the id, on stdout.
    func announce(_ job: Job) throws {
        if announcesEnds {
            console.say("[\(job.number)] \(job.id ?? "") · \(job.title)")
            if !job.isRunning { ended(job) }
        } else {
            try console.result(text: job.id ?? "")
        }
    }

    /// The job of that number; without one the newest.
    /// - Throws: `UsageError` when there is none.
    func job(_ number: Int?) throws -> Job {
        guard let number else {
            guard let last = all.last else { throw Self.none }
            return last
        }
        if let job = all.first(where: { $0.number == number }) { return job }
        throw UsageError("there is no job \(number)", hint: all.isEmpty ? Self.none.hint : ".jobs lists them")
    }

    static let none = UsageError(
        "there are no jobs", hint: "end a statement with ;& to run it in the background, or type .bg CODE")

    /// Cancels every job that runs, side by side, and waits for the confirmations.
    func cancelAll() async {
        let running = running
        if running.isEmpty { return }  // even an empty group leaves the thread, which costs start-up
        await withTaskGroup(of: Void.self) { group in
            for job in running { group.addTask { await job.cancel() } }
        }
    }

    /// Waits for every job.
    /// - Returns: those that failed and were not reported yet.
    /// - Throws: `CancellationError` when Ctrl-C ended the wait.
    func waitForAll() async throws -> [Job] {
        for job in all { try await job.ended() }
        return all.filter { $0.failure != nil && !$0.wasShown }
    }

    // MARK: Notices

    private func ended(_ job: Job) {
        guard announcesEnds, all.contains(where: { $0 === job }) else { return }
        if isAtPrompt { announceEnd(job) } else { unannounced.append(job) }
    }

    private func announceEnd(_ job: Job) {
        guard !job.wasShown else { return }
        var parts = ["[\(job.number)] \(job.stateText)", Quantity.seconds(job.elapsed)]
        switch job.outcome {
        case .success(let product)?:
            if let rows = product.rows { parts.append(rows == 1 ? "1 row" : "\(Quantity.grouped(rows)) rows") }
            parts += [job.title, ".result \(job.number) shows it"]
        case .failure(let error)? where Report.isCancellation(error):
            parts.append(job.title)
        default:
            parts += [job.title, ".result \(job.number) says why"]
        }
        console.say(parts.joined(separator: " · "))
    }

    private func forgetOld() {
        let over = all.filter { !$0.isRunning }
        guard over.count > Self.memory else { return }
        all.removeAll { job in over.prefix(over.count - Self.memory).contains { $0 === job } }
    }
}

extension Job {
    /// Why it failed.
    var failure: (any Error)? { if case .failure(let error)? = outcome { error } else { nil } }
}

extension Job.Product {
    /// How many rows it has; nil when it is no table.
    var rows: Int? {
        switch self {
        case .statement(let result): result.columns.isEmpty ? nil : result.totalRowCount
        case .command(.table(_, let store, _)): store.rowCount
        case .command: nil
        }
    }
}
