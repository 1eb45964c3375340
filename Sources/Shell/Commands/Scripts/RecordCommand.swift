/// `.record` — write the session's cells to a file as a script that replays.
struct RecordCommand: MetaCommand {
    let file = Argument<FilePath?>("FILE|off")
    let overwrite = Flag("--overwrite", "replace what the file holds")

    var spec: CommandSpec {
        CommandSpec(
            "record", in: .scripts, "write the cells that follow to a script", takes: [file], flags: [overwrite],
            details: "Cells that fail are left out, unless .expect error follows. Without FILE it says where they go.",
            examples: [
                .init(".record session.dbsh", "from now on", runs: false), .init(".record off", "no more"),
            ], isImmediate: true, traits: .isUnrecorded)
    }

    func run(_ call: Call, in session: Session) async throws {
        guard let path = call[file]?.path else {
            return try session.console.result(text: session.log.recorder?.path ?? "off")
        }
        session.log.recorder = nil
        if path == "off" { return }
        session.log.recorder = try Recorder(path: session.place(path), replaces: call[overwrite])
    }
}
