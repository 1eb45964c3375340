import Databricks
import Results
import Text

/// `.history` — the cells of this session.
struct HistoryCommand: MetaCommand {
    let what = Argument<String?>("N|TEXT", "the last N cells, or those that contain TEXT")

    var spec: CommandSpec {
        CommandSpec(
            "history", in: .scripts, "list the cells of this session", takes: [what],
            details: ".rerun N runs one again, .edit N opens it in an editor.",
            examples: [
                .init(".history 10", "the last 10 cells"), .init(".history orders", "cells that contain orders"),
            ],
            isImmediate: true, traits: .isUnrecorded)
    }

    func run(_ call: Call, in session: Session) async throws {
        var entries = session.log.entries.filter { $0.hasEnded && !$0.isContainer }
        if let what = call[what] {
            if let count = Int(what), count > 0 {
                entries = entries.suffix(count)
            } else {
                entries = entries.filter { $0.cell.text.lowercased().contains(what.lowercased()) }
            }
        }
        let columns = [
            Column(name: "n", typeText: "INT"), .text("language").leaving(2), .text("state").leaving(3),
            .text("took").leaving(1), .text("cell"),
        ]
        try session.presenter.show(columns, rows: entries.map(Self.row))
    }

    private static func row(_ entry: SessionLog.Entry) -> [String?] {
        let language: String? = if case .code(let language, _) = entry.cell.content { language.rawValue } else { nil }
        let state =
            switch entry.state {
            case .running: "running"
            case .succeeded: "ok"
            case .failed: "failed"
            case .cancelled: "cancelled"
            case .skipped: "skipped"
            }
        return [String(entry.number), language, state, Quantity.seconds(entry.elapsed), entry.cell.text]
    }
}
