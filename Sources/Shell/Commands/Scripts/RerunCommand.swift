/// `.rerun` — run cells of this session again.
struct RerunCommand: MetaCommand {
    let range = Argument<String?>("N[-M]", "numbers shown by .history (default: the last cell of code)", from: .cells)

    var spec: CommandSpec {
        CommandSpec(
            "rerun", in: .scripts, "run cells of this session again", takes: [range],
            examples: [
                .init(".rerun", "run the last cell again", runs: false),
                .init(".rerun 3", "run cell 3", runs: false),
                .init(".rerun 3-7", "run cells 3 to 7", runs: false),
            ], isImmediate: true, traits: .runsCells)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let text = call[range] else { return try await runLast(in: session) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1], first <= last
        else {
            throw UsageError("“\(text)” is no number or range of numbers", spec)
        }
        let cells = session.log.entries.filter {
            $0.hasEnded && !$0.isContainer && (first...last).contains($0.number)
        }
        guard !cells.isEmpty else { throw UsageError("there is no cell \(text)", hint: ".history lists them") }
        for entry in cells { try await CellRunner(session: session).run(entry.cell, from: entry.source) }
    }

    private func runLast(in session: Session) async throws {
        let last = session.log.entries.last { entry in
            guard entry.hasEnded, case .code = entry.cell.content else { return false }
            return true
        }
        guard let last else { throw UsageError("no cell of code has run yet", hint: "run one first") }
        try await CellRunner(session: session).run(last.cell, from: last.source)
    }
}
