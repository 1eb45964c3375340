import Databricks
import Results
import System

/// What a report says of a run as a whole: its first line and its last.
struct RunReport {
    /// The version of the lines' form, as the schema beside this program has it (`dbsh-report.schema.json`).
    static let format = 1

    let file: ReportFile
    private let started = ContinuousClock.now

    init(_ file: ReportFile) { self.file = file }

    /// Writes the first line. It says what is known without asking anybody.
    /// - Parameter session: the name of the kept session.
    func begin(_ workspace: Workspace, session: String? = nil) {
        workspace.open()
        func target(_ target: Target?) -> JSONValue { .text(target.map { $0.id ?? $0.reference }) }
        file.write(
            .object([
                .init("type", .string("start")), .init("format", .count(Self.format)),
                .init("dbsh", .string(Version.number)), .init("started", .string(WallTime.now.textWithMilliseconds)),
                .init("local", .bool(workspace.isLocal)), .init("host", .text(workspace.host)),
                .init("profile", .text(workspace.client?.connection.profile)), .init("user", .text(workspace.user)),
                .init("session", .text(session)), .init("warehouse", target(workspace.warehouse)),
                .init("cluster", target(workspace.cluster)), .init("catalog", .text(workspace.catalog)),
                .init("schema", .text(workspace.schema)),
                .init("read_only", .bool(workspace.gate.readOnly != nil)),
            ]))
    }

    /// Writes the last line.
    /// - Parameter error: what ended the run outside of any cell.
    func end(_ totals: CellReports.Totals, exitCode: Int32, error: Report? = nil) {
        file.write(
            .object([
                .init("type", .string("end")), .init("ended", .string(WallTime.now.textWithMilliseconds)),
                .init("ms", .count(Int((started.duration(to: .now) / .milliseconds(1)).rounded()))),
                .init("totals", totals.json), .init("exit_code", .count(Int(exitCode))),
                .init("error", error?.fields ?? .null),
            ]))
    }

    /// Writes what came of one script of several.
    func script(_ path: String, exitCode: Int32, elapsed: Duration, failure: String?) {
        file.write(
            .object([
                .init("type", .string("script")), .init("file", .string(path)), .init("passed", .bool(failure == nil)),
                .init("exit_code", .count(Int(exitCode))),
                .init("ms", .count(Int((elapsed / .milliseconds(1)).rounded()))),
                .init("failure", .text(failure.map { Redaction.secrets(in: $0) })),
            ]))
    }
}
