import Databricks
import System

extension SessionLog {
    /// An output of a cell.
    enum Output {
        case text(String)
        case html(String)
        /// What was shown of the HTML before it, as outputs of their own, ends here.
        case htmlEnd
        case table(LoggedTable)
        case image(ImageReference)
        /// What dbsh said about the result, e.g. that the service had cut it short.
        case remark(String)
    }

    /// How a cell ended.
    enum State {
        case running
        case succeeded
        case failed(Failure)
        case cancelled
        /// It was not run: an `.if` before it says so.
        case skipped

        var withoutSecrets: State {
            guard case .failed(let failure) = self else { return self }
            return .failed(
                Failure(
                    headline: Redaction.secrets(in: failure.headline),
                    detail: failure.detail.map { Redaction.secrets(in: $0) }, codes: failure.codes,
                    wasExpected: failure.wasExpected))
        }
    }

    /// Why a cell failed. Its words may be a server's, which may repeat a secret.
    struct Failure {
        let headline: String
        let detail: String?
        /// The names that `.expect error` may use for it: error class, SQLSTATE, the service's code, the exception's name.
        let codes: [String]
        /// `.expect error` wanted the failure, so the cell takes part in a replay.
        var wasExpected = false
    }

    /// One cell that was run.
    struct Entry {
        /// From 1, as `.history` and `.rerun` count.
        let number: Int
        let cell: Cell
        /// The language of plain cells when it ran.
        let language: Language
        /// The traits of its command; none for code.
        let traits: CommandTraits
        /// The script that it came from; nil for what was typed.
        let source: String?
        /// The number of the cell that runs it.
        let parent: Int?
        let started = WallTime.now
        var outputs: [Output] = []
        var state = State.running
        var elapsed = Duration.zero
        var facts = CellFacts()

        /// It only ran others, which have entries of their own (`%run`, `.read` and the like).
        var isContainer: Bool {
            if case .run = cell.content { return true }
            return traits.contains(.runsCells)
        }

        /// It has ended.
        var hasEnded: Bool { if case .running = state { false } else { true } }

        /// It takes part in a replay: it succeeded, or failed as it should.
        var replays: Bool {
            if isContainer { return false }
            switch state {
            case .succeeded: return true
            case .failed(let failure): return failure.wasExpected
            case .running, .cancelled, .skipped: return false
            }
        }

        /// Something `.expect` can judge: code, a command with a table, and any cell that failed.
        var hasResult: Bool {
            if traits.contains(.judges) { return false }
            switch state {
            // Of a script that failed, its own cell is judged.
            case .failed(let failure): return !isContainer || !failure.codes.isEmpty
            case .running, .skipped: return false
            case .succeeded, .cancelled: break
            }
            switch cell.content {
            case .code, .clusterMagic: return true
            case .meta: return !isContainer && !tables.isEmpty
            case .run, .note, .skipped, .invalid: return false
            }
        }

        var tables: [LoggedTable] {
            outputs.compactMap { if case .table(let table) = $0 { table } else { nil } }
        }

        var text: String {
            outputs.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        }
    }
}
