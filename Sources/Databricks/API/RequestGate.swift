import SQL
import System

/// The one gate that requests to a workspace pass: in a read-only session it stops those that change something, whoever makes
/// them. Signing in and fetching results from cloud storage do not pass it, for they change nothing in a workspace.
package final class RequestGate: Sendable {
    /// What made the session read-only.
    package enum Source: Sendable, Equatable {
        /// `--read-only`, which holds for as long as the session.
        case commandLine
        /// `.readonly on`.
        case command
        /// `dbsh_read_only` in the profile, or `DBSH_READ_ONLY`.
        case profile
    }

    private struct State {
        var isFixed = false
        var isChosen: Bool?
        var isConfigured = false
        var mayStart = false

        var source: Source? {
            if isFixed { return .commandLine }
            if let isChosen { return isChosen ? .command : nil }
            return isConfigured ? .profile : nil
        }
    }

    private let state = Locked(State())

    package init() {}

    /// What makes the session read-only; nil when it is not.
    package var readOnly: Source? { state.withLock { $0.source } }

    /// Whether `--start` was given: what is stopped is started without a question, also in a read-only session.
    package var mayStart: Bool { state.withLock { $0.mayStart } }

    /// Whether stopped clusters and warehouses stay stopped: in a read-only session without `--start`.
    package var keepsStopped: Bool { state.withLock { $0.source != nil && !$0.mayStart } }

    /// `--read-only` was given: the session stays read-only.
    package func fixReadOnly() { state.withLock { $0.isFixed = true } }

    /// `--start` was given.
    package func allowStarting() { state.withLock { $0.mayStart = true } }

    /// Chooses for the session, against what the profile says.
    /// - Returns: false when it is fixed and stays as it is.
    package func choose(readOnly: Bool) -> Bool {
        state.withLock { state in
            if state.isFixed, !readOnly { return false }
            state.isChosen = readOnly
            return true
        }
    }

    /// What the profile of a new connection says.
    package func configure(readOnly: Bool) { state.withLock { $0.isConfigured = readOnly } }

    /// - Throws: `RequestRefused` for what a read-only session does not do.
    package func admit(_ effect: RequestEffect) throws(RequestRefused) {
        let (source, mayStart) = state.withLock { ($0.source, $0.mayStart) }
        guard let source else { return }
        func refused(_ reason: RequestRefused.Reason) -> RequestRefused {
            RequestRefused(reason: reason, source: source)
        }
        switch effect {
        case .reads, .ownSession: return
        case .runsSQL(let text, _):
            let effect = SQLText(text).effect
            if !effect.onlyReads { throw refused(.sql(effect)) }
        case .runsCode: throw refused(.code)
        case .starts(let what): if !mayStart { throw refused(.starts(what)) }
        case .changes(let how): throw refused(.changes(how))
        }
    }
}

/// A request was not made, because the session is read-only.
package struct RequestRefused: Error, Sendable, Equatable {
    /// What the request would have done.
    package enum Reason: Sendable, Equatable {
        case sql(StatementEffect)
        case code
        /// Something stopped would have been started.
        case starts(String)
        case changes(String)
    }

    package let reason: Reason
    package let source: RequestGate.Source
}

extension Client {
    /// Asks the gate, and after the warehouse that the request would start, if it must stay stopped.
    /// - Throws: `RequestRefused`.
    func admit(_ effect: RequestEffect) async throws {
        try gate.admit(effect)
        guard gate.keepsStopped, let source = gate.readOnly, let id = effect.startedWarehouse else { return }
        // Who may not look at the warehouse may use it all the same: then the service decides.
        guard let warehouse = try? await warehouses.get(id), warehouse.state.startsWithRequests else { return }
        let name = warehouse.name.isEmpty ? id : warehouse.name
        throw RequestRefused(reason: .starts("warehouse \(name)"), source: source)
    }
}
