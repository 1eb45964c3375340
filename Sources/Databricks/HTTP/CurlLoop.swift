import CCurl
import Glibc
import System

/// libcurl's handle of one transfer.
typealias EasyHandle = UnsafeMutableRawPointer

/// The one thread that runs all transfers, and all that it owns: a curl multi handle and the easy handles in it.
///
/// Each turn: take commands, let libcurl work, report what has ended, hand on what has come in, look for idle
/// transfers, wait for sockets. Others talk to it through `post` alone, which wakes it. Marked unchecked because the
/// compiler cannot see that rule: `inbox` is locked, everything else below the mark belongs to the thread.
final class CurlLoop: @unchecked Sendable {
    enum Command: Sendable {
        case add(Transfer)
        case cancel(Transfer)
        case resume(Transfer)
        /// Ends everything; the continuation is resumed when nothing of libcurl is in use any more.
        case stop(CheckedContinuation<Void, Never>?)
    }

    /// libcurl cannot be used.
    struct Unavailable: Error {
        let reason: String
    }

    private struct Inbox {
        var commands: [Command] = []
        var isStopped = false
    }

    private let inbox = Locked(Inbox())
    private let multi: UnsafeMutableRawPointer

    // MARK: The loop's thread only

    private var active: [EasyHandle: Transfer] = [:]
    /// Handles to use again: they keep nothing but memory.
    private var spare: [EasyHandle] = []
    private static let mostSpare = 16
    /// Transfers with data that their readers have not been told of.
    private var dirty: [Transfer] = []
    private var checkedIdle = ContinuousClock.now
    private static let idleInterval = Duration.milliseconds(250)

    init(_ options: CurlTransport.Options) throws(Unavailable) {
        if let reason = ccurl_load() { throw Unavailable(reason: String(cString: reason)) }
        guard let multi = ccurl_multi_init() else { throw Unavailable(reason: "libcurl is out of memory") }
        self.multi = multi
        ccurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, options.connectionsPerHost)
        // NOSIGNAL, which threads need, leaves it to the program that a closed connection does not kill it.
        signal(SIGPIPE, SIG_IGN)
        try start()
    }

    private func start() throws(Unavailable) {
        // The thread holds the loop until it ends.
        guard BlockingThread.start(named: "network", { self.run() }) else {
            ccurl_multi_cleanup(multi)
            throw Unavailable(reason: "no thread for the network: \(String(cString: strerror(EAGAIN)))")
        }
    }

    /// Gives the thread something to do. From any thread.
    func post(_ command: Command) {
        let isAccepted = inbox.withLock { inbox in
            if inbox.isStopped { return false }
            inbox.commands.append(command)
            // Within the lock, so that the handle cannot be freed by `stop` in between.
            ccurl_multi_wakeup(multi)
            return true
        }
        if !isAccepted { refuse(command) }
    }

    /// Answers a command that comes after the end.
    private func refuse(_ command: Command) {
        switch command {
        case .add(let transfer): transfer.end(failing: .closed, "the connection is closed")
        case .stop(let continuation): continuation?.resume()
        case .cancel, .resume: break
        }
    }

    // MARK: Turns

    private func run() {
        var stopping: [CheckedContinuation<Void, Never>?] = []
        while true {
            for command in takeCommands() {
                if case .stop(let continuation) = command {
                    stopping.append(continuation)
                } else {
                    handle(command)
                }
            }
            if !stopping.isEmpty { break }
            var running: Int32 = 0
            ccurl_multi_perform(multi, &running)
            reportEnded()
            handOn()
            endIdle()
            ccurl_multi_poll(multi, active.isEmpty ? 3_600_000 : 250)
        }
        tearDown()
        stopping.forEach { $0?.resume() }
    }

    private func takeCommands() -> [Command] {
        inbox.withLock { inbox in
            defer { inbox.commands.removeAll(keepingCapacity: true) }
            return inbox.commands
        }
    }

    private func handle(_ command: Command) {
        switch command {
        case .add(let transfer): add(transfer)
        case .cancel(let transfer): remove(transfer)
        case .resume(let transfer): transfer.resume()
        case .stop: break
        }
    }

    private func reportEnded() {
        var ended: EasyHandle?
        var code = CURLE_OK
        while ccurl_multi_done(multi, &ended, &code) == 1 {
            guard let easy = ended, let transfer = active[easy] else { continue }
            transfer.end(code)
            remove(transfer)
        }
    }

    /// Notes that data of `transfer` waits for its reader, who is woken once per turn, with all that came in it.
    func note(_ transfer: Transfer) {
        dirty.append(transfer)
    }

    private func handOn() {
        // Un-pausing calls back into `note` at once, so the list must not be walked while it grows.
        while !dirty.isEmpty {
            let batch = dirty
            dirty.removeAll(keepingCapacity: true)
            batch.forEach { $0.handOn() }
        }
    }

    private func endIdle() {
        let now = ContinuousClock.now
        guard now - checkedIdle >= Self.idleInterval else { return }
        checkedIdle = now
        for transfer in Array(active.values) where transfer.isIdle(at: now) {
            transfer.end(CURLE_OK)
            remove(transfer)
        }
    }

    private func tearDown() {
        for transfer in Array(active.values) {
            transfer.end(failing: .closed, "the connection was closed")
            remove(transfer)
        }
        spare.forEach(ccurl_easy_cleanup)
        let late = inbox.withLock { inbox in
            inbox.isStopped = true
            ccurl_multi_cleanup(multi)
            defer { inbox.commands = [] }
            return inbox.commands
        }
        late.forEach(refuse)
    }

    // MARK: Handles

    private func add(_ transfer: Transfer) {
        guard !transfer.isCancelled else { return }
        guard let easy = spare.popLast() ?? ccurl_easy_init() else {
            return transfer.end(failing: .other, "libcurl is out of memory")
        }
        transfer.configure(easy)
        guard transfer.failure == nil, ccurl_multi_add(multi, easy) == CURLM_OK else {
            transfer.end(CURLE_FAILED_INIT)
            return recycle(transfer, easy)
        }
        active[easy] = transfer
    }

    private func remove(_ transfer: Transfer) {
        guard let easy = transfer.easy else { return }
        ccurl_multi_remove(multi, easy)
        active[easy] = nil
        recycle(transfer, easy)
    }

    private func recycle(_ transfer: Transfer, _ easy: EasyHandle) {
        // First the handle lets go of the transfer's memory, then that is freed.
        ccurl_easy_reset(easy)
        transfer.release()
        if spare.count < Self.mostSpare { spare.append(easy) } else { ccurl_easy_cleanup(easy) }
    }
}
