import Databricks
import Results
import System
import Text

/// `.queries` — statements that ran on the workspace's warehouses.
struct QueriesCommand: MetaCommand {
    let mine = Flag("--mine", "your own (the default)")
    let all = Flag("--all", "everybody's, as far as you may see them")
    let since = Flag<Since?>("--since", value: "TIME", "begun at most so long ago: 30m, 12h, 7d (30 days at most)")
    let status = Flag<QueryStatus?>("--status", value: "STATUS", "only those in this state")
    let limit = Flag<Int?>("--limit", value: "N", within: 1...10_000, "at most so many (default: 20)")

    var spec: CommandSpec {
        CommandSpec(
            "queries", in: .warehouses, "list statements that ran, the newest first",
            flags: [mine, all, since, status, limit],
            details: """
                Reads the query history of the workspace's warehouses; nothing has to run for that. .statement ID shows the result of
                one, .stats ID what it cost. Statements with which dbsh asks for names for Tab are left out.
                """,
            examples: [
                .init(".queries", "your last 20"),
                .init(".queries --all --since 1h --status failed", "what failed for anybody in the last hour"),
            ])
    }

    func run(_ call: Call, in session: Session) async throws {
        if call[mine], call[all] { throw UsageError("--mine and --all contradict each other", call.spec) }
        let client = try await session.workspace.connected()
        var filter = QueryHistory.Filter()
        filter.limit = call[limit] ?? 20
        filter.status = call[status]?.rawValue.uppercased()
        filter.since = call[since].map { (WallTime.now + -$0.seconds).milliseconds }
        filter.leavesOut = { $0.hasSuffix(SideStatement.backgroundRemark) }
        if !call[all] { filter.userID = try await client.currentUser.me().id }
        let found = try await client.queryHistory.list(filter)
        try session.presenter.show(
            [
                .whole("id"), .text("status").leaving(1), .whole("started").leaving(3),
                Column(name: "seconds", typeText: "DOUBLE").leaving(2), .number("rows").leaving(4),
                .text("user").leaving(5), .text("query"),
            ], rows: found.map(Self.row))
    }

    private static func row(_ query: QueryRecord) -> [String?] {
        [
            query.id, query.status, query.started.map { WallTime(milliseconds: $0).text },
            query.duration.map(Self.seconds), query.rows.map(String.init), query.user,
            query.text.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") },
        ]
    }

    /// Seconds with three places.
    static func seconds(_ milliseconds: Int) -> String {
        "\(milliseconds / 1000).\(String(1000 + milliseconds % 1000).dropFirst())"
    }
}

/// The states that the history can be asked for.
enum QueryStatus: String, WordChoice {
    case queued, running, finished, failed, canceled
}

/// How long ago: `90s`, `30m`, `12h`, `7d`.
struct Since: ArgumentValue {
    let seconds: Double

    static func read(_ words: inout ArraySlice<String>, _ label: String) throws -> Since {
        let word = try String.read(&words, label)
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86400]
        let longest = 30.0 * 86400
        guard let unit = word.lowercased().last.flatMap({ units[$0] }), let number = Double(word.dropLast()),
            number > 0,
            number * unit <= longest
        else { throw ArgumentFailure("\(label) is a time such as 30m, 12h or 7d, 30d at most, not “\(word)”") }
        return Since(seconds: number * unit)
    }
}
