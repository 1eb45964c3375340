import Databricks
import Results
import Terminal
import Text

/// `.stats` — what a statement cost.
struct StatsCommand: MetaCommand {
    let id = Argument<String?>("ID", "a statement (default: the last one)")

    var spec: CommandSpec {
        CommandSpec(
            "stats", in: .warehouses, "show what a statement cost: times, bytes, files, rows", takes: [id],
            details: """
                Two lines at a terminal; with .mode json and the like, and elsewhere, every number that the query history has. The history
                can be some seconds late: what it does not say yet is left out.
                """,
            examples: [.init(".stats", "of the last statement", runs: false)])
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let id = call[id] ?? session.lastStatementID else {
            throw UsageError(
                "no statement has run on a warehouse yet", hint: ".queries lists what ran before, .stats ID")
        }
        let client = try await session.workspace.connected()
        guard
            let record = try await session.console.waiting(
                for: "the query history", { try await Self.record(id, client) })
        else {
            throw UsageError(
                "the query history does not have statement \(id)", hint: "it can be late: try again in some seconds")
        }
        let isForReading = session.settings.mode == nil && session.console.resultsReachTerminal
        guard isForReading else {
            let fields = record.fields
            return try session.presenter.show(
                fields.map(Self.column), rows: [fields.map { $0.value.text ?? $0.value.serialized() }])
        }
        let environment = session.environment
        let columns = TerminalSize.of(environment.standardOutput, environment: environment.variables)?.columns ?? 80
        let lines = Self.lines(record).flatMap { Wrapping.lines($0, width: columns) }
        try session.console.result(text: lines.joined(separator: "\n"))
    }

    /// Asked again while the numbers may change, for some seconds.
    private static func record(_ id: String, _ client: Client) async throws -> QueryRecord? {
        let start = ContinuousClock.now
        while true {
            let record = try await client.queryHistory.record(ofStatement: id)
            let elapsed = start.duration(to: .now)
            if record?.isFinal == true || elapsed > .seconds(5) { return record }
            try await Task.sleep(for: Polling.wait(elapsed: elapsed))
        }
    }

    private static func column(_ field: (name: String, value: JSONValue)) -> Column {
        switch field.value {
        case .number: Column(name: field.name, typeText: "BIGINT")
        case .bool: Column(name: field.name, typeText: "BOOLEAN")
        default: .text(field.name)
        }
    }

    /// Where the time went, and what was read.
    static func lines(_ record: QueryRecord) -> [String] {
        func time(_ word: String, _ milliseconds: Int?) -> String? {
            milliseconds.map { "\(word) \(Quantity.seconds(.milliseconds($0)))" }
        }
        func count(_ number: Int, _ noun: String) -> String {
            "\(Quantity.grouped(number)) \(noun)\(number == 1 ? "" : "s")"
        }
        let times: [String?] = [
            record.status.lowercased(), time("in", record.duration ?? record.metric("total_time_ms")),
            time("compile", record.metric("compilation_time_ms")), time("queue", record.queued),
            time("execute", record.metric("execution_time_ms")), time("fetch", record.metric("result_fetch_time_ms")),
        ]
        var read = record.metric("read_bytes").map { "read \(Quantity.bytes($0))" }
        if let files = record.metric("read_files_count") { read = (read ?? "read") + " in \(count(files, "file"))" }
        if let rows = record.metric("rows_read_count") { read = (read ?? "read") + ", \(count(rows, "row"))" }
        let pruned = record.metric("pruned_files_count").map { files in
            "pruned \(count(files, "file"))" + (record.metric("pruned_bytes").map { " (\(Quantity.bytes($0)))" } ?? "")
        }
        let rest: [String?] = [
            read, pruned,
            record.metric("spill_to_disk_bytes").map { $0 == 0 ? "no spill" : "spilled \(Quantity.bytes($0))" },
            record.isFromCache.map { $0 ? "from the result cache" : "not from the cache" },
            (record.rows ?? record.metric("rows_produced_count")).map { "\(count($0, "row")) produced" },
        ]
        let known = [times, rest].map { $0.compactMap(\.self).joined(separator: " · ") }
        return [known[0] + (record.isFinal ? "" : " · so far"), known[1]].filter { !$0.isEmpty }
    }
}
