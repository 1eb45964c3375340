import CEdit
import Glibc
import System

/// Where Ctrl-C and the signals that end a program meet the work going on. SIGINT goes to whatever was entered last: the body
/// of `cancelling`, a line being edited, a foreground command. When nothing is going on it is remembered, and cancels the next
/// body at its start, so that a Ctrl-C between two cells of a script is not lost.
package final class Interrupts: Sendable {
    /// What a receiver is told.
    enum Event: Sendable, Equatable {
        /// SIGINT; `count` is 1 for the first one since the receiver came.
        case interrupt(count: Int)
        case terminate
        case resized, suspend, continued
    }

    private struct Receiver {
        var id: Int
        var interrupts = 0
        var handle: @Sendable (Event) -> Void
    }

    private struct State {
        var receivers: [Receiver] = []
        var nextID = 0
        var hasPendingInterrupt = false
        var wasInterrupted = false
        var termination: Termination?
        var isStarted = false
    }

    /// The one that gets the process's signals.
    package static let shared = Interrupts(isProcessWide: true)

    private let state = Locked(State())
    private let isProcessWide: Bool

    /// - Parameter isProcessWide: whether signals of the process come here, which only `shared` may say; otherwise `deliver` is the source.
    package init(isProcessWide: Bool) { self.isProcessWide = isProcessWide }

    /// Begins to catch SIGINT, SIGTERM and SIGHUP, and ignores SIGPIPE so that writing to a closed pipe is an error instead
    /// of the end. Before it, they end the program at once. Signals that the parent had ignored stay so.
    package func start() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst, isProcessWide else { return }
        cedit_signal_ignore(SIGPIPE)
        guard SignalThread.isRunning else { return }
        for signal in [SIGINT, SIGTERM, SIGHUP] { _ = cedit_signal_catch(signal) }
    }

    /// Catches SIGWINCH, SIGTSTP and SIGCONT too, or no longer. Only while a line is being edited: at other times a stop needs no
    /// preparation.
    func catchScreenSignals(_ isOn: Bool) {
        guard isProcessWide else { return }
        for signal in [SIGWINCH, SIGTSTP, SIGCONT] {
            if isOn { _ = cedit_signal_catch(signal) } else { cedit_signal_default(signal) }
        }
    }

    /// The signal that asks the program to end, once it has come.
    package var termination: Termination? { state.withLock { $0.termination } }

    /// Whether there was a Ctrl-C at any time.
    package var wasInterrupted: Bool { state.withLock { $0.wasInterrupted } }

    /// Forgets a Ctrl-C that met nothing to cancel, and says whether there was one.
    @discardableResult package func takePendingInterrupt() -> Bool {
        state.withLock { state in
            defer { state.hasPendingInterrupt = false }
            return state.hasPendingInterrupt
        }
    }

    /// Remembers a Ctrl-C that did not cancel what was running.
    func keepInterrupt() { state.withLock { $0.hasPendingInterrupt = true } }

    /// Runs `body` with SIGINT left to others, namely a foreground command that gets it from the terminal as well.
    package func ignoring<T>(_ body: () async throws -> T) async rethrows -> T {
        start()
        let id = enter { _ in }
        defer { leave(id) }
        return try await body()
    }

    // MARK: - Receivers

    /// From now on `handle` gets all events; SIGINT goes to it alone. It is called on the signals' thread.
    func enter(_ handle: @escaping @Sendable (Event) -> Void) -> Int {
        state.withLock { state in
            state.nextID += 1
            state.receivers.append(Receiver(id: state.nextID, handle: handle))
            return state.nextID
        }
    }

    func leave(_ id: Int) {
        state.withLock { state in state.receivers.removeAll { $0.id == id } }
    }

    /// Acts on a signal as if the process had received it.
    func deliver(_ signal: Int32) {
        switch signal {
        case SIGINT: interrupt()
        case SIGTERM, SIGHUP: terminate(Termination(signal: signal))
        case SIGWINCH: tellAll(.resized)
        case SIGTSTP: tellAll(.suspend)
        case SIGCONT: tellAll(.continued)
        default: break
        }
    }

    private func interrupt() {
        let call = state.withLock { state -> (handle: @Sendable (Event) -> Void, count: Int)? in
            state.wasInterrupted = true
            guard let last = state.receivers.indices.last else {
                state.hasPendingInterrupt = true
                return nil
            }
            state.receivers[last].interrupts += 1
            return (state.receivers[last].handle, state.receivers[last].interrupts)
        }
        if let call { call.handle(.interrupt(count: call.count)) }
    }

    private func terminate(_ termination: Termination) {
        state.withLock { state in if state.termination == nil { state.termination = termination } }
        if isProcessWide { for signal in [SIGTERM, SIGHUP] { cedit_signal_fatal(signal) } }
        tellAll(.terminate)
    }

    private func tellAll(_ event: Event) {
        for handle in state.withLock({ $0.receivers.map(\.handle) }) { handle(event) }
    }
}
